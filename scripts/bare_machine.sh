#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes a fresh Debian 12 root with nothing in it but what every Debian has, clones this project into it and runs the
# README's two commands there. Run before every release, as root, with a network that reaches Debian's packages.
#
# Not covered: other distributions; machines without root.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/bare_machine.sh [--seconds N] [--only COMMAND] [--keep] DIRECTORY

  --seconds N      how long `./hpfuzz fuzz` runs there (default 60)
  --only COMMAND   run `./hpfuzz COMMAND` there instead of the two, for example 'witness doctor'
  --keep           leave DIRECTORY behind

DIRECTORY must not exist. Needs debootstrap (apt-get install debootstrap) and about 4 GB.
Prints how long it takes from the bare root to the first fuzz execution, and to the end of each command.

example: scripts/bare_machine.sh /var/tmp/bare
TEXT
}

fail() { printf 'bare_machine.sh: %s\n' "$*" >&2; exit 2; }

readonly SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seconds=60 only='' keep=no target=
while (($# > 0)); do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --seconds) seconds=${2:?--seconds takes a number}; shift ;;
    --only) only=${2:?--only takes a command}; shift ;;
    --keep) keep=yes ;;
    -*) fail "unknown option $1; --help tells" ;;
    *) target=$1 ;;
  esac
  shift
done
[[ -n $target ]] || { usage >&2; exit 2; }
[[ ! -e $target ]] || fail "$target exists"
((EUID == 0)) || fail "must run as root"
command -v debootstrap >/dev/null || fail "debootstrap is not installed"

clean_up() {
  umount -q -R "$target/proc" "$target/dev" 2>/dev/null || true
  [[ $keep == yes ]] || rm -rf --one-file-system "$target"
}
trap clean_up EXIT

printf '== a fresh root in %s\n' "$target"
debootstrap --variant=minbase bookworm "$target" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$target.log" 2>&1 ||
  fail "debootstrap failed, see $target.log"
cat >"$target/etc/apt/sources.list" <<TEXT
deb ${DEBIAN_MIRROR:-http://deb.debian.org/debian} bookworm main
deb ${DEBIAN_MIRROR:-http://deb.debian.org/debian} bookworm-updates main
deb ${DEBIAN_MIRROR:-http://deb.debian.org/debian}-security bookworm-security main
TEXT
cp /etc/resolv.conf "$target/etc/resolv.conf"
# How this machine reaches the network is its own business: what its package manager knows, the one in there is told.
for file in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf; do
  [[ ! -e $file ]] || cp "$file" "$target/etc/apt/apt.conf.d/"
done
mount -t proc proc "$target/proc"
mount --rbind /dev "$target/dev"
mount --make-rslave "$target/dev"
git clone -q --no-local "$SOURCE" "$target/root/hotplug-fuzz"

# in_root COMMAND: runs it in the clone, with an environment that holds nothing but what logging in gives, and prints each
# line with the seconds since the root was bare.
in_root() {
  env -i HOME=/root TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$target" /bin/bash -c "cd /root/hotplug-fuzz && $1" 2>&1 |
    while IFS= read -r line; do printf '%5d s  %s\n' $((SECONDS - start)) "$line"; done
}

start=$SECONDS
if [[ -n $only ]]; then
  printf '== ./hpfuzz %s\n' "$only"
  in_root "./hpfuzz $only"
  printf '== it succeeded after %d s\n' $((SECONDS - start))
  exit
fi
printf '== ./hpfuzz fuzz --seconds %s\n' "$seconds"
in_root "./hpfuzz fuzz --seconds $seconds"
printf '== ./hpfuzz test\n'
in_root "./hpfuzz test"
printf '== both commands succeeded after %d s\n' $((SECONDS - start))
