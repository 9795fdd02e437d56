#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Patches known bugs (see bugs/), one after the other, into a copy of the tree and lets the fuzz targets look for each, from
# nothing. All patches share one copy and one build directory, in build/bugs/: only what a patch touches is compiled again.
set -uo pipefail
export LC_ALL=C.UTF-8
SOURCE=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly SOURCE COPY=$SOURCE/build/bugs/tree CLEAN=$SOURCE/build/bugs/clean RUNS=$SOURCE/build/bugs/runs
readonly TARGETS=(differential namespace info_block)

usage() {
  cat <<'TEXT'
Builds the fuzz targets with one bug patched in (asan preset) and runs one after the other from an empty corpus, in one
process, until the first finding that the tree without the patch does not have: differential, then namespace; for bugs of
libnvdimm namespace, info_block, differential.

usage: scripts/find_bug.sh [--seed N] [--seconds N] PATCH...

  PATCH        files of bugs/: diffs against the top of the tree; what stands above them is ignored
  --seconds N  how long each target may look (60)
  --seed N     seed of the random numbers (chosen anew each time)

Prints one line a patch: the target that found it, after how many seconds and executions, the key of the finding.
Exit codes: 0 all found, 1 one was not, 2 bad usage, 3 it cannot be built. Logs and the inputs are in build/bugs/runs.

example: scripts/find_bug.sh bugs/nvdimm/a9-end-not-truncated.patch
TEXT
}

ROOT=$SOURCE
# shellcheck source=scripts/common.sh
source "$SOURCE/scripts/common.sh"
# shellcheck source=scripts/patched_copy.sh
source "$SOURCE/scripts/patched_copy.sh"

# look TARGET SECONDS SEED RUN: one run from an empty corpus, up to its first finding.
look() {
  local target=$1 seconds=$2 seed=$3 run=$4
  rm -rf "$run"
  mkdir -p "$run" || die "$EXIT_SETUP" "$run cannot be written"
  "$SOURCE/build/asan/bin/hpfuzz" fuzz --bin "$COPY/build/asan/bin" --source "$COPY" --no-seeds --mutes /dev/null \
    --target "$target" --seconds "$seconds" ${seed:+--seed "$seed"} --stop-at-first --work "$run" --json "$run/summary.json" \
    >"$run/summary.txt" 2>&1
  if (($? > EXIT_FINDINGS)) || [[ ! -s $run/summary.json ]]; then die "$EXIT_SETUP" "$target: $(<"$run/summary.txt")"; fi
}

# said RUN NAME: the first value of that name in a summary, whose lines hold one each.
said() { sed -n "s/^ *\"$2\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$1/summary.json" | head -n 1; }

# Builds the targets as they are in the tree, and keeps them apart: what these find, too, is not the patch's doing.
build_clean() {
  build asan "${TARGETS[@]}"
  mkdir -p "$CLEAN"
  local target
  for target in "${TARGETS[@]}"; do
    cmp -s "$COPY/build/asan/bin/$target" "$CLEAN/$target" || cp "$COPY/build/asan/bin/$target" "$CLEAN/$target"
  done
}

# find_with NAME TARGET SECONDS SEED: prints the line of a finding; fails if there is none in time. What the tree has
# without the patch is named and the search begins anew, with what is left of the time.
find_with() {
  local name=$1 target=$2 seconds=$3 seed=$4
  local run=$RUNS/$name/$target started=${EPOCHREALTIME/[.,]/} input left elapsed
  while elapsed=$((${EPOCHREALTIME/[.,]/} - started)) && left=$((seconds - elapsed / 1000000)) && ((left > 0)); do
    look "$target" "$left" "$seed" "$run"
    elapsed=$((${EPOCHREALTIME/[.,]/} - started))
    executions=$((executions + $(said "$run" executions)))
    input=$(said "$run" file)
    [[ -n $input ]] || return 1
    if "$CLEAN/$target" "$input" >/dev/null 2>&1; then
      awk -v name="$name" -v target="$target" -v us="$elapsed" -v executions="$executions" -v key="$(said "$run" key)" \
        'BEGIN { printf "%s: found by %s after %.1f s and %d executions: %s\n", name, target, us / 1e6, executions, key }'
      return 0
    fi
    say "$name: without the patch, too: $(said "$run" key), $input"
    seed=${seed:+$((seed + 1000))}
  done
  return 1
}

# find_bug PATCH SECONDS SEED: applies it to the copy, and builds a target when those before it found nothing.
find_bug() {
  local patch=$1 seconds=$2 seed=$3
  local name targets=(differential namespace) target executions total=0
  name=$(basename "$patch" .patch)
  [[ $patch == */bugs/nvdimm/* ]] && targets=(namespace info_block differential)
  refresh_copy
  apply_patch "$patch" || die "$EXIT_USAGE" "$patch does not apply"
  for target in "${targets[@]}"; do
    executions=0
    build asan "$target"
    find_with "$name" "$target" "$seconds" "$seed" && return
    total=$((total + executions))
  done
  printf '%s: not found by %s within %d s each, %d executions\n' "$name" "${targets[*]}" "$seconds" "$total"
  return 1
}

seed='' seconds=60
while [[ ${1-} == -* ]]; do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --seed | --seconds)
      need_value "$1" $#
      need_number "$1" "$2"
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    *) die "$EXIT_USAGE" "find_bug.sh takes no '$1'; --help tells" ;;
  esac
done
if (($# == 0)); then
  usage >&2
  exit "$EXIT_USAGE"
fi
patches=()
for patch in "$@"; do
  [[ -f $patch && -r $patch ]] || die "$EXIT_USAGE" "$patch: no such patch"
  patches+=("$(readlink -f "$patch")")
done

set_up
mkdir -p "$SOURCE/build/bugs" || die "$EXIT_SETUP" "$SOURCE/build/bugs cannot be written"
# Two runs would patch one copy.
exec 8>"$SOURCE/build/bugs/lock"
flock -n 8 || die "$EXIT_USAGE" "another run is under way in $SOURCE/build/bugs"
build asan hpfuzz
refresh_copy
sanitizer_environment
ROOT=$COPY
build_clean
missed=0
for patch in "${patches[@]}"; do
  find_bug "$patch" "$seconds" "$seed" || missed=1
done
exit "$missed"
