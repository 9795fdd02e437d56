#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The word bench: builds programs with known bugs patched in, or with many mutants behind a switch, and hands on to
# `hpfuzz bench`. What was built is kept under a key of the sources and the patch: a second run builds nothing.
set -uo pipefail
export LC_ALL=C.UTF-8
SOURCE=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly SOURCE COPY=$SOURCE/build/bugs/tree BENCH=$SOURCE/build/bench
# What the programs are made of.
readonly PARTS=(CMakeLists.txt CMakePresets.json cmake files hotplug machine trace impl_legacy impl_subsection oracle registry fuzzers)

usage() {
  cat <<'TEXT'
Measures how many bugs fuzzing finds, and how fast (docs/power.md).

usage: ./hpfuzz bench bugs [OPTION]... [PATCH]...
       ./hpfuzz bench mutants [OPTION]...

bugs      the known bugs of bugs/, one patched in at a time: every contender looks for each, from nothing

  --contenders LIST   names with commas between, or all: structured, bytes, afl, random, rapidcheck, ndctl, corpus
                      (structured,ndctl,corpus)
  --seeds N           runs of each, with the seeds 1 to N (5)
  --seconds N         for each run (60)
  --jobs N            runs at a time, a core each (2)
  --shard I/N         of N machines this is number I: every Nth patch. Results of all, in one folder, are one report
  --results DIR       the results, a file each (build/bench/bugs); those that are there are not run again
  --report            only report what is in that folder

mutants   small generic changes of impl_legacy/ and impl_subsection/, drawn at random: the corpus, then a short run of the target

  --count N           so many (300)
  --draw N            the seed they are drawn with (1)
  --seconds N         of fuzzing for those that the corpus lets live (5)
  --jobs N            mutants at a time (2)
  --results DIR       for the reports (build/bench/mutants)

Prints a table, and writes DIR.md, DIR.report.json and, of bugs, DIR.svg, found bugs over time.
Exit codes: 0 it ran, whatever was found, 2 bad usage, 3 it cannot be built, a run failed or was interrupted.

example: ./hpfuzz bench bugs --seeds 1 --seconds 10 bugs/nvdimm/*.patch
TEXT
}

ROOT=$SOURCE
# shellcheck source=scripts/common.sh
source "$SOURCE/scripts/common.sh"
# shellcheck source=scripts/patched_copy.sh
source "$SOURCE/scripts/patched_copy.sh"
# shellcheck source=scripts/fuzz.sh
source "$SOURCE/scripts/fuzz.sh"

# in_copy PRESET TARGET...: builds in the copy.
in_copy() {
  local ROOT=$COPY
  build "$@"
}

# Once, before the first that has to be built.
copied=0
need_copy() {
  ((copied)) || refresh_copy
  copied=1
}

# Of everything that the programs are made of, and of the compiler.
key_of_sources() {
  {
    (cd "$SOURCE" && find "${PARTS[@]}" -type f -print0 | sort -z | xargs -0 sha256sum)
    "$(compiler_of asan)" --version
  } | sha256sum | cut -c 1-16
}

# Which target looks for the bugs of a folder: the same one for every contender.
target_of() {
  case $1 in
    nvdimm/*) printf namespace ;;
    *) printf differential ;;
  esac
}

# keep FOLDER PRESET PROGRAM...: programs of the copy, in FOLDER/PRESET: all of them or none.
keep() {
  local folder=$1/$2 bin=$COPY/build/$2/bin program
  shift 2
  rm -rf "$folder.new"
  mkdir -p "$folder.new" || die "$EXIT_SETUP" "$folder.new cannot be written"
  for program in "$@"; do
    cp "$bin/$program" "$folder.new" || die "$EXIT_SETUP" "$folder.new cannot be written"
  done
  rm -rf "$folder"
  mv "$folder.new" "$folder"
}

# build_programs FOLDER TARGET...: those that are not kept there yet, from the copy as it is.
build_programs() {
  local folder=$1 target libraries=()
  shift
  if [[ ! -d $folder/asan ]]; then
    in_copy asan "$@" contender
    keep "$folder" asan "$@" contender
  fi
  if ((afl)) && [[ ! -d $folder/afl-asan ]]; then
    in_copy afl-asan "$@"
    for target in "$@"; do libraries+=("lib${target}_mutator.so"); done
    keep "$folder" afl-asan "$@" "${libraries[@]}"
  fi
}

# Whether all that is asked for is kept.
is_built() { [[ -d $1/asan ]] && { ((!afl)) || [[ -d $1/afl-asan ]]; }; }

# build_mutant PATCH FOLDER TARGET: patches the copy, builds, and takes the patch out again.
build_mutant() {
  is_built "$2" && return
  say "Building ${1#"$SOURCE"/}."
  need_copy
  apply_patch "$1" || die "$EXIT_USAGE" "$1 does not apply"
  build_programs "$2" "$3"
  apply_patch --reverse "$1" || die "$EXIT_SETUP" "$1 cannot be taken out again"
}

# build_mutants LIST PATCH...: and writes their list.
build_mutants() {
  local list=$1 patch name key folder target
  shift
  : >"$list" || exit "$EXIT_SETUP"
  for patch in "$@"; do
    name=$(basename "$(dirname "$patch")")/$(basename "$patch" .patch)
    key=$(sha256sum <"$patch" | cut -c 1-16)
    folder=$BENCH/programs/$sources/$key
    target=$(target_of "$name")
    build_mutant "$patch" "$folder" "$target"
    printf '%s\t%s\t%s\t%s\n' "$name" "$target" "$sources-$key" "$folder" >>"$list"
  done
}

# Programs of sources as they no longer are go.
drop_old_programs() {
  local folder
  for folder in "$BENCH/programs"/*/; do
    [[ $(basename "$folder") == "$sources" ]] || rm -rf "$folder"
  done
}

