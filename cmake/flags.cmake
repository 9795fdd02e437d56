# SPDX-License-Identifier: Apache-2.0
# Three interface targets:
#   hpfuzz_flags     warnings, sanitizers, linker: for every file of the project
#   hpfuzz_coverage  edge counters: for the code under test only
#   hpfuzz_driver    what supplies main() of a fuzz target
include_guard(GLOBAL)
include(CheckLinkerFlag)

if(HPFUZZ_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(HPFUZZ_CCACHE_PROGRAM ccache)
  mark_as_advanced(HPFUZZ_CCACHE_PROGRAM)
  if(HPFUZZ_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${HPFUZZ_CCACHE_PROGRAM})
  endif()
endif()

add_library(hpfuzz_flags INTERFACE)
target_compile_options(hpfuzz_flags INTERFACE -Wall -Wextra)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Sees overlapping copies of impossible length inside std::string (GCC bug 105651).
  target_compile_options(hpfuzz_flags INTERFACE -Wno-restrict)
endif()
check_linker_flag(CXX -fuse-ld=lld HPFUZZ_HAVE_LLD)
if(HPFUZZ_HAVE_LLD)
  target_link_options(hpfuzz_flags INTERFACE -fuse-ld=lld)
endif()
if(HPFUZZ_SANITIZERS)
  # A report must end the run, or an engine would not see it as a crash; frame pointers keep its stack readable.
  set(sanitize -fsanitize=${HPFUZZ_SANITIZERS} -fno-sanitize-recover=all)
  target_compile_options(hpfuzz_flags INTERFACE ${sanitize} -fno-omit-frame-pointer)
  target_link_options(hpfuzz_flags INTERFACE ${sanitize})
  if(HPFUZZ_SANITIZERS MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION
                                                                                 VERSION_GREATER_EQUAL 15)
    # Frames on the heap are what the detection costs, a third of the operation loop; nothing here hands out locals.
    target_compile_options(hpfuzz_flags INTERFACE -fsanitize-address-use-after-return=never
                                                  -fno-sanitize-address-use-after-scope)
  endif()
  if(HPFUZZ_SANITIZERS MATCHES "address" AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Neighbouring zeroes of a small struct would be joined into a memset, short loops be taken for a memmove: calls into the
    # sanitizer here.
    target_compile_options(hpfuzz_flags INTERFACE -fno-builtin-memset -fno-builtin-memcpy -fno-builtin-memmove)
  endif()
endif()

# The judge: oracle and references. Fuzzing watches the code under test; what judges it is watched where it is tested, in
# builds with HPFUZZ_SANITIZE_JUDGE. Linked after hpfuzz_flags, so that its option comes last.
add_library(hpfuzz_judge INTERFACE)
if(HPFUZZ_SANITIZERS AND NOT HPFUZZ_SANITIZE_JUDGE)
  target_compile_options(hpfuzz_judge INTERFACE -fno-sanitize=all)
endif()

set(driver ${HPFUZZ_DRIVER})
if(driver STREQUAL "auto")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(driver libfuzzer)
  else()
    set(driver standalone)
  endif()
endif()

# Neither Ninja nor ccache look into the list, and ccache leaves out definitions: its name says what is in it.
set(list ${CMAKE_CURRENT_LIST_DIR}/uncovered.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
file(MD5 ${list} hash)
file(COPY_FILE ${list} ${PROJECT_BINARY_DIR}/uncovered-${hash}.txt ONLY_IF_DIFFERENT)
set(uncovered -fsanitize-coverage-ignorelist=${PROJECT_BINARY_DIR}/uncovered-${hash}.txt)

add_library(hpfuzz_coverage INTERFACE)
add_library(hpfuzz_driver INTERFACE)
if(driver STREQUAL "libfuzzer")
  set(coverage -fsanitize=fuzzer-no-link ${uncovered})
  if(HPFUZZ_SANITIZERS)
    # Comparisons are traced in plain builds only: here the sanitizers' own checks would be traced too, at half the speed.
    list(APPEND coverage -fno-sanitize-coverage=trace-cmp)
  endif()
  target_compile_options(hpfuzz_coverage INTERFACE ${coverage})
  # Every program that links an instrumented library needs this, fuzz target or not.
  target_link_options(hpfuzz_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(hpfuzz_driver INTERFACE -fsanitize=fuzzer)
elseif(driver STREQUAL "afl")
  include(${CMAKE_CURRENT_LIST_DIR}/afl.cmake)
  target_compile_options(hpfuzz_coverage INTERFACE -fsanitize-coverage=trace-pc-guard ${uncovered})
  # Every program that links an instrumented library needs the runtime. An option, not a library: it is given once.
  target_link_options(hpfuzz_flags INTERFACE ${HPFUZZ_AFL_RUNTIME})
  target_link_libraries(hpfuzz_driver INTERFACE ${HPFUZZ_AFL_DRIVER})
elseif(driver STREQUAL "engine")
  include(${CMAKE_CURRENT_LIST_DIR}/engine.cmake)
elseif(driver STREQUAL "standalone")
  target_sources(hpfuzz_driver INTERFACE ${PROJECT_SOURCE_DIR}/fuzzers/standalone_main.cc)
else()
  message(FATAL_ERROR "HPFUZZ_DRIVER is '${HPFUZZ_DRIVER}'; known are libfuzzer, afl, engine, standalone and auto")
endif()
set(HPFUZZ_DRIVER_IN_USE ${driver})
