# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word setup: installs what is missing and does nothing else. Sourced by the launcher.

setup_usage() {
  cat <<'TEXT'
Installs the Debian packages that building, testing and fuzzing need, if any is missing.

usage: ./hpfuzz setup

example: ./hpfuzz setup && ./hpfuzz test
TEXT
}

setup_main() {
  case ${1-} in
    -h | --help) setup_usage ;;
    '')
      set_up
      say "Everything is installed."
      ;;
    *) die "$EXIT_USAGE" "setup takes no '$1'; see ./hpfuzz setup --help" ;;
  esac
}
