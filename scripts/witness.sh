# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word witness: installs what a guest needs, makes the guest, and hands on to the binary. Sourced by the launcher.

readonly WITNESS_PACKAGES=(qemu-system-x86 seabios busybox-static cpio make gcc-12 xz-utils)

witness_usage() {
  cat <<'TEXT'
Asks a real kernel, in a virtual machine, the same operations as the models, and compares every answer.

usage: ./hpfuzz witness replay [OPTION]... FILE|DIR...
       ./hpfuzz witness fuzz   [OPTION]... [CORPUS]...
       ./hpfuzz witness nvdimm [OPTION]... [FILE|DIR]...
       ./hpfuzz witness record [OPTION]... [FILE|DIR]...
       ./hpfuzz witness check  FILE...               # transcripts; needs no guest
       ./hpfuzz witness doctor [OPTION]...

  --kernel 6.1|6.12|PATH   Debian's newest kernel of that series (6.1), or a bzImage of your own, which needs
  --headers DIR            its headers, prepared for building modules, and
  --modules DIR            its lib/modules/RELEASE, unless virtio_console is built in

Everything that is not a package lands in build/witness. The words have options of their own: ./hpfuzz witness fuzz --help.

exit codes: 0 the kernel and the models agree, 1 a difference, 2 bad usage or input, 3 there is no guest to ask

example: ./hpfuzz witness replay repro/cover-letter.trace --kernel 6.12
TEXT
}

# Installs the packages of a guest that are missing; without root says which.
witness_packages() {
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0  # the doctor says what is missing
  # shellcheck source=scripts/packages.sh
  [[ -n ${PACKAGES-} ]] || source "$ROOT/scripts/packages.sh"
  local missing
  mapfile -t missing < <(missing_of "${WITNESS_PACKAGES[@]}")
  ((${#missing[@]} == 0)) && return
  find_root || cannot_install "the witness needs packages, and neither root nor sudo is at hand" "${missing[@]}"
  mkdir -p "$ROOT/build"
  say "Reading the package lists."
  apt update >"$LOG" 2>&1 || say "The package lists could not be renewed; trying with those at hand."
  install "${missing[@]}" || cannot_install "apt-get failed, see $LOG" "${missing[@]}"
}

witness_main() {
  local word=${1-} kernel=6.1 guest
  local arguments=() headers=() modules=()
  case $word in
    '' | -h | --help)
      witness_usage
      [[ -n $word ]] || exit "$EXIT_USAGE"
      return
      ;;
  esac
  shift
  while (($# > 0)); do
    case $1 in
      --kernel | --headers | --modules) need_value "$1" $# ;;&
      --kernel) kernel=$2 && shift ;;
      --headers) headers=(--headers "$2") && shift ;;
      --modules) modules=(--modules "$2") && shift ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
  set_up
  if [[ $word == check ]]; then
    build "${HPFUZZ_PRESET:-asan}" hpfuzz
    exec "$ROOT/build/${HPFUZZ_PRESET:-asan}/bin/hpfuzz" witness check "${arguments[@]}"
  fi
  case $kernel in
    6.1 | 6.12)
      guest=$ROOT/build/witness/$kernel
      set -- --kernel "$kernel"
      ;;
    *)
      [[ -f $kernel ]] || die "$EXIT_USAGE" "--kernel takes 6.1, 6.12 or a bzImage, not '$kernel'"
      guest=$ROOT/build/witness/own
      set -- --image "$kernel" "${headers[@]}" "${modules[@]}"
      ;;
  esac
  build "${HPFUZZ_PRESET:-asan}" hpfuzz
  if [[ " ${arguments[*]-} " != *" --help "* ]]; then
    witness_packages
    # The doctor looks at what is there, whether that is whole or not.
    "$ROOT/scripts/witness_guest.sh" "$@" "$guest" || [[ $word == doctor ]] || exit "$EXIT_SETUP"
  fi
  exec "$ROOT/build/${HPFUZZ_PRESET:-asan}/bin/hpfuzz" witness "$word" --guest "$guest" "${arguments[@]}"
}
