# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What tests in shell assert with. Sourced; `failures` counts.

failures=0

# expect WHAT COMMAND...: the command succeeds.
expect() {
  local what=$1
  shift
  "$@" && return
  printf 'FAIL: %s\n' "$what"
  failures=$((failures + 1))
}
