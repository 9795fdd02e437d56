# SPDX-License-Identifier: Apache-2.0
# Toolchain file of the clang presets: the newest clang of those we know that can link a libFuzzer program. A compiler
# named by -DCMAKE_CXX_COMPILER or the environment's CXX is taken as it is.
if(NOT CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  foreach(candidate clang++-22 clang++-19 clang++-14 clang++)
    find_program(HPFUZZ_CLANG_${candidate} ${candidate})
    set(compiler ${HPFUZZ_CLANG_${candidate}})
    if(NOT compiler)
      continue()
    endif()
    # The runtime comes in a package of its own: without it clang prints the bare name instead of a path.
    execute_process(COMMAND ${compiler} -print-file-name=libclang_rt.fuzzer-${CMAKE_HOST_SYSTEM_PROCESSOR}.a
                    OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
    execute_process(COMMAND ${compiler} -print-runtime-dir OUTPUT_VARIABLE directory OUTPUT_STRIP_TRAILING_WHITESPACE)
    file(GLOB runtimes ${directory}/libclang_rt.fuzzer*)
    if(IS_ABSOLUTE "${runtime}" OR runtimes)
      set(CMAKE_CXX_COMPILER ${compiler} CACHE FILEPATH "C++ compiler")
      break()
    endif()
  endforeach()
  if(NOT CMAKE_CXX_COMPILER)
    message(FATAL_ERROR "no clang++ with the libFuzzer runtime; './hpfuzz setup' installs one")
  endif()
endif()
