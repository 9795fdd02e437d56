# SPDX-License-Identifier: Apache-2.0
# HPFUZZ_DRIVER=afl: AFL++'s runtime for programs, and for afl-fuzz a library with the mutator of each target that has one.
include_guard(GLOBAL)

# The compiler needs no wrapper: AFL++'s objects take the edges that clang's own instrumentation reports.
find_file(HPFUZZ_AFL_RUNTIME afl-compiler-rt.o PATHS ENV AFL_PATH /usr/lib/afl /usr/local/lib/afl NO_DEFAULT_PATH)
find_library(HPFUZZ_AFL_DRIVER AFLDriver PATHS ENV AFL_PATH /usr/lib/afl /usr/local/lib/afl NO_DEFAULT_PATH)
mark_as_advanced(HPFUZZ_AFL_RUNTIME HPFUZZ_AFL_DRIVER)
if(NOT HPFUZZ_AFL_RUNTIME OR NOT HPFUZZ_AFL_DRIVER)
  message(FATAL_ERROR "HPFUZZ_DRIVER=afl needs AFL++'s afl-compiler-rt.o and libAFLDriver.a: install the package afl++, or "
                      "set AFL_PATH to the directory that holds them")
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "HPFUZZ_DRIVER=afl needs clang's -fsanitize-coverage, and the compiler is ${CMAKE_CXX_COMPILER}")
endif()

# What the mutators stand on, once more: position-independent, without sanitizers and without coverage, neither of which
# afl-fuzz has.
function(hpfuzz_afl_mutator_core)
  file(GLOB sources CONFIGURE_DEPENDS trace/*.cc hotplug/*.cc)
  list(FILTER sources EXCLUDE REGEX "/(recorded|iomem)[^/]*$")  # readers of other people's files
  add_library(hpfuzz_afl_mutator_core STATIC ${sources} ${HPFUZZ_FUZZER_GLUE} fuzzers/afl/havoc.cc)
  target_include_directories(hpfuzz_afl_mutator_core PUBLIC ${HPFUZZ_FUZZERS_ROOT})
  target_compile_options(hpfuzz_afl_mutator_core PUBLIC -Wall -Wextra -fvisibility=hidden -ffunction-sections)
  target_link_libraries(hpfuzz_afl_mutator_core PUBLIC hpfuzz_geometry_x86_64 ${absl})
  set_target_properties(hpfuzz_afl_mutator_core PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# hpfuzz_afl_mutator(NAME SOURCE): makes lib<NAME>_mutator.so if SOURCE, the file of the fuzz target NAME, defines
# LLVMFuzzerCustomMutator. What else is in that file is dead there: the linker drops it before it looks for what it calls,
# and with "defs" fails when something is missing that the mutator does call.
function(hpfuzz_afl_mutator name source)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(STRINGS ${source} mutator REGEX "LLVMFuzzerCustomMutator")
  if(NOT mutator)
    return()
  endif()
  if(NOT TARGET hpfuzz_afl_mutator_core)
    hpfuzz_afl_mutator_core()
  endif()
  add_library(${name}_mutator MODULE ${source} fuzzers/afl/custom_mutator.cc)
  target_link_libraries(${name}_mutator PRIVATE hpfuzz_afl_mutator_core)
  target_link_options(${name}_mutator PRIVATE -Wl,--gc-sections -Wl,-z,defs)
  set_target_properties(${name}_mutator PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
  add_dependencies(${name} ${name}_mutator)
endfunction()
