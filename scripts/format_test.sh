#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Test: every C++ file of the project is as .clang-format has it.
#
# usage: format_test.sh ROOT CLANG-FORMAT
# Exit codes: 0 all are, 1 some are not (named), 2 usage, 77 the formatter is of another version than Debian 12's: others
# disagree with it in places.
set -uo pipefail

(($# == 2)) || { echo "usage: format_test.sh ROOT CLANG-FORMAT" >&2; exit 2; }
cd "$1" || exit 2
"$2" --version | grep -q 'version 14\.' || { echo "skipped: $("$2" --version)"; exit 77; }

mapfile -t files < <(find bench campaign cli fuzzers hotplug impl_legacy impl_subsection machine oracle process registry tests trace \
  triage -name '*.cc' -o -name '*.h')
((${#files[@]} > 100)) || { echo "only ${#files[@]} files found" >&2; exit 1; }
unformatted=0
for file in "${files[@]}"; do
  # Not --dry-run: it takes offence at the closing comment of inline namespaces, which it would not change.
  "$2" "$file" | cmp -s - "$file" && continue
  echo "$file: not formatted"
  unformatted=1
done
exit "$unformatted"
