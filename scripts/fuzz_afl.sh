# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# AFL++ as an engine of the word fuzz. What afl-fuzz leaves behind is put into the words of libFuzzer's logs, which
# fuzz_report.sh reads: lines "hpfuzz-stats:" for its figures, and for each finding the output of the target on that input
# with "Test unit written to FILE". Sourced by fuzz.sh; the functions see the variables of fuzz_run.
#
# Below build/fuzz/TARGET/afl: in/ (the seeds of this run) and what afl-fuzz writes, made anew for each run.

# An input takes microseconds: one that is still running after this is a hang, however busy the machine is.
readonly AFL_TIMEOUT_MS=5000

# Installs AFL++ if it is not there.
set_up_afl() {
  if command -v afl-fuzz afl-showmap >/dev/null && [[ -e ${AFL_PATH:-/usr/lib/afl}/afl-compiler-rt.o ]]; then return; fi
  load_packages
  require_packages afl++
}

# Exports what afl-fuzz needs to start on any machine, and the lines of the target's options below [afl_environment]: there
# "name = value" stands for AFL_NAME=value.
afl_environment() {
  local preset=$1 target=$2 name value
  local mutator=$ROOT/build/$preset/bin/lib${target}_mutator.so
  # Nobody changes the settings of a machine for this: core dump handlers, the governor of the processor, free cores.
  export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
  export AFL_NO_UI=1 AFL_FORKSRV_INIT_TMOUT=60000
  [[ ! -e $mutator ]] || export AFL_CUSTOM_MUTATOR_LIBRARY=$mutator
  # afl-fuzz insists on these: a report must be a crash to it, and symbols would be looked up for each.
  export ASAN_OPTIONS="$ASAN_OPTIONS:abort_on_error=1:symbolize=0:detect_leaks=0"
  export UBSAN_OPTIONS="$UBSAN_OPTIONS:halt_on_error=1:abort_on_error=1:symbolize=0"
  while IFS='=' read -r name value; do
    export "AFL_${name^^}=$value"
  done < <(options_of "$target" afl_environment)
}

