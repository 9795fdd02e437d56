#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Test: `hpfuzz corpus` with libFuzzer itself: merge, minimize, an input that stops the target, stats. Not covered: what goes
# wrong on the way (tests/campaign/corpus_test.cc).
#
# usage: corpus_test.sh HPFUZZ_BINARY FOLDER_OF_TARGETS SCRATCH_FOLDER
set -uo pipefail

hpfuzz=$1
bin=$2
scratch=$3
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT seeds=$ROOT/corpus
# shellcheck source=scripts/expect.sh
source "$ROOT/scripts/expect.sh"
rm -rf "$scratch"
mkdir -p "$scratch" && cd "$scratch" || exit 2
# corpus EXIT-CODE ARGUMENT...
corpus() {
  local code=$1
  shift
  "$hpfuzz" corpus "$@" >output 2>&1
  local status=$?
  expect "corpus $*: exit code $status, expected $code: $(<output)" test "$status" = "$code"
}
count() { find "$1" -type f | wc -l; }
features() { sed -n 's/^after.* \([0-9]*\) features.*/\1/p' output; }

# An input that is larger than an equal one: the same trace, with a byte behind it that no operation is made of.
mkdir own
cp "$seeds/trace_text/cover-letter" own/large
printf '# a comment\n' >>own/large
: >own/nothing
corpus 0 merge --target trace_text --bin "$bin" --into merged own "$seeds/trace_text"
expect 'the sources stay' test -f own/large
all=$(features)
expect 'fewer files than before' test "$(count merged)" -lt "$(count "$seeds/trace_text")"
expect 'names stay' test -f "$seeds/trace_text/$(find merged -type f -printf '%f\n' | sort | head -n 1)"
corpus 0 minimize --target trace_text --bin "$bin" merged
expect 'minimizing again loses no feature' test "$(features)" = "$all"
corpus 0 minimize --target trace_text --bin "$bin" merged -o again
expect 'the same each time' diff -r merged again
corpus 2 minimize --target trace_text --bin "$bin" merged -o own
corpus 3 minimize --target no_target --bin "$bin" merged
corpus 2 minimize --target trace_text --bin "$bin" missing
mkdir empty
corpus 2 minimize --target trace_text --bin "$bin" empty

# The canary is broken: some seeds stop it.
if [[ -x $bin/differential_canary ]]; then
  mkdir canary
  cp "$seeds"/differential/{cover-letter,maps*} canary
  corpus 1 minimize --target differential_canary --bin "$bin" canary
  expect 'the inputs that stop it are named' grep -q '^  canary/' output
  expect 'and kept' test "$(count canary.stopped)" = "$(grep -c '^  canary/' output)"
fi

corpus 0 stats "$seeds"/*
expect 'stats: every target' test "$(grep -c ', inputs of ' output)" = 5
corpus 0 stats --json "$seeds"/differential
corpus 2 stats missing

printf '%d failures\n' "$failures"
((failures == 0))
