#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Puts each wrong rule of bugs/witness/ into impl_subsection and lets a real kernel contradict it.
set -uo pipefail
export LC_ALL=C.UTF-8
SOURCE=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly SOURCE COPY=$SOURCE/build/bugs/tree

usage() {
  cat <<'TEXT'
Builds hpfuzz (asan preset) with one wrong rule of bugs/witness/ after the other and runs `hpfuzz witness fuzz` until the
kernel contradicts it.

usage: scripts/witness_mutants.sh [--kernel 6.1|6.12] [--seed N] [PATCH]...

Prints one line a rule: after how many seconds, from the start of the guest on, and the key.
Exit codes: 0 all found within 30 s, 1 one was not, 2 bad usage, 3 it cannot be built or there is no guest.

example: scripts/witness_mutants.sh bugs/witness/rolled-back.patch
TEXT
}

ROOT=$SOURCE
# shellcheck source=scripts/common.sh
source "$SOURCE/scripts/common.sh"
# shellcheck source=scripts/patched_copy.sh
source "$SOURCE/scripts/patched_copy.sh"

kernel=6.1 seed=1
while [[ ${1-} == -* ]]; do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --kernel | --seed) need_value "$1" $# ;;&
    --kernel) kernel=$2 ;;
    --seed) need_number "$1" "$2" && seed=$2 ;;
    *) die "$EXIT_USAGE" "witness_mutants.sh takes no '$1'; --help tells" ;;
  esac
  shift 2
done
(($# > 0)) || set -- "$SOURCE"/bugs/witness/*.patch

set_up
guest=$SOURCE/build/witness/$kernel
"$SOURCE/scripts/witness_guest.sh" --kernel "$kernel" "$guest" || exit "$EXIT_SETUP"
mkdir -p "$SOURCE/build/bugs"
# Two runs would patch one copy.
exec 8>"$SOURCE/build/bugs/lock"
flock -n 8 || die "$EXIT_USAGE" "another run is under way in $SOURCE/build/bugs"
ROOT=$COPY
missed=0
for patch in "$@"; do
  patch=$(readlink -f "$patch")
  refresh_copy
  apply_patch "$patch" || die "$EXIT_USAGE" "$patch does not apply"
  build asan hpfuzz
  started=${EPOCHREALTIME/[.,]/}
  line='' last=''
  while IFS= read -r line; do
    last=$line
    [[ $line == *difference* ]] && break
  done < <(timeout 60 "$COPY/build/asan/bin/hpfuzz" witness fuzz --guest "$guest" --seed "$seed" --seconds 30 \
    --save "$SOURCE/build/bugs/witness" 2>&1)
  elapsed=$(((${EPOCHREALTIME/[.,]/} - started) / 100000))
  kill "$!" 2>/dev/null
  wait "$!"
  code=$?
  if [[ $line == *difference* && $elapsed -lt 300 ]]; then
    printf '%s: contradicted after %d.%d s: %s\n' "$(basename "$patch" .patch)" $((elapsed / 10)) $((elapsed % 10)) \
      "$(awk '{ for (i = 1; i < NF; i++) if ($i == "difference") print $(i + 1) }' <<<"${line%,*}")"
  elif ((code == EXIT_SETUP)); then
    die "$EXIT_SETUP" "the guest in $guest does not answer: $last"
  else
    printf '%s: not contradicted within 30 s\n' "$(basename "$patch" .patch)"
    missed=1
  fi
done
exit "$missed"
