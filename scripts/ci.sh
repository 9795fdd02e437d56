# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word ci: what a continuous-integration machine runs. Sourced by the launcher. Running steps and writing down how they
# ended is in ci_steps.sh.

# shellcheck source=scripts/fuzz.sh
source "$ROOT/scripts/fuzz.sh"
# shellcheck source=scripts/test.sh
source "$ROOT/scripts/test.sh"
# shellcheck source=scripts/ci_steps.sh
source "$ROOT/scripts/ci_steps.sh"

readonly CI_SEED=1337

ci_usage() {
  cat <<'TEXT'
The sanitizer job: builds with AddressSanitizer and UndefinedBehaviorSanitizer, replays repro/, runs the committed seeds of each
target, and fuzzes each with a fixed seed from those alone. At the end, also when something failed or the job was stopped, it
prints a table and writes the same for other programs. The exit code is 0 only when all of it is clean; a finding that is muted
does not count. The tests under the same sanitizers are those of ./hpfuzz test.

usage: ./hpfuzz ci [--seconds N] [--full]

  --seconds N   how long each target is fuzzed (15)
  --full        the tests, among them one in a browser, AFL++, MemorySanitizer and ThreadSanitizer too (see docs/engines.md);
                installs what they need

What it leaves: build/ci/junit.xml, build/ci/results.sarif, and the output of each step in build/ci/logs.

example: ./hpfuzz ci --seconds 60
TEXT
}

# From an empty corpus directory, so that a run depends on nothing but the checkout. What was found goes to the file FINDINGS,
# in the form that triage/ci_details.h describes.
ci_fuzz() {
  local preset=$1 target=$2 seconds=$3 findings=$4
  local corpus
  corpus=$(mktemp -d) || return
  fuzz_run "$preset" --target "$target" --seconds "$seconds" --seed "$CI_SEED" --corpus "$corpus" --json "$findings"
  local status=$?
  rm -rf "$corpus"
  return "$status"
}

# All but those of repro/open, whose findings are known; a test says whether they are still there.
ci_replay() {
  cd "$ROOT" || return
  find repro -path repro/open -prune -o -name '*.trace' -print0 | sort -z | xargs -0 "build/$1/bin/hpfuzz" replay --quiet
}

# ci_seeds PRESET TARGET: each committed seed once.
ci_seeds() { "$ROOT/build/$1/bin/$2" -runs=0 -artifact_prefix="$CI/findings/" "$ROOT/corpus/$2"; }

# ci_targets PRESET: what is asked of every fuzz target, short things first.
ci_targets() {
  local target
  for target in $(fuzz_targets); do
    ci_step "$1" "seeds $target" ci_seeds "$1" "$target"
  done
  for target in $(fuzz_targets); do
    ci_step -d json "$1" "fuzz $target" ci_fuzz "$1" "$target" "$seconds" "$CI/logs/$1-fuzz-$target.json"
  done
}

# ci_tests PRESET [CTEST-OPTION]...
ci_tests() {
  local preset=$1
  shift
  ci_step -d xml "$preset" tests run_tests "$preset" --output-junit "$CI/logs/$preset-tests.xml" "$@"
}

# What the test of reports needs; it is skipped where there is no browser.
set_up_browser() {
  command -v chromium >/dev/null && return
  load_packages
  require_packages chromium
}

# Both at once: one build finds what two would, in little more than half of their time. It is that of `./hpfuzz test`.
ci_sanitizers() {
  ci_step dev build build dev hpfuzz fuzz_targets
  ci_step dev 'replay repro' ci_replay dev
  ci_targets dev
}

# Without tests: what links GoogleTest, which is not instrumented, would report what is none.
ci_msan() {
  ci_step msan toolchain "$ROOT/scripts/msan_toolchain.sh"
  ci_step msan build build msan fuzz_targets
  ci_targets msan
}

# set_up_afl, as set_up_browser, ends the shell when it cannot install: a step runs in one of its own.
ci_full() {
  ci_step dev browser set_up_browser
  ci_step dev 'build tests' build dev
  ci_tests dev
  ci_step afl set-up set_up_afl
  ci_step afl build build afl
  ci_tests afl
  ci_msan
  ci_step ossfuzz 'undefined, coverage' "$ROOT/scripts/ossfuzz_test.sh" "$ROOT" "$(compiler_of dev)" "$ROOT/build/ossfuzz" undefined coverage
  ci_step tsan build build tsan
  ci_tests tsan -L fast
}

ci_main() {
  local seconds=15 full=0
  while (($# > 0)); do
    case $1 in
      -h | --help)
        ci_usage
        return
        ;;
      --seconds)
        need_value "$1" $#
        need_number "$1" "$2"
        seconds=$2
        shift 2
        ;;
      --full)
        full=1
        shift
        ;;
      *) die "$EXIT_USAGE" "ci takes no '$1'; see ./hpfuzz ci --help" ;;
    esac
  done
  set_up
  sanitizer_environment
  ci_begin "$ROOT/build/ci"
  ci_sanitizers
  ((full == 0)) || ci_full
  # Any build can tell; one from an earlier time may not know how.
  ci_end "$ROOT"/build/{dev,asan}/bin/hpfuzz
}
