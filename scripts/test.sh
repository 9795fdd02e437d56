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

The exit code is that of ctest, 0 when every test passed.

example: ./hpfuzz test -R trace
TEXT
}

# run_tests PRESET [CTEST-OPTION]...
run_tests() {
  local preset=$1
  shift
  (cd "$ROOT" && ctest --preset "$preset" --output-on-failure --parallel "$(nproc)" "$@")
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
