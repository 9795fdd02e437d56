# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The word fuzz: sets up, builds a fuzz target for an engine, and hands on to `hpfuzz fuzz`, which runs it. Sourced by the
# launcher; other scripts use what is here about targets and builds.

readonly FUZZ_MAX_JOBS=256

fuzz_usage() {
  cat <<'TEXT'
Sets up, builds, fuzzes, and says what was found. A finding does not end a run: inputs are kept by its key in
build/fuzz/TARGET/findings/KEY, and the run goes on. Inputs that reached something new are kept in build/fuzz/TARGET/corpus and
are where the next run starts; the seeds in corpus/TARGET are used too.

usage: ./hpfuzz fuzz [OPTION]...

  --seconds N      how long (60)
  --jobs N         so many processes that share one corpus (1, at most 256)
  --target NAME    what to fuzz (differential)
  --engine E       libfuzzer or afl (libfuzzer)
  --sanitizer S    asan, ubsan, asan+ubsan, msan, tsan or none (asan); with afl: asan or none
  --pair A,B       two of legacy, series-v5, mainline-6.1 and mainline-6.12 (legacy,mainline-6.1); kept in build/fuzz/TARGET-A,B
  --without LIST   clauses of the pair that excuse nothing: ids, numbers of known bugs such as B6, or known
  --seed N         seed of the random numbers (chosen anew each time)
  --stop-at-first  end at the first finding that is not muted
  --mutes FILE     known findings that are shown and do not count, a line each: KEY until YYYY-MM-DD  # reason
                   (muted.txt at the top of the tree, if it is there)
  --json FILE      write the summary there, for programs
  --corpus DIR     keep the corpus there instead
  --no-seeds       leave corpus/TARGET out
  --work DIR       logs, findings and corpus go there (build/fuzz/TARGET)

Ctrl-C ends a run early, with its summary. Exit codes: 0 no findings but muted ones, 1 findings, 2 bad usage, 3 the machine
could not be set up or the target does not start.

example: ./hpfuzz fuzz --seconds 600 --jobs 2
TEXT
}

fuzz_targets() { (cd "$ROOT/fuzzers" && printf '%s\n' *_fuzzer.cc | sed -n 's/_fuzzer\.cc$//p'); }

# Sets target, engine and sanitizer of the caller; what `hpfuzz fuzz` takes goes to its array `handed_on`.
fuzz_options() {
  local option
  while (($# > 0)); do
    if [[ $1 == --*=* ]]; then
      option=$1
      shift
      set -- "${option%%=*}" "${option#*=}" "$@"
    fi
    case $1 in
      --stop-at-first | --no-seeds)
        handed_on+=("$1")
        shift
        continue
        ;;
      --seconds | --jobs | --seed)
        need_value "$1" $#
        need_number "$1" "$2"
        [[ $1 != --jobs || $2 -le $FUZZ_MAX_JOBS ]] || die "$EXIT_USAGE" "--jobs takes at most $FUZZ_MAX_JOBS, not '$2'"
        handed_on+=("$1" "$2")
        ;;
      --corpus | --work | --mutes | --json | --pair | --without)
        need_value "$1" $#
        handed_on+=("$1" "$2")
        ;;
      --target | --engine | --sanitizer)
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

# runner_of PRESET: the build whose hpfuzz runs the targets of this one. Some are made for an engine, or cost much.
runner_of() {
  case $1 in
    afl | afl-asan | msan | tsan) printf asan ;;
    *) printf '%s' "$1" ;;
  esac
}

# Installs AFL++ if it is not there.
set_up_afl() {
  if command -v afl-fuzz afl-showmap >/dev/null && [[ -e ${AFL_PATH:-/usr/lib/afl}/afl-compiler-rt.o ]]; then return; fi
  load_packages
  require_packages afl++
}

# fuzz_run PRESET [OPTION]...: `hpfuzz fuzz` with the targets of a build.
fuzz_run() {
  local preset=$1
  shift
  "$ROOT/build/$(runner_of "$preset")/bin/hpfuzz" fuzz --bin "$ROOT/build/$preset/bin" --source "$ROOT" "$@"
}

fuzz_main() {
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    fuzz_usage
    return
  fi
  local target=differential engine=libfuzzer sanitizer=asan handed_on=() preset runner
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
  [[ $engine != afl ]] || set_up_afl
  [[ $preset != msan ]] || "$ROOT/scripts/msan_toolchain.sh" || exit "$EXIT_SETUP"
  runner=$(runner_of "$preset")
  if [[ $runner == "$preset" ]]; then
    build "$preset" "$target" hpfuzz
  else
    build "$preset" "$target"
    build "$runner" hpfuzz
  fi
  exec "$ROOT/build/$runner/bin/hpfuzz" fuzz --bin "$ROOT/build/$preset/bin" --source "$ROOT" --target "$target" \
    --engine "$engine" "${handed_on[@]}"
}
