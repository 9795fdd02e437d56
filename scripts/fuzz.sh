# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word fuzz: builds a fuzz target, runs it on an engine for a while, shows how it goes and sums up. Sourced by the
# launcher; ci.sh uses fuzz_run too. Reading logs is in fuzz_report.sh, AFL++ in fuzz_afl.sh.
#
# What an engine E is: E_start starts its processes, E_poll renews the logs while they run, E_finish when they have ended.

# shellcheck source=scripts/fuzz_report.sh
source "$ROOT/scripts/fuzz_report.sh"
# shellcheck source=scripts/fuzz_afl.sh
source "$ROOT/scripts/fuzz_afl.sh"

readonly FUZZ_MAX_JOBS=256

fuzz_usage() {
  cat <<'TEXT'
Sets up, builds, fuzzes, and says what was found. Inputs that reached something new are kept in
build/fuzz/TARGET/corpus and are where the next run starts; the seeds in corpus/TARGET are always used too.

usage: ./hpfuzz fuzz [OPTION]...

  --seconds N      how long (60)
  --jobs N         so many processes that share one corpus (1, at most 256)
  --target NAME    what to fuzz (differential)
  --engine E       libfuzzer or afl (libfuzzer); AFL++ goes on after a finding
  --sanitizer S    asan, ubsan, asan+ubsan, msan, tsan or none (asan); with afl: asan or none
  --seed N         seed of the random numbers (chosen anew each time)
  --corpus DIR     keep the corpus there instead

Ctrl-C ends a run early, with its summary. Exit codes: 0 no findings, 1 findings, 2 bad usage, 3 the machine could not
be set up or the target does not start.

example: ./hpfuzz fuzz --seconds 600 --jobs 2
TEXT
}

fuzz_targets() { (cd "$ROOT/fuzzers" && printf '%s\n' *_fuzzer.cc | sed -n 's/_fuzzer\.cc$//p'); }

# Sets seconds, jobs, target, engine, sanitizer, seed and corpus of the caller.
fuzz_options() {
  local option
  while (($# > 0)); do
    if [[ $1 == --*=* ]]; then
      option=$1
      shift
      set -- "${option%%=*}" "${option#*=}" "$@"
    fi
    case $1 in
      --seconds | --jobs | --seed)
        need_value "$1" $#
        need_number "$1" "$2"
        [[ $1 != --jobs || $2 -le $FUZZ_MAX_JOBS ]] || die "$EXIT_USAGE" "--jobs takes at most $FUZZ_MAX_JOBS, not '$2'"
        printf -v "${1#--}" '%s' "$2"
        ;;
      --target | --engine | --sanitizer | --corpus)
        need_value "$1" $#
        printf -v "${1#--}" '%s' "$2"
        ;;
      *) die "$EXIT_USAGE" "fuzz takes no '$1'; see ./hpfuzz fuzz --help" ;;
    esac
    shift 2
  done
}

# preset_of ENGINE SANITIZER: the build that has both; fails if there is none.
preset_of() {
  case $1:$2 in
    libfuzzer:asan | libfuzzer:ubsan | libfuzzer:msan | libfuzzer:tsan) printf '%s' "$2" ;;
    libfuzzer:asan+ubsan | libfuzzer:ubsan+asan) printf dev ;;
    libfuzzer:none) printf release ;;
    afl:asan) printf afl-asan ;;
    afl:none) printf afl ;;
    *) return 1 ;;
  esac
}

# options_of TARGET SECTION: the lines of fuzzers/TARGET.options below [SECTION], without spaces.
options_of() {
  [[ ! -f $ROOT/fuzzers/$1.options ]] ||
    awk -v section="[$2]" '/^\[/ { ours = ($0 == section) } ours && /=/ { gsub(/ /, ""); print }' "$ROOT/fuzzers/$1.options"
}

# The target's options and its dictionary, as options of libFuzzer.
engine_options() {
  local target=$1
  [[ ! -f $ROOT/fuzzers/$target.dict ]] || printf -- '-dict=%s\n' "$ROOT/fuzzers/$target.dict"
  options_of "$target" libfuzzer | sed 's/^/-/'
}

# Starts the processes of a run; their ids go to the caller's pids.
libfuzzer_start() {
  local preset=$1 target=$2 work=$3 corpus=$4 seconds=$5 jobs=$6 seed=$7
  local options job arguments
  mapfile -t options < <(engine_options "$target")
  for ((job = 0; job < jobs; ++job)); do
    arguments=("${options[@]}" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="$work/findings/")
    [[ -z $seed ]] || arguments+=(-seed=$((seed + job)))
    arguments+=("$corpus")
    [[ ! -d $ROOT/corpus/$target ]] || arguments+=("$ROOT/corpus/$target")
    "$ROOT/build/$preset/bin/$target" "${arguments[@]}" </dev/null >"$work/logs/$job.log" 2>&1 &
    pids+=($!)
  done
}

