#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs AFL++ on the fuzz target whose implementation is broken on purpose, from one byte and for a bounded number of
# executions. Passes only if it saves a crash that is a finding of the oracle, and `hpfuzz replay` over the same broken
# implementation calls it by the same key.
#
# usage: afl_canary_test.sh FUZZ_TARGET HPFUZZ [EXECUTIONS]
# Exit codes: 0 found, 1 not found or under another key, 77 there is no afl-fuzz.
set -uo pipefail

target=$1 hpfuzz=$2 executions=${3:-300000}
command -v afl-fuzz >/dev/null || { echo "skipped: no afl-fuzz"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
printf '\0' >"$work/in/one-byte"

# What afl-fuzz asks of ASAN_OPTIONS, if the build has that sanitizer.
export ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_BENCH_UNTIL_CRASH=1
timeout 50 afl-fuzz -i "$work/in" -o "$work/out" -s 1 -G 1024 -t 5000 -E "$executions" -- "$target" >"$work/log" 2>&1
crash=$(find "$work/out" -path '*/crashes/id:*' | sort | head -n 1)
if [[ -z $crash ]]; then
  printf 'The canary lives: AFL++ did not notice a broken implementation.\n'
  tail -n 20 "$work/log"
  exit 1
fi

key=$("$target" "$crash" 2>&1 | sed -n 's/^Assertion failure: \([^ ]*\) .*/\1/p')
replayed=$("$hpfuzz" replay --quiet "$crash" | sed -n 's/.*: FINDING //p')
printf 'The target says "%s", hpfuzz replay says "%s".\n' "$key" "$replayed"
grep -E '^(execs_done|run_time|stability)' "$work/out/default/fuzzer_stats"
[[ -n $key && $replayed == "$key" ]]
