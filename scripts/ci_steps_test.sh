#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Test: the steps of a CI run and its reports: clean, with failures, with a build that broke, stopped by a signal, and without
# a program that could make the report. Not covered: the steps themselves (./hpfuzz ci), reports in every detail
# (tests/triage/ci_report_test.cc).
#
# usage: ci_steps_test.sh HPFUZZ_BINARY SCRATCH_FOLDER
set -uo pipefail

hpfuzz=$1
scratch=$2
mkdir -p "$scratch" || exit 2
rm -f "$scratch/tried"
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT
# shellcheck source=scripts/common.sh
source "$ROOT/scripts/common.sh"
readonly CI_GRACE=2
# shellcheck source=scripts/ci_steps.sh
source "$ROOT/scripts/ci_steps.sh"
# shellcheck source=scripts/expect.sh
source "$ROOT/scripts/expect.sh"
status_is() { [[ $status == "$1" ]]; }
table_has() { grep -qE -- "$1" "$scratch/output"; }
is_xml() { /usr/bin/python3 -c 'import sys, xml.dom.minidom as dom; dom.parse(sys.argv[1])' "$CI/junit.xml"; }
# Valid by the schema, where there is a validator.
is_sarif() {
  "$ROOT/scripts/sarif_test.py" "$ROOT/tests/schema/sarif-2.1.0-rtm.5.json.xz" "$CI/results.sarif"
  (($? == 0 || $? == 77))
}
# run FUNCTION PROGRAM...: a CI run of the steps in FUNCTION, the report by one of the programs.
run() {
  CI=$scratch/ci
  (
    ci_begin "$CI"
    "$1"
    ci_end "${@:2}"
  ) >"$scratch/output" 2>&1
  status=$?
  [[ ! -x /usr/bin/python3 ]] || expect "$1 ${2-}: junit.xml is XML" is_xml
  [[ ! -x /usr/bin/python3 ]] || expect "$1 ${2-}: results.sarif is SARIF" is_sarif
}

clean() {
  ci_step asan build echo 'building'
  ci_step asan 'fuzz a_b' sh -c 'echo aloud; echo complaint >&2'
}
finding() {
  ci_step asan build true
  ci_step asan seeds sh -c 'echo "Assertion failure: a.b FuzzerHash=a.b" >&2; exit 77'
  ci_step -d json asan fuzz sh -c 'exit 3'
  ci_step asan dies die 3 'gone'
  ci_step asan after true
}
broken_build() {
  ci_step asan build false
  ci_step asan tests touch "$scratch/tried"
  ci_step ubsan build true
}
stopped() {
  ci_step asan build true
  ci_step asan tests sh -c "$step" sh "$signal" "$BASHPID"
  ci_step asan fuzz touch "$scratch/tried"
}

run clean "$hpfuzz"
expect 'clean: exit code' status_is 0
expect 'clean: the table' table_has '^asan +fuzz a_b +ok '
expect 'clean: output on the terminal' table_has '^aloud$'
expect 'clean: both streams in the log' diff <(printf 'aloud\ncomplaint\n') "$CI/logs/asan-fuzz-a_b.log"

run finding "$hpfuzz"
expect 'finding: exit code' status_is 1
expect 'finding: its key' table_has '^ +a\.b$'
expect 'finding: details that are missing' table_has 'asan-fuzz.json: '
expect 'finding: a step that ends its shell' table_has '^asan +dies +FAILED'
expect 'finding: later steps run' table_has '^asan +after +ok'

run broken_build "$hpfuzz"
expect 'broken build: exit code' status_is 1
expect 'broken build: what needs it' table_has '^asan +tests +skipped'
expect 'broken build: it was not tried' test ! -e "$scratch/tried"
expect 'broken build: the others' table_has '^ubsan +build +ok'

# The step stops the run, which stops the step: it would never end by itself, nor would this test.
# shellcheck disable=SC2016  # the step expands them
for step in 'kill -s "$1" "$2"; sleep infinity' 'trap "" INT TERM; kill -s "$1" "$2"; sleep infinity & sleep infinity'; do
  for signal in INT TERM; do
    run stopped "$hpfuzz"
    expect "$signal: exit code" status_is 1
    expect "$signal: the step that ran" table_has '^asan +tests +STOPPED'
    expect "$signal: later steps" table_has '^asan +fuzz +skipped'
    expect "$signal: they were not tried" test ! -e "$scratch/tried"
  done
done

run finding "$scratch/no-such-program"
expect 'no program: exit code' status_is 1
expect 'no program: the table' table_has '^asan +seeds +failed'
expect 'no program: junit.xml' grep -q '<error message="failed, see logs/asan-seeds.log"/>' "$CI/junit.xml"
expect 'no program: results.sarif' grep -q '"text": "asan: seeds: failed"' "$CI/results.sarif"
# shellcheck disable=SC2016
step='trap "echo told; exit 1" INT TERM; kill -s "$1" "$2"; sleep 50 & wait'
for signal in INT TERM; do
  run stopped "$hpfuzz"
  expect "$signal: the step is told" table_has '^told$'
done

printf '#!/bin/sh\nexit 2\n' >"$scratch/old" && chmod +x "$scratch/old"
run clean "$scratch/old" "$hpfuzz"
expect 'a program that cannot: the next one makes the report' status_is 0

printf '%d failures\n' "$failures"
((failures == 0))
