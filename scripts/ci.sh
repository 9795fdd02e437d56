# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word ci: what a continuous-integration machine runs. Sourced by the launcher.

# shellcheck source=scripts/fuzz.sh
source "$ROOT/scripts/fuzz.sh"
# shellcheck source=scripts/test.sh
source "$ROOT/scripts/test.sh"

ci_usage() {
  cat <<'TEXT'
The sanitizer job: for AddressSanitizer and for UndefinedBehaviorSanitizer, builds, runs every test, fuzzes each target
with a fixed seed from the committed seeds alone, and prints a table. The exit code is 0 only when all of it is clean.

usage: ./hpfuzz ci [--seconds N] [--full]

  --seconds N   how long each target is fuzzed (15)
  --full        AFL++, MemorySanitizer and ThreadSanitizer too (see docs/engines.md); installs what they need

example: ./hpfuzz ci --seconds 60
TEXT
}

# ci_step PRESET NAME COMMAND...: runs a step and adds its row to the caller's table.
ci_step() {
  local preset=$1 name=$2 result=ok start=$SECONDS
  shift 2
  printf '\n== %s: %s\n' "$preset" "$name"
  # In a shell of its own: a build that fails ends that one only.
  ("$@") || result=FAILED
  [[ $result == ok ]] || failed=1
  table+=("$(printf '%-8s %-24s %-8s %4d s' "$preset" "$name" "$result" $((SECONDS - start)))")
}

# From an empty corpus directory, so that a run depends on nothing but the checkout.
ci_fuzz() {
  local preset=$1 target=$2 seconds=$3
  local corpus
  corpus=$(mktemp -d) || return
  fuzz_run "$preset" --target "$target" --seconds "$seconds" --seed 1337 --corpus "$corpus"
  local status=$?
  rm -rf "$corpus"
  return "$status"
}

# Without tests: what links GoogleTest, which is not instrumented, would report what is none.
ci_msan() {
  local target
  ci_step msan toolchain "$ROOT/scripts/msan_toolchain.sh"
  ci_step msan build build msan fuzz_targets
  for target in $(fuzz_targets); do
    ci_step msan "seeds $target" "$ROOT/build/msan/bin/$target" -runs=0 "$ROOT/corpus/$target"
    ci_step msan "fuzz $target" ci_fuzz msan "$target" "$seconds"
  done
}

# set_up_afl ends the shell when it cannot install: a step runs in one of its own.
ci_full() {
  ci_step afl set-up set_up_afl
  ci_step afl build build afl
  ci_step afl tests run_tests afl
  ci_msan
  ci_step ossfuzz 'undefined, coverage' "$ROOT/scripts/ossfuzz_test.sh" "$ROOT" "$(compiler_of asan)" "$ROOT/build/ossfuzz" undefined coverage
  ci_step tsan build build tsan
  ci_step tsan 'fast tests' run_tests tsan -L fast
}

ci_main() {
  local seconds=15 full=0 failed=0 table=() preset target
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
  for preset in asan ubsan; do
    ci_step "$preset" build build "$preset"
    ci_step "$preset" tests run_tests "$preset"
    for target in $(fuzz_targets); do
      ci_step "$preset" "fuzz $target" ci_fuzz "$preset" "$target" "$seconds"
    done
  done
  ((full == 0)) || ci_full
  printf '\n%-8s %-24s %-8s %6s\n' build step result time
  printf '%s\n' "${table[@]}"
  return "$failed"
}
