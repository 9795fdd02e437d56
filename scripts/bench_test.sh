#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The benchmark with real programs: those of the canary, which is broken on purpose, as a mutant. All contenders but AFL++ find
# it; what was run is not run again; the same programs without the bug find nothing.
#
# usage: bench_test.sh HPFUZZ CANARY CONTENDER_CANARY DIFFERENTIAL CONTENDER WORK
set -uo pipefail
source_dir=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
hpfuzz=$1 canary=$2 contender_canary=$3 differential=$4 contender=$5 work=$6

fail() {
  printf 'FAIL: %s\n' "$*"
  exit 1
}

# bench LIST RESULTS OPTION...
bench() {
  local list=$1 results=$2
  shift 2
  "$hpfuzz" bench bugs --mutants "$work/$list" --source "$source_dir" --clean "$work/sound/asan" --results "$work/$results" \
    --jobs 2 "$@" >"$work/out" 2>"$work/err" || fail "exit code $?: $(<"$work/err")"
}

rm -rf "$work"
mkdir -p "$work/broken/asan" "$work/sound/asan" || exit 1
ln -s "$(readlink -f "$canary")" "$work/broken/asan/differential"
ln -s "$(readlink -f "$contender_canary")" "$work/broken/asan/contender"
ln -s "$(readlink -f "$differential")" "$work/sound/asan/differential"
ln -s "$(readlink -f "$contender")" "$work/sound/asan/contender"
printf 'canary/broken\tdifferential\tk\t%s\n' "$work/broken" >"$work/broken.tsv"
printf 'canary/sound\tdifferential\tk\t%s\n' "$work/sound" >"$work/sound.tsv"

bench broken.tsv found --contenders structured,bytes,random,rapidcheck,corpus --seeds 2 --seconds 20
for name in structured bytes random rapidcheck; do
  grep -Eq "^$name +1 +1 +1 " "$work/out" || fail "$name did not find it always: $(<"$work/out")"
done
grep -Eq '^corpus +1 +1 +1 ' "$work/out" || fail "the corpus did not find it: $(<"$work/out")"
grep -q '"operations": ' "$work/found/random/canary/broken/1.json" || fail "nothing was made smaller"
grep -q '</svg>' "$work/found.svg" || fail "no plot"
[[ -s $work/found.md && -s $work/found.report.json ]] || fail "no reports"

bench broken.tsv found --contenders structured,bytes,random,rapidcheck --seeds 2 --seconds 20
grep -q '^8 runs, of which 8 have their result' "$work/err" || fail "results were not kept: $(<"$work/err")"

bench sound.tsv nothing --contenders structured,random,rapidcheck,ndctl,corpus --seeds 1 --seconds 3
for name in structured random rapidcheck ndctl corpus; do
  grep -Eq "^$name +1 +0 +0 +never" "$work/out" || fail "$name found something without a bug: $(<"$work/out")"
done
