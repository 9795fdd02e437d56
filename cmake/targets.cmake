# SPDX-License-Identifier: Apache-2.0
# Programs. fuzzers/NAME_fuzzer.cc becomes the fuzz target NAME; the other files of fuzzers/ are glue they share.
# cli/*.cc becomes hpfuzz, which links the core of every geometry.
include_guard(GLOBAL)

# Makes the fuzz target NAME from SOURCES and EXTRA objects, in the geometry of real machines.
function(hpfuzz_fuzz_target name source)
  add_executable(${name} ${source} ${HPFUZZ_FUZZER_GLUE} ${ARGN})
  target_include_directories(${name} PRIVATE ${HPFUZZ_FUZZERS_ROOT})
  target_link_libraries(${name} PRIVATE hpfuzz_flags hpfuzz_driver hpfuzz_geometry_x86_64 hpfuzz_registry_x86_64
                                        hpfuzz_coverage ${absl})
endfunction()

file(GLOB HPFUZZ_FUZZER_GLUE CONFIGURE_DEPENDS fuzzers/*.cc)
file(GLOB fuzzer_sources CONFIGURE_DEPENDS fuzzers/*_fuzzer.cc)
list(REMOVE_ITEM HPFUZZ_FUZZER_GLUE ${PROJECT_SOURCE_DIR}/fuzzers/standalone_main.cc ${fuzzer_sources})
set(HPFUZZ_FUZZ_TARGETS "")
foreach(source IN LISTS fuzzer_sources)
  get_filename_component(name ${source} NAME)
  string(REGEX REPLACE "_fuzzer\\.cc$" "" name ${name})
  hpfuzz_fuzz_target(${name} ${source})
  if(HPFUZZ_DRIVER_IN_USE STREQUAL "afl")
    hpfuzz_afl_mutator(${name} ${source})
  endif()
  list(APPEND HPFUZZ_FUZZ_TARGETS ${name})
endforeach()
list(JOIN HPFUZZ_FUZZ_TARGETS "\n" lines)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/fuzz_targets.txt CONTENT "@lines@\n" @ONLY)
add_custom_target(fuzz_targets DEPENDS ${HPFUZZ_FUZZ_TARGETS})

# The canary: the differential target over an impl_subsection that is broken on purpose. Its objects stand before the
# registry's libraries on the link line and define every symbol of the sound ones, which are then never pulled in.
file(GLOB subsection_sources CONFIGURE_DEPENDS impl_subsection/*.cc)
if("differential" IN_LIST HPFUZZ_FUZZ_TARGETS AND subsection_sources AND NOT HPFUZZ_DRIVER_IN_USE STREQUAL "engine")
  add_library(hpfuzz_impl_subsection_canary OBJECT ${subsection_sources})
  target_compile_definitions(hpfuzz_impl_subsection_canary PRIVATE HPFUZZ_CANARY)
  target_include_directories(hpfuzz_impl_subsection_canary PRIVATE ${HPFUZZ_INCLUDE_ROOTS}/impl_subsection)
  target_link_libraries(hpfuzz_impl_subsection_canary PRIVATE hpfuzz_flags hpfuzz_coverage hpfuzz_geometry_x86_64)
  hpfuzz_fuzz_target(differential_canary ${PROJECT_SOURCE_DIR}/fuzzers/differential_fuzzer.cc
                     $<TARGET_OBJECTS:hpfuzz_impl_subsection_canary>)
endif()

if(NOT HPFUZZ_DRIVER_IN_USE STREQUAL "engine")
  add_executable(empty_target bench/empty_target.cc)
  target_link_libraries(empty_target PRIVATE hpfuzz_flags hpfuzz_driver hpfuzz_coverage)
endif()

# What the targets are compared with (docs/power.md): the same glue, other ways to make inputs. As with them, EXTRA objects
# stand before the libraries.
function(hpfuzz_contender name)
  add_executable(${name} $<TARGET_OBJECTS:hpfuzz_contender_objects> ${ARGN})
  target_link_libraries(${name} PRIVATE hpfuzz_flags hpfuzz_registry_x86_64 hpfuzz_files rapidcheck ${absl})
endfunction()

if(BUILD_TESTING AND HPFUZZ_DRIVER_IN_USE STREQUAL "libfuzzer")
  file(GLOB contender_sources CONFIGURE_DEPENDS fuzzers/contender/*.cc)
  add_library(hpfuzz_contender_objects OBJECT ${contender_sources} fuzzers/run_trace.cc fuzzers/report_trace.cc)
  target_include_directories(hpfuzz_contender_objects PRIVATE ${HPFUZZ_FUZZERS_ROOT})
  target_link_libraries(hpfuzz_contender_objects PRIVATE hpfuzz_flags hpfuzz_geometry_x86_64 hpfuzz_judge rapidcheck ${absl})
  hpfuzz_contender(contender)
  if(TARGET hpfuzz_impl_subsection_canary)
    hpfuzz_contender(contender_canary $<TARGET_OBJECTS:hpfuzz_impl_subsection_canary>)
  endif()
endif()

file(GLOB cli_sources CONFIGURE_DEPENDS cli/*.cc)
if(HPFUZZ_CLI AND cli_sources)
  add_executable(hpfuzz ${cli_sources})
  target_include_directories(hpfuzz PRIVATE ${HPFUZZ_CLI_ROOT})
  target_link_libraries(hpfuzz PRIVATE hpfuzz_flags hpfuzz_witness_x86_64 hpfuzz_triage hpfuzz_campaign CLI11::CLI11 nlohmann_json::nlohmann_json
                                       absl::strings)
  foreach(geometry IN LISTS HPFUZZ_GEOMETRIES)
    target_link_libraries(hpfuzz PRIVATE hpfuzz_registry_${geometry})
  endforeach()
endif()
