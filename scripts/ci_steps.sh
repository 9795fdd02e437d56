# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The steps of a CI run: each runs in a shell of its own, its output goes to the terminal and to a log, and how it ended goes
# to steps.tsv (its format: triage/ci_steps.h), from which the report is made. Sourced by ci.sh and ci_steps_test.sh.
#
# A step that fails does not keep the others from running, but the steps of a build that could not be made are not tried, and
# nothing is once the run was stopped by a signal, which is handed on to the step that runs.

# A step that was told to stop gets so many seconds.
[[ -v CI_GRACE ]] || readonly CI_GRACE=15

# ci_begin FOLDER: forgets the run before.
ci_begin() {
  CI=$1
  CI_BROKEN=' ' # builds that failed
  CI_STOPPED=0
  CI_STEP=0 # the process group of the step that runs
  rm -rf "$CI"
  mkdir -p "$CI/logs" "$CI/findings" || die "$EXIT_SETUP" "$CI cannot be written"
  : >"$CI/steps.tsv"
  trap 'CI_STOPPED=$((SECONDS + 1)) && ci_tell' INT TERM HUP # never 0
}

# Tells the step that runs, if one does, to stop: by SIGINT, on which builds, tests and engines end with their summary.
ci_tell() { ((CI_STEP == 0)) || kill -INT -- "-$CI_STEP" 2>/dev/null; }

# ci_row BUILD STEP RESULT MILLISECONDS LOG DETAILS
ci_row() {
  local IFS=$'\t'
  printf '%s\n' "$*" >>"$CI/steps.tsv"
}

# Waits for the step that runs and returns its status; kills it when it was told to stop and does not.
ci_wait() {
  local status
  while wait "$CI_STEP"; status=$?; kill -0 "$CI_STEP" 2>/dev/null; do
    while ((CI_STOPPED != 0 && SECONDS - CI_STOPPED < CI_GRACE)) && kill -0 "$CI_STEP" 2>/dev/null; do sleep 0.2; done
    ((CI_STOPPED == 0)) || kill -KILL -- "-$CI_STEP" 2>/dev/null
  done
  # The status may be that of a wait that a signal ended.
  ((CI_STOPPED == 0)) || status=130
  return "$status"
}

# ci_step [-d EXTENSION] BUILD NAME COMMAND...: runs a step. With -d it leaves a file of details beside its log.
ci_step() {
  local details=''
  if [[ $1 == -d ]]; then
    details=$2
    shift 2
  fi
  local build=$1 name=$2 started=${EPOCHREALTIME/[.,]/} result=ok
  shift 2
  local log=logs/$build-${name//[^a-z0-9_]/-}
  details=${details:+$log.$details}
  log+=.log
  if ((CI_STOPPED != 0)) || [[ $CI_BROKEN == *" $build "* ]]; then
    ci_row "$build" "$name" skipped 0 "$log" "$details"
    return
  fi
  ci_row "$build" "$name" running 0 "$log" "$details"
  printf '\n== %s: %s\n' "$build" "$name"
  local ready
  if ! ready=$(mktemp -u) || ! mkfifo "$ready"; then die "$EXIT_SETUP" "${TMPDIR:-/tmp} cannot be written"; fi
  # In a process group of its own, so that a signal for the step reaches all of it and nothing else.
  set -m
  # Its status is that of the pipe: the launcher sets pipefail. What it says to the end is kept: it begins when the other end
  # ignores the signal.
  { (: <"$ready" && "$@") </dev/null 2>&1 | (trap '' INT && : >"$ready" && exec tee "$CI/$log"); } &
  CI_STEP=$!
  set +m
  # The signal may have come before its number was known.
  ((CI_STOPPED == 0)) || ci_tell
  ci_wait || result=failed
  rm -f "$ready"
  CI_STEP=0
  ((CI_STOPPED == 0)) || return # its row says that it runs
  [[ $result == ok || ! $name =~ ^(build|set-up|toolchain)$ ]] || CI_BROKEN+="$build "
  ci_row "$build" "$name" "$result" $(((${EPOCHREALTIME/[.,]/} - started) / 1000)) "$log" "$details"
}

# ci_end PROGRAM...: prints the table and writes junit.xml and results.sarif, by the first of the programs that is there and
# can. Returns 0 when all is clean, else 1.
ci_end() {
  local program status
  trap '' INT TERM HUP
  printf '\n'
  for program in "$@"; do
    [[ -x $program ]] || continue
    "$program" ci-report "$CI" --root "$ROOT"
    status=$?
    ((status > EXIT_FINDINGS)) || break
    status=
  done
  if [[ -z ${status-} ]]; then
    ci_plain_report
    status=$EXIT_FINDINGS
  fi
  printf 'Reports: %s/junit.xml, %s/results.sarif; logs: %s/logs\n' "$CI" "$CI" "$CI"
  trap - INT TERM HUP
  return "$status"
}

# The report when hpfuzz could not be built: what the rows say and no more. Fields have no markup: build and step are ours.
ci_plain_report() {
  awk -F'\t' -v junit="$CI/junit.xml" -v sarif="$CI/results.sarif" '
    { step = $1 FS $2; if (!(step in row)) name[++n] = step; row[step] = $0 }
    END {
      printf "%-8s %-24s %-8s %7s\n", "build", "step", "result", "time"
      print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hpfuzz ci\">\n  <testsuite name=\"ci\">" >junit
      for (i = 1; i <= n; ++i) {
        split(row[name[i]], field)
        printf "%-8s %-24s %-8s %5.0f s\n", field[1], field[2], field[3], field[4] / 1000
        if (field[3] == "skipped") inside = "<skipped/>"
        else inside = field[3] == "ok" ? "" : "<error message=\"" field[3] ", see " field[5] "\"/>"
        printf "    <testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">%s</testcase>\n", field[1], field[2],
          field[4] / 1000, inside >junit
        if (field[3] == "failed" || field[3] == "running") {
          notes = notes (notes ? ", " : "") sprintf("{\"level\": \"error\", \"message\": {\"text\": \"%s: %s: %s\"}}", field[1],
            field[2], field[3])
        }
      }
      print "  </testsuite>\n</testsuites>" >junit
      printf "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"hpfuzz\"}}, \"invocations\": [{" \
        "\"executionSuccessful\": false, \"toolExecutionNotifications\": [%s]}], \"results\": []}]}\n", notes >sarif
    }' "$CI/steps.tsv"
}
