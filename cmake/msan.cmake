# SPDX-License-Identifier: Apache-2.0
# Toolchain file of the preset msan: clang 19 with the instrumented libc++ and Abseil of scripts/msan_toolchain.sh.
set(made ${CMAKE_CURRENT_LIST_DIR}/../build/msan-toolchain)
get_filename_component(made ${made} ABSOLUTE)
if(NOT EXISTS ${made}/stamp)
  message(FATAL_ERROR "no instrumented libraries: scripts/msan_toolchain.sh makes them")
endif()
set(CMAKE_CXX_COMPILER clang++-19)
list(PREPEND CMAKE_PREFIX_PATH ${made})
set(CMAKE_CXX_FLAGS_INIT "-nostdinc++ -isystem ${made}/include/c++/v1")
# libFuzzer's own archive is compiled against libstdc++, whose part it alone uses. Archives in the midst of a link line are
# enough for lld, and CMake's own trials see them there.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld -nostdlib++ -L${made}/lib -lc++ -lc++abi -lstdc++")
