#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a fuzz target whose implementation is broken on purpose from an empty corpus, and passes only if the oracle
# reports it in time: a crash of another kind, or none, fails.
#
# usage: canary_test.sh FUZZ_TARGET [SECONDS]
set -uo pipefail

target=$1
seconds=${2:-30}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"

"$target" -seed=1 -max_total_time="$seconds" -artifact_prefix="$work/" "$work/corpus" 2>"$work/log"
status=$?
finding=$(grep -m 1 '^Assertion failure: ' "$work/log")
if [[ $status != 0 && -n $finding ]]; then
  printf 'The canary is dead, as it should be. %s\n' "$finding"
  grep -E '^#[0-9]+' "$work/log" | tail -n 1
  exit 0
fi
if [[ $status == 0 ]]; then
  printf 'The canary lives: %s seconds of fuzzing did not notice a broken implementation.\n' "$seconds"
else
  printf 'The target ended with %d, but not by a finding of the oracle.\n' "$status"
fi
tail -n 40 "$work/log"
exit 1
