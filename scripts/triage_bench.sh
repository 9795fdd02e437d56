#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How well `hpfuzz triage` tells bugs apart: crash files of known bugs (see bugs/), one build a bug, all into the same
# buckets. Each file is named after its bug, so that a bucket says whose inputs it has.
set -uo pipefail
export LC_ALL=C.UTF-8
SOURCE=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly SOURCE COPY=$SOURCE/build/bugs/tree WORK=$SOURCE/build/triage-bench

usage() {
  cat <<'TEXT'
Patches bugs, one after the other, into a copy of the tree, lets a fuzz target collect inputs that stop it, and gives these to the
`hpfuzz triage` of the same build, all into the folder build/triage-bench/buckets. Prints a row a bug and, over all pairs of
inputs, precision (of those in one bucket: how many are of one bug) and recall (of those of one bug: how many are in one bucket).

usage: scripts/triage_bench.sh [--inputs N] [--seconds N] [--jobs N] PATCH...

  --inputs N    of each bug, at most (90)
  --seconds N   how long they are collected, at most (60), and up to ten seconds more for the last runs
  --jobs N      processes at a time (2)

example: scripts/triage_bench.sh bugs/series/*.patch
TEXT
}

ROOT=$SOURCE
# shellcheck source=scripts/common.sh
source "$SOURCE/scripts/common.sh"
# shellcheck source=scripts/patched_copy.sh
source "$SOURCE/scripts/patched_copy.sh"

inputs=90 seconds=60 jobs=2
while [[ ${1-} == -* ]]; do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --inputs | --seconds | --jobs)
      need_value "$1" $#
      need_number "$1" "$2"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    *) die "$EXIT_USAGE" "triage_bench.sh takes no '$1'; --help tells" ;;
  esac
done
(($# > 0)) || die "$EXIT_USAGE" "no patch; --help tells"
patches=()
for patch in "$@"; do
  [[ -f $patch && -r $patch ]] || die "$EXIT_USAGE" "$patch: no such patch"
  patches+=("$(readlink -f "$patch")")
done

# stopped TARGET N: one run of the target, from four of the committed inputs, others for each N, up to what stops it. In fork
# mode the engine goes on by itself, but from what it has found: a bug that many inputs show would give few of them.
stopped() {
  local target=$1 n=$2 start=$WORK/start-$2 i
  mkdir -p "$start"
  for i in 0 1 2 3; do ((${#seeds[@]} == 0)) || cp "${seeds[(n * 7919 + i * 1013) % ${#seeds[@]}]}" "$start"; done
  "$COPY/build/asan/bin/$target" -seed="$n" -max_total_time=10 -artifact_prefix="$WORK/found/" "$start" \
    </dev/null >"$start.log" 2>&1
  rm -rf "$start" "$start.log"
}

# collect NAME TARGET: fills $WORK/inputs/NAME.
collect() {
  local name=$1 target=$2 folder=$WORK/inputs/$1 end=$((SECONDS + seconds)) n=0 i=0 file seeds
  local -x ASAN_OPTIONS=$ASAN_OPTIONS:symbolize=0
  rm -rf "$folder" "$WORK/found"
  mkdir -p "$folder" "$WORK/found"
  # An input that stops the target as it is says nothing of this bug alone: others stop at it, too, and triage looks once at
  # equal contents.
  mapfile -t seeds < <(comm -23 <(find "$COPY/corpus/$target" -maxdepth 1 -type f | sort) \
    <("$COPY/build/asan/bin/hpfuzz" replay --quiet "$COPY/corpus/$target" 2>/dev/null | sed -n 's/: FINDING .*//p' | sort -u))
  while ((SECONDS < end)) && (($(find "$WORK/found" -name 'crash-*' | wc -l) < inputs)); do
    while (($(jobs -rp | wc -l) >= jobs)); do wait -n; done
    ((++n))
    stopped "$target" "$n" &
  done
  wait
  while IFS= read -r file && ((i < inputs)); do
    compgen -G "$WORK/inputs/*/*--${file##*/}" >/dev/null && continue
    mv "$file" "$folder/$name--${file##*/}"
    ((++i))
  done < <(find "$WORK/found" -type f -name 'crash-*' | sort)
}

# one PATCH
one() {
  local patch=$1 name target=differential started lines
  name=$(basename "$patch" .patch)
  [[ $patch != */nvdimm/* ]] || target=namespace
  refresh_copy
  apply_patch "$patch" || die "$EXIT_USAGE" "$patch does not apply"
  build asan hpfuzz "$target"
  collect "$name" "$target"
  started=$SECONDS
  # What it prints is the state of all buckets; what it took is that of these inputs.
  lines=$(/usr/bin/env time -f '%M' "$COPY/build/asan/bin/hpfuzz" triage --quiet --jobs "$jobs" -o "$WORK/buckets" \
    "$WORK/inputs/$name" 2>&1 >"$WORK/$name.triage" | tail -n 1)
  printf '%-40s %5d inputs %4d s %5d MiB\n' "$name" "$(find "$WORK/inputs/$name" -type f | wc -l)" $((SECONDS - started)) \
    $((lines / 1024))
}

set_up
mkdir -p "$SOURCE/build/bugs" || die "$EXIT_SETUP" "$SOURCE/build/bugs cannot be written"
# Two runs would patch one copy.
exec 8>"$SOURCE/build/bugs/lock"
flock -n 8 || die "$EXIT_USAGE" "another run is under way in $SOURCE/build/bugs"
rm -rf "$WORK"
mkdir -p "$WORK"
sanitizer_environment
ROOT=$COPY
for patch in "${patches[@]}"; do one "$patch"; done
python3 "$SOURCE/scripts/triage_score.py" "$WORK/buckets"
