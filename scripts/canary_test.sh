#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a fuzz target whose implementation is broken on purpose from an empty corpus, and passes only if the oracle
# reports it in time: a crash of another kind, or none, fails. Then once more, for half the time, with that finding muted: the
# run must go on after what it finds.
#
# usage: canary_test.sh FUZZ_TARGET HPFUZZ [SECONDS]
set -uo pipefail

target=$1 hpfuzz=$2
seconds=${3:-30}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
: >"$work/mutes"

fail() {
  printf '%s\n' "$*"
  tail -n 40 "$work/log"
  exit 1
}

# run SECONDS [OPTION]...
run() {
  "$hpfuzz" fuzz --bin "$(dirname "$target")" --target "$(basename "$target")" --no-seeds --seed 1 --seconds "$1" \
    --work "$work/run" --mutes "$work/mutes" --json "$work/summary.json" "${@:2}" >"$work/log" 2>&1
}

run "$seconds" --stop-at-first
status=$?
((status != 0)) || fail "The canary lives: $seconds seconds of fuzzing did not notice a broken implementation."
((status == 1)) || fail "The target ended, but not by a finding: hpfuzz fuzz said $status."
key=$(sed -n 's/^ *"key": "\(.*\)",$/\1/p' "$work/summary.json")
grep -qF "Assertion failure: $key FuzzerHash=$key" "$work/run/findings/$key/report.md" ||
  fail "'$key' is not a finding of the oracle."
printf 'The canary is dead, as it should be: %s\n' "$key"

printf '%s until 9999-12-31\n' "$key" >"$work/mutes"
run "$((seconds / 2))"
status=$?
((status <= 1)) || fail "With $key muted, hpfuzz fuzz said $status."
times=$(sed -n 's/^ *"times": \([0-9]*\),$/\1/p' "$work/summary.json" | awk '{ sum += $1 } END { print sum + 0 }')
((times > 1)) || fail "The run did not go on after a finding."
printf 'The run went on: %d findings, of these keys:\n' "$times"
sed -n 's/^ *"key": "\(.*\)",$/  \1/p' "$work/summary.json"
