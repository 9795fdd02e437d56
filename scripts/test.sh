# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word test: builds the dev preset (ASan and UBSan) and runs every test. Sourced by the launcher.

test_usage() {
  cat <<'TEXT'
Sets up, builds with AddressSanitizer and UndefinedBehaviorSanitizer, and runs every test.

usage: ./hpfuzz test [CTEST-OPTION]...

  -L fast    without the slow tests
  -R REGEX   only tests whose name matches
  -N         only list them

Exit codes: 0 every test passed, 1 one did not or none was selected, 3 the machine could not be set up.

example: ./hpfuzz test -R trace
TEXT
}

# run_tests PRESET [CTEST-OPTION]...
run_tests() {
  local preset=$1
  shift
  (cd "$ROOT" && ctest --preset "$preset" --output-on-failure --no-tests=error --parallel "$(nproc)" "$@") || return 1
}

test_main() {
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    test_usage
    return
  fi
  set_up
  sanitizer_environment
  build dev
  run_tests dev "$@"
}
