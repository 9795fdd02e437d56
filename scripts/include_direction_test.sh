#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Proves the include direction of the house: for every pair of folders, including a header of the one from the other
# compiles exactly when the build's table (floors.txt) allows it; the headers of each folder compile against that
# folder's include root alone; no file leaves its folder by a relative path.
# Not covered: whether the table is the right one.
#
# usage: include_direction_test.sh SOURCE_DIR INCLUDE_ROOTS COMPILER [FLAG...]
set -uo pipefail

source_dir=$1
roots=$2
shift 2
compiler=("$@")
failures=0
pairs=0

fail() {
  printf 'FAIL: %s\n' "$*"
  failures=$((failures + 1))
}

headers_of() { (cd "$source_dir" && find "$1" -maxdepth 1 -name '*.h' 2>/dev/null | sort); }

# Compiles the lines of standard input against the include root of $1.
compiles() { "${compiler[@]}" -fsyntax-only -x c++ -I "$roots/$1" - 2>&1; }

declare -A folder_of seen_by
while IFS=: read -r name seen; do
  read -r own _ <<<"$seen"
  folder_of[$name]=$own
  seen_by[$name]="$seen "
done <"$roots/floors.txt"
cd / || exit 2  # an include in standard input is looked up in the working directory first

for name in "${!seen_by[@]}"; do
  own=${folder_of[$name]}
  if ! output=$(headers_of "$own" | sed 's/.*/#include "&"/' | compiles "$name"); then
    fail "headers of $own need more than $own may include:"$'\n'"$output"
  fi

  for other in "${!folder_of[@]}"; do
    target=${folder_of[$other]}
    header=$(headers_of "$target" | head -n 1)
    [[ $target == "$own" || -z $header ]] && continue
    pairs=$((pairs + 1))
    # The guard keeps a header that is found from being read: what it includes in turn was judged above.
    output=$(printf '#include "%s"\n' "$header" | "${compiler[@]}" -E -x c++ -I "$roots/$name" - 2>&1 >/dev/null)
    status=$?
    if [[ ${seen_by[$name]} == *" $target "* ]]; then
      [[ $status == 0 ]] || fail "$own may include $header, yet it does not compile:"$'\n'"$output"
    elif [[ $status == 0 ]]; then
      fail "$own must not include $header, yet it compiles"
    elif [[ $output != *"$header"*"not found"* && $output != *"$header: No such file"* ]]; then
      fail "$own including $header failed for another reason:"$'\n'"$output"
    fi
  done

  relative=$(cd "$source_dir" && grep -nE '#include "(\.|[^/"]*")' "$own"/*.h "$own"/*.cc 2>/dev/null)
  [[ -z $relative ]] || fail "includes name their folder:"$'\n'"$relative"
done

printf '%d folders, %d pairs of folders tried, %d failures\n' "${#seen_by[@]}" "$pairs" "$failures"
[[ $failures == 0 && $pairs != 0 ]]
