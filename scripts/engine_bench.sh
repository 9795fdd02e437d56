#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Executions per second of every fuzz target under each engine and sanitizer, beside a target that does nothing.
set -uo pipefail
export LC_ALL=C.UTF-8
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT

# shellcheck source=scripts/common.sh
source "$ROOT/scripts/common.sh"
# shellcheck source=scripts/fuzz.sh
source "$ROOT/scripts/fuzz.sh"

usage() {
  cat <<'TEXT'
Builds what is needed, fuzzes every target for a while from the committed seeds with seed 1, one after the other, and prints a
row a build: executions per second of wall-clock time, the engine's own start not counted, and those of an empty target.

usage: scripts/engine_bench.sh [--seconds N] [--target NAME] [BUILD]...

  --seconds N    for each target and build (10); an engine is slower while it looks at the seeds
  --target NAME  this one (may be repeated), beside the empty one; else all
  BUILD          release, asan, ubsan, dev, msan, tsan (libFuzzer), afl, afl-asan (all but msan, whose libraries
                 scripts/msan_toolchain.sh makes first)

example: scripts/engine_bench.sh --seconds 5 asan afl-asan
TEXT
}

seconds=10 builds=() targets=()
while (($# > 0)); do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --seconds)
      need_value "$1" $#
      need_number "$1" "$2"
      seconds=$2
      shift 2
      ;;
    --target)
      need_value "$1" $#
      targets+=("$2")
      shift 2
      ;;
    release | asan | ubsan | dev | msan | tsan | afl | afl-asan) builds+=("$1") && shift ;;
    *) die "$EXIT_USAGE" "engine_bench.sh takes no '$1'; --help tells" ;;
  esac
done
((${#builds[@]} > 0)) || builds=(release asan ubsan dev tsan afl afl-asan)

# number KEY FILE: of the summary that `hpfuzz fuzz` wrote.
number() { sed -n "s/^ *\"$1\": \([0-9.]*\),*\$/\1/p" "$2" | head -n 1; }

# speed BUILD TARGET: executions per second, in whole numbers.
speed() {
  local engine=libfuzzer folder
  [[ $1 != afl* ]] || engine=afl
  folder=$(mktemp -d -p "$ROOT/build") || exit "$EXIT_SETUP"
  if fuzz_run "$1" --target "$2" --engine "$engine" --seconds "$seconds" --seed 1 --work "$folder" \
    --json "$folder/summary.json" >"$folder/log" 2>&1; then
    awk -v executions="$(number executions "$folder/summary.json")" -v seconds="$seconds" \
      'BEGIN { printf "%.0f", executions / seconds }'
  else
    printf '?'
    cat "$folder/log" >&2
  fi
  rm -rf "$folder"
}

# What starts a target takes none of its time: one will do.
runner_of() { printf asan; }

mapfile -t all < <(fuzz_targets)
((${#targets[@]} > 0)) || targets=("${all[@]}")
for target in "${targets[@]}"; do
  [[ " ${all[*]} " == *" $target "* ]] || die "$EXIT_USAGE" "no fuzz target '$target', expected one of ${all[*]}"
done
set_up
build asan hpfuzz
for preset in "${builds[@]}"; do
  [[ $preset != afl* ]] || set_up_afl
  [[ $preset != msan ]] || "$ROOT/scripts/msan_toolchain.sh" || exit "$EXIT_SETUP"
  build "$preset" fuzz_targets empty_target
done
printf '%-9s' build
printf ' %13s' "${targets[@]}" empty
printf '\n'
for preset in "${builds[@]}"; do
  printf '%-9s' "$preset"
  for target in "${targets[@]}" empty_target; do printf ' %13s' "$(speed "$preset" "$target")"; done
  printf '\n'
done
