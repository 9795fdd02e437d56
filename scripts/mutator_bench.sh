#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Mutation of operations against mutation of bytes, on what they reach: both at once, from an empty corpus, with the same
# seeds, looked at after so many seconds of processor time. Wall-clock time would be that of the machine's other work.
set -uo pipefail
export LC_ALL=C.UTF-8
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT

# shellcheck source=scripts/common.sh
source "$ROOT/scripts/common.sh"

usage() {
  cat <<'TEXT'
Fuzzes a target of the asan build twice at a time, once mutating operations and once bytes alone, and prints what each has
reached after some seconds of processor time: executions, edges, and what libFuzzer calls features, which are those that the
target tells of its own, too. Figures are medians over the seeds; between brackets, the least and the most. What is measured
stays in build/mutator-bench, under the checksum of the target: a run that was ended goes on where it was.

usage: scripts/mutator_bench.sh [--target NAME] [--seeds N] [--at S[,S]...]

  --target NAME   differential or namespace (differential)
  --seeds N       seeds 1 to N (5)
  --at S,S        after how many seconds of processor time, growing (10,60,600)

example: scripts/mutator_bench.sh --seeds 3 --at 10,60
TEXT
}

target=differential seeds=5 at=10,60,600
while (($# > 0)); do
  case $1 in
    -h | --help)
      usage
      exit
      ;;
    --target | --seeds | --at)
      need_value "$1" $#
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    *) die "$EXIT_USAGE" "mutator_bench.sh takes no '$1'; --help tells" ;;
  esac
done
need_number --seeds "$seeds"
IFS=, read -ra marks <<<"$at"
for mark in "${marks[@]}"; do need_number --at "$mark"; done

# processor_seconds PID: sets `used` to the seconds of processor time that it has used; fails when it is gone.
processor_seconds() {
  local fields
  used=
  read -r fields 2>/dev/null <"/proc/$1/stat" || return
  # The name of the program, which may hold anything, ends with the last bracket.
  read -ra fields <<<"${fields##*) }"
  used=$(((fields[11] + fields[12]) / ticks))
}

# wait_until PID SECONDS: of its processor time. Starts no process: thousands of them go by in ten minutes, and bash has been seen
# to wait for one for ever.
wait_until() {
  while processor_seconds "$1" && ((used < $2)); do read -rt 0.2 -u "$never"; done
  [[ -n $used ]]
}

# reached LOG: executions, edges and features so far.
reached() {
  awk '
    /^#[0-9]+\t/ {
      executions = substr($1, 2)
      for (i = 2; i < NF; ++i) if ($i == "cov:") edges = $(i + 1); else if ($i == "ft:") features = $(i + 1)
    }
    END { print executions + 0, edges + 0, features + 0 }' "$1"
}

# measured SEED: whether both mutators have every mark in the results.
measured() {
  local mutator mark
  for mutator in operations bytes; do
    for mark in "${marks[@]}"; do grep -q "^$mutator $mark $1 " "$results" 2>/dev/null || return; done
  done
}

# one SEED MUTATOR: prints "MUTATOR MARK SEED EXECUTIONS EDGES FEATURES" at each mark.
one() {
  local seed=$1 mutator=$2 pid mark target_copy=$work/target work=$work/$2-$1
  mkdir -p "$work/corpus"
  [[ $mutator == operations ]] || export HPFUZZ_BYTES_ONLY=1
  "$target_copy" -seed="$seed" "${options[@]}" -artifact_prefix="$work/" "$work/corpus" \
    </dev/null >"$work/log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 1' INT TERM
  for mark in "${marks[@]}"; do
    wait_until "$pid" "$mark" || die "$EXIT_FINDINGS" "$target ended by itself: $work/log"
    printf '%s %d %d %s\n' "$mutator" "$mark" "$seed" "$(reached "$work/log")"
  done
  kill -INT "$pid"
  wait "$pid" 2>/dev/null
  rm -rf "$work"
}

set_up
sanitizer_environment
build asan "$target"
ticks=$(getconf CLK_TCK)
# Nothing ever comes out of it.
exec {never}<> <(:)
work=$(mktemp -d) || exit "$EXIT_SETUP"
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
# A copy: what is built meanwhile has nothing to do with this.
cp "$ROOT/build/asan/bin/$target" "$work/target" || exit "$EXIT_SETUP"
results=$ROOT/build/mutator-bench/$target-$(sha256sum <"$work/target" | cut -c 1-16)
mkdir -p "$ROOT/build/mutator-bench" || exit "$EXIT_SETUP"
mapfile -t options < <(sed -n '/^\[libfuzzer\]/,/^\[afl/{s/ //g; s/^[a-z_]*=/-&/p}' "$ROOT/fuzzers/$target.options")
for ((seed = 1; seed <= seeds; ++seed)); do
  measured "$seed" && continue
  one "$seed" operations >"$work/operations" &
  one "$seed" bytes >"$work/bytes" &
  wait
  # Of one that was ended before its last mark nothing stays.
  cat "$work/operations" "$work/bytes" >>"$results"
done
awk -v seeds="$seeds" -v marks="$at" '
  BEGIN { n = split(marks, list_of_marks, ","); for (i = 1; i <= n; ++i) wanted[list_of_marks[i]] }
  $3 > seeds || !($2 in wanted) || (($1, $2, $3) in seen) { next }
  { seen[$1, $2, $3] }
  function median(list, n,   i, j, t, v) {
    split(list, v, " ")
    for (i = 1; i <= n; ++i) for (j = i + 1; j <= n; ++j) if (v[j] + 0 < v[i] + 0) { t = v[i]; v[i] = v[j]; v[j] = t }
    return sprintf("%d (%d-%d)", n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2, v[1], v[n])
  }
  {
    if (!(($1, $2) in count)) order[++rows] = $1 SUBSEP $2
    ++count[$1, $2]
    for (i = 4; i <= 6; ++i) list[$1, $2, i] = list[$1, $2, i] " " $i
  }
  END {
    printf "%-11s %8s %28s %20s %24s\n", "mutation", "seconds", "executions", "edges", "features"
    for (r = 1; r <= rows; ++r) {
      split(order[r], key, SUBSEP)
      printf "%-11s %8d %28s %20s %24s\n", key[1], key[2], median(list[order[r], 4], count[order[r]]),
        median(list[order[r], 5], count[order[r]]), median(list[order[r], 6], count[order[r]])
    }
  }' "$results" | sort -k 2,2n -k 1,1
