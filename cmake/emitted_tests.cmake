# SPDX-License-Identifier: Apache-2.0
# What triage/ emits, given to those that take it: regression tests to the compiler of this build, once against the sound
# core and once against the canary (cmake/targets.cmake); reports to the schema of their standard.
include_guard(GLOBAL)

add_executable(emit tests/triage/emit_main.cc)
target_include_directories(emit PRIVATE ${HPFUZZ_TESTS_ROOT})
target_link_libraries(emit PRIVATE hpfuzz_flags hpfuzz_geometry_x86_64 hpfuzz_triage ${absl})

# hpfuzz_emitted(WORD FILE): what `emit WORD` writes.
function(hpfuzz_emitted word file)
  get_filename_component(folder ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(OUTPUT ${file} COMMAND emit ${word} ${file} DEPENDS emit VERBATIM)
endfunction()

# A test program as hpfuzz_test_program makes it of files in tests/, but for the helpers, which emitted tests do without.
function(hpfuzz_emitted_program name geometry)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${HPFUZZ_TESTS_ROOT})
  target_link_libraries(${name} PRIVATE hpfuzz_flags hpfuzz_geometry_${geometry} hpfuzz_registry_${geometry} ${absl}
                                        GTest::gtest_main)
endfunction()

set(emitted ${PROJECT_BINARY_DIR}/emitted)
if(TARGET hpfuzz_impl_subsection_canary)
  hpfuzz_emitted(regression-canary ${emitted}/canary_test.cc)
  hpfuzz_emitted(regression-tiny ${emitted}/tiny_test.cc)
  hpfuzz_emitted_program(emitted_sound x86_64 ${emitted}/canary_test.cc)
  hpfuzz_emitted_program(emitted_canary x86_64 ${emitted}/canary_test.cc $<TARGET_OBJECTS:hpfuzz_impl_subsection_canary>)
  hpfuzz_emitted_program(emitted_tiny tiny ${emitted}/tiny_test.cc)
  add_test(NAME emitted_regression_test
           COMMAND ${PROJECT_SOURCE_DIR}/scripts/emitted_test.sh $<TARGET_FILE:emitted_sound>
                   $<TARGET_FILE:emitted_canary> $<TARGET_FILE:emitted_tiny>)
  set_tests_properties(emitted_regression_test PROPERTIES LABELS fast)
endif()

hpfuzz_emitted(sarif ${emitted}/buckets.sarif)
add_custom_target(emitted_reports ALL DEPENDS ${emitted}/buckets.sarif)
add_test(NAME sarif_schema_buckets COMMAND ${PROJECT_SOURCE_DIR}/scripts/sarif_test.py ${schema}
                                           ${emitted}/buckets.sarif tests/golden/bucket_sarif.txt
         WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(sarif_schema_buckets PROPERTIES LABELS fast SKIP_RETURN_CODE 77)
