# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word coverage: which lines and regions the committed inputs reach, by clang's source-based coverage. Sourced by the
# launcher.

coverage_usage() {
  cat <<'TEXT'
Builds with source-based coverage, runs corpus/ and repro/ once, and says which part of each folder they reach. Machines of the
seeds and of repro/v5 are run on the pairs with series-v5 and on two mainlines, too. The whole report, line by line, is in
build/coverage/report: index.html, and report.txt for the terminal.

usage: ./hpfuzz coverage [OPTION]...

  --tests            run the fast tests and the canary too: what they reach counts, and it is trace and oracle of which
                     every region must be reached or have a reason
  --uncovered DIR    also print the lines of DIR that were not reached

Exit codes: 0 done, 1 an input that should agree does not, or a region of the layers was not reached and has no reason in
docs/uncovered.txt (with --tests, of trace and oracle), 2 bad usage, 3 the machine could not be set up.

example: ./hpfuzz coverage --uncovered impl_subsection
TEXT
}

# shellcheck source=scripts/fuzz.sh
source "$ROOT/scripts/fuzz.sh"
# shellcheck source=scripts/test.sh
source "$ROOT/scripts/test.sh"

# Folders whose coverage is worth a row, those of which each region that no committed input reaches has a reason in
# docs/uncovered.txt, and those that tests must reach, too.
readonly COVERAGE_FOLDERS=(hotplug machine impl_legacy impl_subsection trace oracle oracle/reference registry)
# Pairs that nobody runs who does not ask for them, with targets whose seeds are machines.
readonly COVERAGE_PAIRS=("legacy,series-v5" "series-v5,mainline-6.1" "mainline-6.1,mainline-6.12")
readonly COVERAGE_PAIR_TARGETS=(differential namespace)
readonly COVERAGE_OF_INPUTS=(machine impl_legacy impl_subsection) COVERAGE_OF_TESTS=(trace oracle)

# llvm_tool NAME: the tool that goes with the compiler of the build.
llvm_tool() {
  local directory
  directory=$(dirname "$(readlink -f "$(compiler_of coverage)")")
  [[ -x $directory/$1 ]] || die "$EXIT_SETUP" "there is no $1 beside the compiler in $directory"
  printf '%s/%s' "$directory" "$1"
}

# Runs what the rows shall count; fails if an input that should agree does not.
coverage_run() {
  local work=$1 tests=$2 bin=$ROOT/build/coverage/bin target pair failed=0
  for target in $(fuzz_targets); do
    [[ ! -d $ROOT/corpus/$target ]] || "$bin/$target" "$ROOT/corpus/$target" >"$work/$target.log" 2>&1 || failed=1
  done
  find "$ROOT/repro" -path "$ROOT/repro/open" -prune -o -name '*.trace' -print0 | sort -z |
    xargs -0 "$bin/hpfuzz" replay >"$work/replay.log" 2>&1 || failed=1
  for pair in "${COVERAGE_PAIRS[@]}"; do
    for target in "${COVERAGE_PAIR_TARGETS[@]}"; do
      HPFUZZ_PAIR=$pair "$bin/$target" "$ROOT/corpus/$target" >"$work/$target-$pair.log" 2>&1 || failed=1
    done
    # Others expect what 5.1 and mainline leave for each other on their media.
    "$bin/hpfuzz" replay --pair "$pair" "$ROOT/repro/v5" >"$work/replay-$pair.log" 2>&1 || failed=1
  done
  ((tests)) || return "$failed"
  run_tests coverage -L fast >"$work/tests.log" 2>&1 || failed=1
  # It traps, and the shell would say so.
  { "$bin/differential_canary" "$ROOT/corpus/differential" >"$work/canary.log" 2>&1; } 2>/dev/null && failed=1
  return "$failed"
}

# coverage_rows REPORT: "FOLDER LINES MISSED PERCENT REGIONS MISSED PERCENT" from the summary that llvm-cov exports.
coverage_rows() {
  local folder
  for folder in "${COVERAGE_FOLDERS[@]}"; do
    awk -v folder="$folder" -v root="$ROOT" '
      BEGIN { RS = "\"filename\":\"" }
      NR > 1 {
        name = substr($0, 1, index($0, "\"") - 1)
        # A file is seen below an include root of the build tree, or where it is.
        sub(".*/build/coverage/include/[a-z_]*/", "", name)
        sub(root "/", "", name)
        directory = name
        sub("/[^/]*$", "", directory)
        if (directory != folder) next
        for (i = 1; i <= 2; ++i) {
          kind = i == 1 ? "lines" : "regions"
          part = substr($0, index($0, "\"" kind "\":{"))
          match(part, /"count":[0-9]+/); count[i] += substr(part, RSTART + 8, RLENGTH - 8)
          match(part, /"covered":[0-9]+/); covered[i] += substr(part, RSTART + 10, RLENGTH - 10)
        }
      }
      function percent(i) { return count[i] ? 100 * covered[i] / count[i] : 100 }
      END {
        printf "%-18s %7d %7d %7.2f %9d %7d %7.2f\n", folder, count[1], count[1] - covered[1], percent(1), count[2],
          count[2] - covered[2], percent(2)
      }' "$1"
  done
}

