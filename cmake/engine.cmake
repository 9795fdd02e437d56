# SPDX-License-Identifier: Apache-2.0
# HPFUZZ_DRIVER=engine: the environment brings everything, as that of OSS-Fuzz does: LIB_FUZZING_ENGINE is what supplies
# main(), a flag or an archive, and CXXFLAGS hold optimisation, sanitizers and coverage, for every file alike. What is
# linked must run on another machine, where there is a C library and nothing else.
include_guard(GLOBAL)

set(HPFUZZ_ENGINE "$ENV{LIB_FUZZING_ENGINE}" CACHE STRING "A flag that links a fuzzing engine, or the path of its archive")
if(NOT HPFUZZ_ENGINE)
  message(FATAL_ERROR "HPFUZZ_DRIVER=engine needs LIB_FUZZING_ENGINE in the environment, or -DHPFUZZ_ENGINE=...")
endif()
if(HPFUZZ_SANITIZERS)
  message(FATAL_ERROR "HPFUZZ_DRIVER=engine takes its sanitizers from CXXFLAGS; HPFUZZ_SANITIZERS must be empty")
endif()

separate_arguments(engine UNIX_COMMAND "${HPFUZZ_ENGINE}")
foreach(part IN LISTS engine)
  if(part MATCHES "^-[^lL]")
    target_link_options(hpfuzz_driver INTERFACE ${part})
  else()
    target_link_libraries(hpfuzz_driver INTERFACE ${part})
  endif()
endforeach()

# With either C++ library: the flag means the one that is in use.
target_link_options(hpfuzz_driver INTERFACE -static-libstdc++)
# Debian's package of Abseil describes the shared libraries; the archives lie beside them.
get_directory_property(imported IMPORTED_TARGETS)
list(FILTER imported INCLUDE REGEX "^absl::")
foreach(target IN LISTS imported)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    get_target_property(configuration ${target} IMPORTED_CONFIGURATIONS)
    get_target_property(shared ${target} IMPORTED_LOCATION_${configuration})
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive ${shared})
    if(NOT EXISTS ${archive})
      message(FATAL_ERROR "${target} is ${shared}, and there is no ${archive} beside it to link statically")
    endif()
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} ${archive})
  endif()
endforeach()