# Every patch of bugs/ but those of witness/, which are no bugs of kernels.
all_patches() { find "$SOURCE/bugs" -name '*.patch' -not -path '*/witness/*' | sort; }

read_patches() {
  local patch
  patches=()
  (($# > 0)) || mapfile -t patches < <(all_patches)
  for patch in "$@"; do
    [[ -f $patch && -r $patch ]] || die "$EXIT_USAGE" "$patch: no such patch"
    patches+=("$(readlink -f "$patch")")
  done
}

# Leaves every Nth of the patches.
take_shard() {
  if [[ ! $shard =~ ^([1-9][0-9]{0,3})/([1-9][0-9]{0,3})$ ]] || ((BASH_REMATCH[1] > BASH_REMATCH[2])); then
    die "$EXIT_USAGE" "--shard needs I/N with I from 1 to N, not '$shard'"
  fi
  local first=$((BASH_REMATCH[1] - 1)) step=${BASH_REMATCH[2]} i taken=()
  for ((i = first; i < ${#patches[@]}; i += step)); do taken+=("${patches[i]}"); done
  patches=("${taken[@]}")
}

set_up_bench() {
  set_up
  mkdir -p "$SOURCE/build/bugs" "$BENCH/programs" || die "$EXIT_SETUP" "$BENCH cannot be written"
  # Two runs would patch one copy.
  exec 8>"$SOURCE/build/bugs/lock"
  flock -n 8 || die "$EXIT_USAGE" "another run is under way in $SOURCE/build/bugs"
  build asan hpfuzz
  sanitizer_environment
  # These would change what is measured.
  unset HPFUZZ_BYTES_ONLY HPFUZZ_MUTANT HPFUZZ_PAIR HPFUZZ_WITHOUT
}

bench_bugs() {
  local contenders=structured,ndctl,corpus shard=1/1 results=$BENCH/bugs report=0 jobs=2 handed_on=() patches afl=0 sources
  while [[ ${1-} == -* ]]; do
    case $1 in
      --report)
        report=1
        shift
        continue
        ;;
      --contenders | --shard | --results)
        need_value "$1" $#
        printf -v "${1#--}" '%s' "$2"
        ;;
      --jobs | --seeds | --seconds)
        need_value "$1" $#
        need_number "$1" "$2"
        if [[ $1 == --jobs ]]; then jobs=$2; else handed_on+=("$1" "$2"); fi
        ;;
      *) die "$EXIT_USAGE" "bench bugs takes no '$1'; --help tells" ;;
    esac
    shift 2
  done
  if ((report)); then
    build asan hpfuzz
    exec "$SOURCE/build/asan/bin/hpfuzz" bench bugs --results "$results"
  fi
  [[ ,$contenders, == *,afl,* || ,$contenders, == *,all,* ]] && afl=1
  read_patches "$@"
  take_shard
  set_up_bench
  ((!afl)) || set_up_afl
  sources=$(key_of_sources)
  drop_old_programs
  if ! is_built "$BENCH/programs/$sources/clean"; then
    need_copy
    build_programs "$BENCH/programs/$sources/clean" differential namespace
  fi
  build_mutants "$BENCH/mutants-${shard/\//-of-}.tsv" "${patches[@]}"
  exec 8>&-
  exec "$SOURCE/build/asan/bin/hpfuzz" bench bugs --mutants "$BENCH/mutants-${shard/\//-of-}.tsv" --source "$SOURCE" \
    --clean "$BENCH/programs/$sources/clean/asan" --results "$results" --contenders "$contenders" --jobs "$jobs" "${handed_on[@]}"
}

# build_all_mutants FOLDER COUNT SEED: one set of programs that holds all of them, and their list.
build_all_mutants() {
  local folder=$1
  [[ -e $folder/list && -d $folder/asan ]] && return
  say "Making $2 mutants."
  refresh_copy
  mkdir -p "$folder" || die "$EXIT_SETUP" "$folder cannot be written"
  "$SOURCE/scripts/make_mutants.py" make "$SOURCE" "$COPY" "$2" "$3" "$folder/list.new" "$(compiler_of asan)" ||
    die "$EXIT_SETUP" "no mutants were made"
  in_copy asan differential namespace contender
  keep "$folder" asan differential namespace contender
  mv "$folder/list.new" "$folder/list"
  rm -f "$COPY/hotplug/mutant_switch.h"
}

bench_mutants() {
  local count=300 draw=1 results=$BENCH/mutants afl=0 handed_on=() jobs=2 sources key folder
  while [[ ${1-} == -* ]]; do
    need_value "$1" $#
    [[ $1 == --results ]] || need_number "$1" "$2"
    case $1 in
      --results | --count | --draw | --jobs) printf -v "${1#--}" '%s' "$2" ;;
      --seconds) handed_on+=("$1" "$2") ;;
      *) die "$EXIT_USAGE" "bench mutants takes no '$1'; --help tells" ;;
    esac
    shift 2
  done
  (($# == 0)) || die "$EXIT_USAGE" "bench mutants takes no '$1'; --help tells"
  set_up_bench
  sources=$(key_of_sources)
  drop_old_programs
  key=$(cat "$SOURCE/scripts/make_mutants.py" "$SOURCE/scripts/mutant_sites.py" | sha256sum | cut -c 1-16)
  folder=$BENCH/programs/$sources/mutants-$key-$count-$draw
  build_all_mutants "$folder" "$count" "$draw"
  exec 8>&-
  exec "$SOURCE/build/asan/bin/hpfuzz" bench mutants --mutants "$folder/list" --programs "$folder/asan" --source "$SOURCE" \
    --results "$results" --jobs "$jobs" "${handed_on[@]}"
}

word=${1-}
[[ $# == 0 ]] || shift
[[ ${1-} != -h && ${1-} != --help ]] || word=--help
case $word in
  bugs) bench_bugs "$@" ;;
  mutants) bench_mutants "$@" ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit "$EXIT_USAGE"
    ;;
esac
