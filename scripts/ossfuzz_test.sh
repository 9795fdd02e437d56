#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs .clusterfuzzlite/build.sh in an environment like that of OSS-Fuzz and checks what must be in $OUT, as OSS-Fuzz's own
# scripts do: the address build in full, with the engine as a flag and as an archive; of the others that they build and
# run. Not covered: the Docker image, libc++, engines other than libFuzzer.
#
# usage: ossfuzz_test.sh SOURCE_DIR CLANG++ WORK_DIR [address|undefined|coverage]...
# Exit codes: 0 all is as it must be, 1 something is not (named), 2 usage, 77 a program that this needs is not there.
set -uo pipefail

(($# >= 3)) || { sed -n 's/^# usage: //p' "$0" >&2; exit 2; }
source_dir=$1 compiler=$2 work=$3
shift 3
(($# > 0)) || set -- address undefined coverage
for program in zip unzip ninja readelf "$compiler"; do
  command -v "$program" >/dev/null || { echo "skipped: no $program"; exit 77; }
done

declare -A flags=(
  [address]="-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=address -fsanitize-address-use-after-scope -fsanitize=fuzzer-no-link"
  [undefined]="-O1 -fno-omit-frame-pointer -gline-tables-only -fsanitize=undefined -fno-sanitize-recover=undefined -fsanitize=fuzzer-no-link"
  [coverage]="-O1 -fprofile-instr-generate -fcoverage-mapping -pthread -Wno-unused-command-line-argument"
)
# What may be linked dynamically: the C library and what the compiler's runtimes bring.
readonly SHARED='^(linux-vdso|libc|libm|libdl|libpthread|librt|libgcc_s|libresolv|ld-linux-x86-64|/lib64/ld-linux-x86-64)\.so'

failures=0
fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

# build SANITIZER ENGINE: into $OUT, with everything that OSS-Fuzz sets. Compiled files stay for the next engine.
build() {
  local start=$SECONDS
  rm -rf "$OUT"
  mkdir -p "$OUT" "$work/$1"
  env -u CPPFLAGS -u LDFLAGS SRC="$work/src" WORK="$work/$1" OUT="$OUT" CC="${compiler/++/}" CXX="$compiler" CFLAGS="${flags[$1]}" \
    CXXFLAGS="${flags[$1]}" LIB_FUZZING_ENGINE="$2" FUZZING_ENGINE=libfuzzer SANITIZER="$1" ARCHITECTURE=x86_64 \
    "$source_dir/.clusterfuzzlite/build.sh" >"$work/build.log" 2>&1 ||
    { tail -n 30 "$work/build.log"; fail "build.sh, $1, $2"; exit 1; }
  printf '%s with %s: built in %d s\n' "$1" "$2" $((SECONDS - start))
}

check_files() {
  local target file seeds
  [[ ! -e $OUT/differential_canary ]] || fail "differential_canary is there"
  for target in "${targets[@]}"; do
    [[ $target =~ ^[A-Za-z0-9_-]+$ ]] || fail "the name '$target'"
    [[ -x $OUT/$target ]] || fail "no $target"
    seeds=$(unzip -Z1 "$OUT/${target}_seed_corpus.zip" | grep -cv '/$')
    ((seeds > 0 && seeds == $(find "$source_dir/corpus/$target" -type f | wc -l))) || fail "$seeds seeds of $target"
    for file in "$target.dict" "$target.options"; do
      [[ ! -e $source_dir/fuzzers/$file ]] || cmp -s "$source_dir/fuzzers/$file" "$OUT/$file" || fail "$file"
    done
  done
  # Everything that runs there and holds this text is taken for a target.
  file=$(find "$OUT" -type f -executable -exec grep -la LLVMFuzzerTestOneInput {} + | sed 's|.*/||' | sort | paste -sd ' ')
  [[ $file == "$(printf '%s\n' "${targets[@]}" | sort | paste -sd ' ')" ]] || fail "taken for targets: $file"
  [[ -z $(find "$OUT" -mindepth 1 -type d) ]] || fail "there are directories"
}

check_linking() {
  local target library
  for target in "${targets[@]}"; do
    while read -r library; do
      [[ $library =~ $SHARED ]] || fail "$target needs $library"
    done < <(ldd "$OUT/$target" | awk '{ print $1 }')
    readelf -d "$OUT/$target" | grep -E 'R(UN)?PATH' && fail "$target looks for libraries in a directory of its own"
  done
}

# From another place than the one they were built into.
check_running() {
  local target seeds
  rm -rf "$work/moved"
  mv "$OUT" "$work/moved"
  for target in "${targets[@]}"; do
    seeds=$work/seeds/$target
    rm -rf "$seeds"
    mkdir -p "$seeds"
    unzip -q "$work/moved/${target}_seed_corpus.zip" -d "$seeds"
    (cd / && "$work/moved/$target" -help=1) >"$work/run.log" 2>&1 || fail "$target -help=1 in $1"
    (cd "$seeds" && LLVM_PROFILE_FILE="$work/profile" "$work/moved/$target" -runs=100 -seed=1337 -len_control=0 \
      -artifact_prefix="$work/" "$seeds") >"$work/run.log" 2>&1 ||
      { tail -n 20 "$work/run.log"; fail "$target in $1"; }
  done
}

grep -qE '^language: c\+\+$' "$source_dir/.clusterfuzzlite/project.yaml" || fail "project.yaml names no language"
grep -qE '^main_repo: ' "$source_dir/.clusterfuzzlite/project.yaml" || fail "project.yaml names no main_repo"
rm -rf "$work"
mkdir -p "$work/src" || exit 2
OUT=$work/out
mapfile -t targets < <(cd "$source_dir/fuzzers" && printf '%s\n' *_fuzzer.cc | sed 's/_fuzzer\.cc$//')

for sanitizer in "$@"; do
  build "$sanitizer" -fsanitize=fuzzer
  check_files
  check_linking
  check_running "$sanitizer"
  if [[ $sanitizer == address ]]; then
    build address "$("$compiler" -print-file-name=libclang_rt.fuzzer-x86_64.a)"
    check_files
    check_linking
    check_running "$sanitizer"
  fi
done
((failures == 0)) && echo "As OSS-Fuzz wants it." && rm -rf "$work"
((failures == 0))
