#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes what the preset msan links: libc++, libc++abi and Abseil, compiled with MemorySanitizer by clang 19 from Debian's source
# packages. MemorySanitizer takes what any other code wrote for uninitialised. Everything lies in build/msan-toolchain; what
# is there is not made again.
#
# usage: scripts/msan_toolchain.sh
# Exit codes: 0 it is there, 3 it cannot be made (the reason is named; the log is build/msan-toolchain/log).
set -uo pipefail
export LC_ALL=C.UTF-8
ROOT=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
readonly ROOT
readonly MADE=$ROOT/build/msan-toolchain

# shellcheck source=scripts/common.sh
source "$ROOT/scripts/common.sh"

# Changes here make it anew: the stamp is the sum of this file and the compiler's version.
state() { cat "${BASH_SOURCE[0]}" <(clang++-19 --version 2>/dev/null) | sha1sum; }

fail() {
  tail -n 15 "$MADE/log" >&2
  die "$EXIT_SETUP" "the toolchain for MemorySanitizer cannot be made: $*; see $MADE/log"
}

# apt-get with lists and sources of its own: the machine's have no source packages, and are left as they are. How the
# machine reaches its mirrors it knows from its own configuration.
private_apt() {
  apt-get -q -o Dir::Etc::sourcelist="$MADE/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$MADE/apt/lists" -o Dir::Cache="$MADE/apt/cache" -o APT::Sandbox::User=root \
    "$@" >>"$MADE/log" 2>&1
}

# The mirrors that the machine takes Debian's packages from, as mirrors of sources.
list_sources() {
  mkdir -p "$MADE/apt/lists/partial" "$MADE/apt/cache/archives/partial" "$MADE/src"
  # shellcheck disable=SC2016  # apt-get expands these
  apt-get indextargets --format '$(ORIGIN)|deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' 2>>"$MADE/log" | sed -n 's/^Debian|//p' | grep ' main$' | sort -u \
    >"$MADE/apt/sources.list"
  [[ -s $MADE/apt/sources.list ]] || fail "this machine takes no packages from Debian"
}

# unpack PACKAGE PATH...: those parts of the package's original source, below src/PACKAGE.
unpack() {
  local package=$1 archive
  shift
  (cd "$MADE/src" && private_apt source --download-only "$package") || fail "no source of $package"
  archive=$(find "$MADE/src" -maxdepth 1 -name "${package}_*.orig.tar.*" ! -name '*.asc' | sort | tail -n 1)
  mkdir -p "$MADE/src/$package"
  tar -xf "$archive" -C "$MADE/src/$package" --strip-components=1 --wildcards --no-wildcards-match-slash \
    "${@/#/*/}" >>"$MADE/log" 2>&1 ||
    fail "$archive cannot be unpacked"
  rm -f "$MADE/src/$package"_*
}

# cmake_install SOURCE NAME [CMAKE-OPTION]...
cmake_install() {
  local from=$1 name=$2
  shift 2
  say "Building $name with MemorySanitizer."
  cmake -S "$from" -B "$MADE/build/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=clang-19 \
    -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_INSTALL_PREFIX="$MADE" "$@" >>"$MADE/log" 2>&1 ||
    fail "$name cannot be configured"
  cmake --build "$MADE/build/$name" --target install >>"$MADE/log" 2>&1 || fail "$name does not build"
}

[[ ! -f $MADE/stamp || $(<"$MADE/stamp") != "$(state)" ]] || exit 0
command -v apt-get >/dev/null || die "$EXIT_SETUP" "the toolchain for MemorySanitizer is made of Debian's packages: no apt-get"
rm -rf "$MADE"
mkdir -p "$MADE"
load_packages
require_packages clang-19 libclang-rt-19-dev llvm-19 lld-19 cmake ninja-build
list_sources
say "Fetching the sources of libc++ and Abseil."
private_apt update || fail "the lists of source packages cannot be read"
unpack llvm-toolchain-19 runtimes libcxx libcxxabi libc cmake llvm/cmake llvm/utils/llvm-lit
unpack abseil absl CMake CMakeLists.txt

cmake_install "$MADE/src/llvm-toolchain-19/runtimes" libc++ \
  -DLLVM_ENABLE_RUNTIMES='libcxx;libcxxabi' -DLLVM_USE_SANITIZER=Memory -DLLVM_INCLUDE_TESTS=OFF \
  -DLIBCXX_ENABLE_SHARED=OFF -DLIBCXX_INCLUDE_TESTS=OFF -DLIBCXX_INCLUDE_BENCHMARKS=OFF \
  -DLIBCXXABI_ENABLE_SHARED=OFF -DLIBCXXABI_INCLUDE_TESTS=OFF -DLIBCXXABI_USE_LLVM_UNWINDER=OFF
cmake_install "$MADE/src/abseil" Abseil -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF -DCMAKE_CXX_STANDARD=17 \
  -DABSL_PROPAGATE_CXX_STD=ON -DCMAKE_CXX_FLAGS="-fsanitize=memory -g1 -nostdinc++ -isystem $MADE/include/c++/v1" \
  -DCMAKE_EXE_LINKER_FLAGS="-fuse-ld=lld -nostdlib++ -L$MADE/lib -lc++ -lc++abi"
rm -rf "$MADE/src" "$MADE/build" "$MADE/apt"
state >"$MADE/stamp"
