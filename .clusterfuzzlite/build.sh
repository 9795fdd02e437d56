#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# Builds every fuzz target into $OUT, as OSS-Fuzz and ClusterFuzzLite ask for it: the target, its seeds, its dictionary and its
# options. The environment says with what: CC, CXX, CFLAGS, CXXFLAGS (optimisation, sanitizer and coverage flags),
# LIB_FUZZING_ENGINE, SANITIZER, SRC, WORK, OUT.
#
# Abseil is the system's, unless the C++ library is another one than the system's packages are made for, or must be
# instrumented: then it is built from $SRC/abseil-cpp.

# Where this file lies when it is run in a checkout, and where the Dockerfile puts the checkout.
HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
readonly HERE
source_dir=$SRC/hotplug-fuzz
[[ ! -f $HERE/../CMakeLists.txt ]] || source_dir=$(readlink -f "$HERE/..")
: "${SANITIZER:=address}"
export CC CXX CFLAGS CXXFLAGS LIB_FUZZING_ENGINE

# No flags of CMake's own for optimisation: those of the environment are all there are.
cmake_build() {
  local from=$1 to=$2
  shift 2
  cmake -S "$from" -B "$to" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS_RELWITHDEBINFO= \
    -DCMAKE_CXX_FLAGS_RELWITHDEBINFO= -DBUILD_TESTING=OFF "$@"
}

if [[ " $CXXFLAGS " == *" -stdlib=libc++ "* || $SANITIZER == memory ]]; then
  cmake_build "$SRC/abseil-cpp" "$WORK/abseil-build" -DCMAKE_INSTALL_PREFIX="$WORK/abseil" -DCMAKE_CXX_STANDARD=17 \
    -DABSL_PROPAGATE_CXX_STD=ON -DBUILD_SHARED_LIBS=OFF
  cmake --build "$WORK/abseil-build" --target install
fi

cmake_build "$source_dir" "$WORK/build" -DHPFUZZ_DRIVER=engine -DHPFUZZ_ENGINE="$LIB_FUZZING_ENGINE" -DHPFUZZ_CLI=OFF \
  -DCMAKE_PREFIX_PATH="$WORK/abseil" -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF
cmake --build "$WORK/build" --target fuzz_targets

while IFS= read -r target; do
  cp "$WORK/build/bin/$target" "$OUT/"
  for extra in dict options; do
    [[ ! -f $source_dir/fuzzers/$target.$extra ]] || cp "$source_dir/fuzzers/$target.$extra" "$OUT/"
  done
  if [[ -d $source_dir/corpus/$target ]]; then
    rm -f "$OUT/${target}_seed_corpus.zip"
    (cd "$source_dir/corpus/$target" && zip -q -r "$OUT/${target}_seed_corpus.zip" .)
  fi
done <"$WORK/build/fuzz_targets.txt"