# afl_finding FILE TIME-LIMIT: runs the target on a file that made it stop under afl-fuzz. One file for each key is kept, the
# smallest; a hang that ends by itself is none.
afl_finding() {
  local file=$1 limit=$2 replay status key kept log other
  replay=$(timeout "$limit" "$ROOT/build/$preset/bin/$target" "$file" 2>&1 </dev/null | grep -av '^hpfuzz-stats: '
    exit "${PIPESTATUS[0]}")
  status=$?
  if ((status == 124)); then
    replay="SUMMARY: afl-fuzz: timeout"
  elif ((status == 0)); then
    [[ $file == */crashes/* ]] || return 0
    replay="SUMMARY: afl-fuzz: stopped-once-and-not-again"
  fi
  key=$(key_in <<<"$replay")
  log=${key//[^A-Za-z0-9_.-]/-}
  log=$work/logs/finding-${log:0:100}.log
  if [[ -e $log ]]; then
    other=$(findings_in "$log")
    (($(stat -c %s "$other") > $(stat -c %s "$file"))) || return 0
    rm -f "$other"
  fi
  kept=$work/findings/crash-$(sha1sum "$file" | cut -d ' ' -f 1)
  cp "$file" "$kept"
  printf '%s\nTest unit written to %s\n' "$replay" "$kept" >"$log"
}

# Fills in/ from the kept corpus and the committed seeds. What makes the target stop is a finding already, and afl-fuzz
# would have to do without it.
afl_seeds() {
  local in=$1 seeds=("$corpus") files i file
  [[ ! -d $ROOT/corpus/$target ]] || seeds+=("$ROOT/corpus/$target")
  mkdir -p "$in"
  find "${seeds[@]}" -type f -size +0 -exec cp -t "$in" {} +
  mapfile -t files < <(find "$in" -type f)
  for ((i = 0; i < ${#files[@]}; i += 256)); do
    "$ROOT/build/$preset/bin/$target" "${files[@]:i:256}" </dev/null >/dev/null 2>&1 && continue
    for file in "${files[@]:i:256}"; do
      "$ROOT/build/$preset/bin/$target" "$file" </dev/null >/dev/null 2>&1 && continue
      afl_finding "$file" 20
      rm -f "$file"
    done
  done
  [[ -n $(find "$in" -type f -print -quit) ]] || printf '\0' >"$in/nothing"
}

afl_start() {
  local preset=$1 target=$2 work=$3 corpus=$4 seconds=$5 jobs=$6 seed=$7
  local job arguments length
  rm -rf "$work/afl"
  afl_seeds "$work/afl/in"
  : >"$work/afl/new-inputs"
  touch -d @0 "$work/afl/kept"
  for ((job = 0; job < jobs; ++job)); do
    arguments=(-i "$work/afl/in" -o "$work/afl" -V "$seconds" -t "$AFL_TIMEOUT_MS")
    length=$(options_of "$target" libfuzzer | sed -n 's/^max_len=//p')
    [[ -z $length ]] || arguments+=(-G "$length")
    [[ ! -f $ROOT/fuzzers/$target.dict ]] || arguments+=(-x "$ROOT/fuzzers/$target.dict")
    [[ -z $seed ]] || arguments+=(-s $((seed + job)))
    if ((jobs > 1)); then
      if ((job == 0)); then arguments+=(-M main); else arguments+=(-S "worker-$job"); fi
    fi
    (
      afl_environment "$preset" "$target"
      exec afl-fuzz "${arguments[@]}" -- "$ROOT/build/$preset/bin/$target"
    ) </dev/null >"$work/logs/$job.log" 2>&1 &
    pids+=($!)
  done
}

# The figures of one instance, the largest of what it says: at its end in fuzzer_stats, while it runs now and then in
# plot_data, but not in its first minute, and in the names of its queue (so many executions had there been before).
afl_figures() {
  local instance=$1
  find "$instance/queue" -name '*,execs:*' -printf '%f\n' 2>/dev/null |
    awk -F 'execs:' '$2 + 0 > most { most = $2 + 0 } END { print "executions=" most + 0 }'
  awk -F ', *' '!/^#/ { executions = $12; edges = $13 } END { if (executions) print "executions=" executions " edges=" edges }' \
    "$instance/plot_data" 2>/dev/null
  awk -F ' *: *' '
    $1 == "execs_done" { print "executions=" $2 }
    $1 == "edges_found" { print "edges=" $2 }
    $1 == "stability" { sub(/%/, "", $2); print "stability=" $2 * 100 }' "$instance/fuzzer_stats" 2>/dev/null
}

# New queue entries go into the kept corpus, named as libFuzzer names its own.
afl_keep_inputs() {
  local sum file
  touch "$work/afl/now"
  while read -r sum file; do
    [[ ! -e $corpus/$sum ]] || continue
    cp "$file" "$corpus/$sum"
    echo "$sum" >>"$work/afl/new-inputs"
  done < <(find "$work/afl" -path '*/queue/id:*' ! -name '*,orig:*' ! -name '*,sync:*' -newer "$work/afl/kept" \
    -exec sha1sum {} +)
  # A file written in this very moment is looked at again the next time.
  touch -d "$(date -R -r "$work/afl/now") - 2 seconds" "$work/afl/kept"
}

afl_poll() {
  local instance file
  for instance in "$work"/afl/*/; do
    [[ -e $instance/fuzzer_stats || -e $instance/plot_data ]] || continue
    afl_figures "$instance" | sed 's/^/hpfuzz-stats: /' >"$work/logs/stats-$(basename "$instance").log"
  done
  afl_keep_inputs
  printf 'hpfuzz-stats: new=%d\n' "$(wc -l <"$work/afl/new-inputs")" >"$work/logs/stats.log"
  while read -r file; do
    [[ -e $work/afl/seen-${file//\//-} ]] && continue
    : >"$work/afl/seen-${file//\//-}"
    afl_finding "$work/afl/$file" $((2 * AFL_TIMEOUT_MS / 1000))
  done < <(cd "$work/afl" && find . \( -path '*/crashes/id:*' -o -path '*/hangs/id:*' \) | sort)
}

afl_finish() {
  touch -d @0 "$work/afl/kept"
  afl_poll
}
