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
The sanitizer job: for AddressSanitizer and for UndefinedBehaviorSanitizer, builds, replays repro/, runs the committed seeds
of each target, and fuzzes each with a fixed seed from those alone; under the first it runs the fast tests too. At the end, also
when something failed or the job was stopped, it prints a table and writes the same for other programs. The exit code is 0 only
when all of it is clean; a finding that is muted does not count.

usage: ./hpfuzz ci [--seconds N] [--full]

  --seconds N   how long each target is fuzzed (15)
  --full        the slow tests, among them one in a browser, AFL++, MemorySanitizer and ThreadSanitizer too (see docs/engines.md);
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

ci_replay() { cd "$ROOT" && "build/$1/bin/hpfuzz" replay --quiet repro; }

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

# The tests once, and the slow ones only with --full: under both sanitizers at once `./hpfuzz test` has them all, and a third of
# a build is what only they need.
ci_asan() {
  local only=(-L fast)
  if ((full != 0)); then
    only=()
    ci_step asan browser set_up_browser
  fi
  ci_step asan build build asan
  ci_step asan 'replay repro' ci_replay asan
  ci_targets asan
  ci_tests asan "${only[@]}"
}

ci_ubsan() {
  ci_step ubsan build build ubsan hpfuzz fuzz_targets
  ci_step ubsan 'replay repro' ci_replay ubsan
  ci_targets ubsan
}

# Without tests: what links GoogleTest, which is not instrumented, would report what is none.
ci_msan() {
  ci_step msan toolchain "$ROOT/scripts/msan_toolchain.sh"
  ci_step msan build build msan fuzz_targets
  ci_targets msan
}

# set_up_afl, as set_up_browser, ends the shell when it cannot install: a step runs in one of its own.
ci_full() {
  ci_step afl set-up set_up_afl
  ci_step afl build build afl
  ci_tests afl
  ci_msan
  ci_step ossfuzz 'undefined, coverage' "$ROOT/scripts/ossfuzz_test.sh" "$ROOT" "$(compiler_of asan)" "$ROOT/build/ossfuzz" undefined coverage
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
  ci_asan
  ci_ubsan
  ((full == 0)) || ci_full
  # Any build can tell; one from an earlier time may not know how.
  ci_end "$ROOT"/build/{asan,ubsan,dev}/bin/hpfuzz
}