# Clauses of the contract that no input was governed by.
clauses_not_hit() {
  # shellcheck disable=SC2016  # backquotes of Markdown
  comm -23 <("$ROOT/build/coverage/bin/hpfuzz" contract | sed -n 's/^| `\([a-z-]*\)` | .* | .* | .* | .* | .* | .* | .*/\1/p' | sort -u) \
    <(cat "$1"/*.log | sed -n 's/^hpfuzz-stats: clause:\([a-z-]*\)=[1-9].*/\1/p; s/^  clause \([a-z-]*\): in .*/\1/p' | sort -u)
}

coverage_main() {
  local tests=0 uncovered='' work=$ROOT/build/coverage/report status=0 objects=() targets=() target
  while (($# > 0)); do
    case $1 in
      -h | --help)
        coverage_usage
        return
        ;;
      --tests) tests=1 && shift ;;
      --uncovered)
        need_value "$1" $#
        [[ -d $ROOT/$2 ]] || die "$EXIT_USAGE" "there is no folder '$2'"
        uncovered=$2
        shift 2
        ;;
      *) die "$EXIT_USAGE" "coverage takes no '$1'; see ./hpfuzz coverage --help" ;;
    esac
  done
  set_up
  ((tests)) || mapfile -t targets < <(fuzz_targets && echo hpfuzz)
  build coverage "${targets[@]}"
  rm -rf "$work" "$ROOT/build/coverage/profile"
  mkdir -p "$work"
  # %m: programs that share objects write files of their own; %p: and so do processes.
  export LLVM_PROFILE_FILE=$ROOT/build/coverage/profile/%m-%p.profraw
  coverage_run "$work" "$tests" || status=$EXIT_FINDINGS
  # A process that a test ends by force leaves half a profile, which is left out.
  "$(llvm_tool llvm-profdata)" merge --sparse --failure-mode=all -o "$work/all.profdata" \
    "$ROOT"/build/coverage/profile/*.profraw 2>"$work/llvm-profdata.log" ||
    die "$EXIT_SETUP" "the profiles cannot be merged"
  # Programs that were run, not what an earlier build left there.
  ((tests == 0)) || mapfile -t targets < <(cd "$ROOT/build/coverage/bin" && find . -maxdepth 1 -type f -executable -printf '%P\n' | sort)
  for target in "${targets[@]}"; do
    [[ $target == hpfuzz || $target == *_canary || $target == *tiny* ]] || objects+=(-object "$ROOT/build/coverage/bin/$target")
  done
  local arguments=("$ROOT/build/coverage/bin/hpfuzz" "${objects[@]}" -instr-profile "$work/all.profdata"
    -ignore-filename-regex '(^/usr/|/tests/|/bench/)')
  "$(llvm_tool llvm-cov)" report "${arguments[@]}" >"$work/report.txt" 2>"$work/llvm-cov.log"
  {
    "$(llvm_tool llvm-cov)" show "${arguments[@]}" -format=html -output-dir "$work"
    "$(llvm_tool llvm-cov)" export "${arguments[@]}" -summary-only >"$work/summary.json"
    "$(llvm_tool llvm-cov)" export "${arguments[@]}" >"$work/regions.json"
  } >>"$work/llvm-cov.log" 2>&1
  printf '%-18s %7s %7s %7s %9s %7s %7s\n' folder lines missed % regions missed %
  coverage_rows "$work/summary.json"
  printf 'clauses not hit: %s\n' "$(clauses_not_hit "$work" | paste -sd ' ')"
  [[ -z $uncovered ]] || "$(llvm_tool llvm-cov)" show "${arguments[@]}" -region-coverage-lt=100 2>/dev/null |
    awk -v folder="/$uncovered/" '/^\// { name = $0; shown = 0 } index(name, folder) && /^ *[0-9]+\| *0\|/ { if (!shown++) print name; print }'
  local folders=("${COVERAGE_OF_INPUTS[@]}")
  ((tests == 0)) || folders=("${COVERAGE_OF_TESTS[@]}")
  "$ROOT/scripts/uncovered.py" "$work/regions.json" "$ROOT/docs/uncovered.txt" "$ROOT" "${folders[@]}" || status=$EXIT_FINDINGS
  printf 'report: %s/index.html\n' "$work"
  return "$status"
}
