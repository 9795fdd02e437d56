#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Test: a regression test that triage/ emitted (tests/triage/emit_main.cc) passes against the sound core and fails against
# the canary's, with the key of the finding and its explanation. Its trace holds what might break out of a literal.
#
# usage: emitted_test.sh SOUND_PROGRAM CANARY_PROGRAM TINY_PROGRAM
set -uo pipefail

sound=$1 canary=$2 tiny=$3
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/expect.sh
source "$ROOT/scripts/expect.sh"

# run PROGRAM: sets `output` and `status`.
run() {
  output=$("$1" 2>&1)
  status=$?
}
has() { grep -qF -- "$1" <<<"$output"; }

for program in "$sound" "$tiny"; do
  run "$program"
  expect "$program: exit code $status, expected 0: $output" test "$status" = 0
  expect "$program ran not one test: $output" has '[  PASSED  ] 1 test.'
done

run "$canary"
expect "$canary: exit code $status, expected 1: ${output:0:2000}" test "$status" = 1
expect "the canary's test does not fail alone" has ' 1 FAILED TEST'
expect 'the key is not told' has 'found as __add_pages.subsection-bitmap, now __add_pages.subsection-bitmap'
expect 'what differs is not told' has 'mainline-6.1 and its reference differ in: bitmap'
((failures == 0))