libfuzzer_poll() { :; }
libfuzzer_finish() { :; }

# True while one of the processes runs.
any_alive() {
  local pid
  for pid in "$@"; do
    kill -0 "$pid" 2>/dev/null && return
  done
  return 1
}

# Waits for the processes; the status line is written over itself on a terminal, and every ten seconds elsewhere.
fuzz_watch() {
  local seconds=$1 corpus=$2 logs=$3
  shift 3
  local start=$SECONDS shown=0 line asked=0
  while any_alive "$@"; do
    if ((stopping && !asked)); then
      asked=1
      kill -INT "$@" 2>/dev/null
    elif ((stopping && SECONDS - stopped_at > 5)); then
      kill -KILL "$@" 2>/dev/null
    fi
    sleep 0.2
    ((SECONDS > shown)) || continue
    "${engine}_poll"
    line=$(status_line "$logs" "$corpus" $((SECONDS - start)) "$seconds")
    if [[ -t 1 ]]; then
      printf '\r\033[K%s' "$line"
      shown=$SECONDS
    elif ((SECONDS >= shown + 10)); then
      ((SECONDS - start < 10)) || printf '%s\n' "$line"
      shown=$SECONDS
    fi
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# fuzz_run PRESET TARGET SECONDS JOBS SEED CORPUS [ENGINE]: one run of a target that is built, with its summary. Returns 0
# without and 1 with findings, 3 if a process ended by itself without one.
fuzz_run() {
  local preset=$1 target=$2 seconds=$3 jobs=$4 seed=$5
  local work=$ROOT/build/fuzz/$target
  local corpus=${6:-$work/corpus} engine=${7:-libfuzzer}
  local pids=() stopping=0 stopped_at=0 started=${EPOCHREALTIME/[.,]/} took pid status broken=0
  mkdir -p "$corpus" "$work/findings" "$work/logs" || die "$EXIT_SETUP" "$work cannot be written"
  # Two runs of one target would write the same logs, and one could report the other's.
  exec 8>"$work/lock"
  flock -n 8 || die "$EXIT_USAGE" "another run of $target is under way in $work"
  rm -f "$work"/logs/*.log
  "${engine}_start" "$preset" "$target" "$work" "$corpus" "$seconds" "$jobs" "$seed"
  trap 'stopping=1; stopped_at=$SECONDS' INT TERM HUP
  fuzz_watch "$seconds" "$corpus" "$work/logs" "${pids[@]}"
  for pid in "${pids[@]}"; do
    wait "$pid"
    status=$?
    # 72: libFuzzer was interrupted; 137: it did not listen.
    ((status == 0 || stopping && (status == 72 || status == 137))) || broken=$((broken + 1))
  done
  trap - INT TERM HUP
  took=$((${EPOCHREALTIME/[.,]/} - started))
  "${engine}_finish"
  print_summary "$preset" "$target" "$jobs" "$took" "$corpus" "$work/logs"
  ((stopping == 0)) || say "Interrupted."
  [[ -z $(findings_of "$work/logs") ]] || return "$EXIT_FINDINGS"
  ((broken == 0)) && return
  say "hpfuzz: $target ended by itself, without a finding. The end of $work/logs/0.log:"
  tail -n 20 "$work/logs/0.log" >&2
  return "$EXIT_SETUP"
}

fuzz_main() {
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    fuzz_usage
    return
  fi
  local seconds=60 jobs=1 target=differential engine=libfuzzer sanitizer=asan seed='' corpus='' preset programs
  fuzz_options "$@"
  case $engine in
    libfuzzer | afl) ;;
    *) die "$EXIT_USAGE" "no engine '$engine'; known are libfuzzer and afl" ;;
  esac
  preset=$(preset_of "$engine" "$sanitizer") ||
    die "$EXIT_USAGE" "no sanitizer '$sanitizer' with $engine; see ./hpfuzz fuzz --help"
  fuzz_targets | grep -qxF -e "$target" ||
    die "$EXIT_USAGE" "no fuzz target '$target'; known are $(fuzz_targets | paste -sd ' ')"
  set_up
  sanitizer_environment
  [[ $engine != afl ]] || set_up_afl
  [[ $preset != msan ]] || "$ROOT/scripts/msan_toolchain.sh" || exit "$EXIT_SETUP"
  programs=("$target")
  has_own_replay "$preset" && programs+=(hpfuzz)
  build "$preset" "${programs[@]}"
  say "Fuzzing $target for $seconds s."
  fuzz_run "$preset" "$target" "$seconds" "$jobs" "$seed" "$corpus" "$engine"
}
