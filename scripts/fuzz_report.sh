# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the logs of a fuzzing run say: the status line while it goes on, its findings, its summary. One log per process.
#
# A target prints lines "hpfuzz-stats: KEY=VALUE ..." with counts since its start, now and then and at its end: the last
# value of each key counts, summed over the processes. Keys: executions, operations, applied_both (operations applied on
# both sides), compared and suspended (comparisons made, and left out because of a clause), clause:ID. Of AFL++, in lines that
# fuzz_afl.sh writes: executions, edges, new (inputs that were kept), stability (in hundredths of a percent).

# The statistics of all logs as lines "KEY VALUE". libFuzzer's own figures are there too: executions where the target
# says nothing newer, and edges, of which the highest counts, as the lowest does of the stability.
sum_stats() {
  awk '
    function keep(key, value) { if (value > last[key]) last[key] = value; else last[key] += 0 }
    function finish(   key) {
      for (key in last) {
        if (key == "stability") { if (!(key in sum) || last[key] < sum[key]) sum[key] = last[key] }
        else if (key != "edges") sum[key] += last[key]
        else if (last[key] > sum[key]) sum[key] = last[key]
      }
      split("", last)
    }
    FNR == 1 { finish() }
    /^hpfuzz-stats: / {
      for (i = 2; i <= NF; ++i) if (at = index($i, "=")) keep(substr($i, 1, at - 1), substr($i, at + 1) + 0)
    }
    /^#[0-9]+\t/ {
      keep("executions", substr($1, 2) + 0)
      for (i = 2; i < NF; ++i) if ($i == "cov:") keep("edges", $(i + 1) + 0)
    }
    /^stat::number_of_executed_units:/ { keep("executions", $2 + 0) }
    END { finish(); for (key in sum) printf "%s %.0f\n", key, sum[key] }' "$1"/*.log
}

# Files that made the target stop, once each: in the logs named, in this run. A slow unit is no finding.
findings_in() { sed -n 's/.*Test unit written to //p' "$@" | grep -v '/slow-unit-' | sort -u; }
findings_of() { findings_in "$1"/*.log; }

# The key of the finding that a target's output, which is read, tells of.
key_in() {
  awk '
    /^Assertion failure: / { key = $3; exit }
    /^SUMMARY: / { sub(/^SUMMARY: [A-Za-z-]+: /, ""); key = $0; exit }
    END { print key == "" ? "unnamed" : key }'
}

# key_of LOGS FILE: the key of the finding, as the log that wrote the file names it.
key_of() {
  local log
  log=$(grep -lF "Test unit written to $2" "$1"/*.log | head -n 1)
  key_in <"$log"
}

inputs_in() { find "$1" -type f | wc -l; }

# status_line LOGS CORPUS ELAPSED SECONDS
status_line() {
  sum_stats "$1" | awk -v elapsed="$3" -v seconds="$4" -v inputs="$(inputs_in "$2")" \
    -v findings="$(findings_of "$1" | wc -l)" "$AWK_GROUPED"'
    { stat[$1] = $2 }
    END {
      printf "%d s, %d s to go: %s executions, %s/s, %s edges, corpus %s, findings %d", elapsed,
        elapsed < seconds ? seconds - elapsed : 0, grouped(stat["executions"]),
        grouped(stat["executions"] / (elapsed ? elapsed : 1)), grouped(stat["edges"]), grouped(inputs), findings
    }'
}

# 1234567 -> 1,234,567
# shellcheck disable=SC2016  # awk expands these
AWK_GROUPED='
  function grouped(n,   digits, groups) {
    digits = sprintf("%.0f", n)
    while (length(digits) > 3) {
      groups = "," substr(digits, length(digits) - 2) groups
      digits = substr(digits, 1, length(digits) - 3)
    }
    return digits groups
  }'

# Whether hpfuzz is built there too. The others are made for an engine or cost much, and every build replays alike.
has_own_replay() { [[ ! $1 =~ ^(afl|afl-asan|msan|tsan)$ ]]; }

# print_summary PRESET TARGET JOBS MICROSECONDS CORPUS LOGS
print_summary() {
  local preset=$1 target=$2 jobs=$3 microseconds=$4 corpus=$5 logs=$6
  local findings file replay=$0
  printf '\n%s, %s build, %s s, %s job%s\n' "$target" "$preset" $(((microseconds + 500000) / 1000000)) "$jobs" "$( ((jobs == 1)) || printf s)"
  sum_stats "$logs" | sort -k 1,1 | awk -v seconds="$microseconds"e-6 -v inputs="$(inputs_in "$corpus")" "$AWK_GROUPED"'
    function row(name, text) { printf "  %-13s %s\n", name, text }
    function per_second(n) { return " (" grouped(n / seconds) "/s)" }
    function percent(part, whole) { return sprintf("%.2f %%", whole ? 100 * part / whole : 0) }
    $1 ~ /^clause:/ {
      ++clauses
      if ($2 > 0) { id[++hit] = substr($1, 8); count[hit] = $2 }
      next
    }
    { stat[$1] = $2 }
    END {
      row("executions", grouped(stat["executions"]) per_second(stat["executions"]))
      if ("operations" in stat) {
        row("operations", grouped(stat["operations"]) per_second(stat["operations"]) ", " \
            percent(stat["applied_both"], stat["operations"]) " applied on both sides")
      }
      row("coverage", grouped(stat["edges"]) " edges, corpus of " grouped(inputs) " inputs" \
          ("new" in stat ? ", " grouped(stat["new"]) " of them new" : ""))
      if ("stability" in stat) row("stability", sprintf("%.2f %%", stat["stability"] / 100))
      if ("compared" in stat) {
        all = stat["compared"] + stat["suspended"]
        row("comparisons", grouped(all) ", of which clauses suspended " percent(stat["suspended"], all))
      }
      if (clauses) row("clauses hit", hit + 0 " of " clauses)
      for (i = 1; i <= hit; ++i) printf "    %-44s %14s\n", id[i], grouped(count[i])
    }'
  findings=$(findings_of "$logs")
  printf '  %-13s %s\n' findings "$(grep -c . <<<"$findings")"
  [[ $preset == asan ]] || ! has_own_replay "$preset" || replay="HPFUZZ_PRESET=$preset $0"
  replay+=" replay"
  [[ $target != info_block ]] || replay+=" --info-block"
  while [[ -n $findings ]] && read -r file; do
    printf '    %s\n      %s %s\n' "$(key_of "$logs" "$file")" "$replay" "${file#"$PWD/"}"
  done <<<"$findings"
}
