# SPDX-License-Identifier: Apache-2.0
# Tests. tests/FOLDER/*_test.cc becomes the program FOLDER_test, *_slow_test.cc becomes FOLDER_slow_test; both link
# that folder of the core (the whole core if there is no such folder, and for oracle, which has nothing to judge by itself)
# and the shared helpers tests/*.cc, in the geometry x86_64; everything under tests/tiny/ in the geometry tiny. Labels: fast,
# slow.
include_guard(GLOBAL)
include(GoogleTest)

file(GLOB helpers CONFIGURE_DEPENDS tests/*.cc)
foreach(geometry IN LISTS HPFUZZ_GEOMETRIES)
  hpfuzz_geometry_library(hpfuzz_test_helpers_${geometry} ${geometry} ${HPFUZZ_TESTS_ROOT} NO_COVERAGE
                          SOURCES ${helpers} LIBRARIES GTest::gtest ${absl})
  if(helpers)
    target_compile_definitions(hpfuzz_test_helpers_${geometry} PRIVATE HPFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  endif()
endforeach()

# One test program from SOURCES; every TEST of it becomes a test of ctest.
function(hpfuzz_test_program name geometry folder label)
  add_executable(${name} ${ARGN})
  set(core hpfuzz_registry_${geometry})
  if(folder IN_LIST HPFUZZ_CORE_FOLDERS AND NOT folder STREQUAL "oracle")
    string(REPLACE "/" "_" folder ${folder})
    set(core hpfuzz_${folder}_${geometry})
  endif()
  target_compile_definitions(${name} PRIVATE HPFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_include_directories(${name} PRIVATE ${HPFUZZ_TESTS_ROOT})
  target_link_libraries(${name} PRIVATE hpfuzz_flags hpfuzz_geometry_${geometry} hpfuzz_test_helpers_${geometry} ${core}
                                        rapidcheck nlohmann_json::nlohmann_json ${absl} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX ${name}.
                       PROPERTIES LABELS ${label})
endfunction()

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS tests/*_test.cc)
set(programs "")
foreach(source IN LISTS test_sources)
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests ${source})
  get_filename_component(folder ${path} DIRECTORY)
  string(REPLACE "/" "_" name ${folder})
  if(source MATCHES "_slow_test\\.cc$")
    string(APPEND name _slow)
  endif()
  list(APPEND programs ${name})
  set(folder_of_${name} ${folder})
  list(APPEND sources_of_${name} ${source})
endforeach()
list(REMOVE_DUPLICATES programs)
foreach(name IN LISTS programs)
  set(geometry x86_64)
  string(REGEX REPLACE "^tiny/" "" folder "${folder_of_${name}}")
  if(folder_of_${name} MATCHES "^tiny(/|$)")
    set(geometry tiny)
  endif()
  set(label fast)
  if(name MATCHES "_slow$")
    set(label slow)
  endif()
  hpfuzz_test_program(${name}_test ${geometry} "${folder}" ${label} ${sources_of_${name}})
endforeach()

# Folders without a geometry, or with one only.
foreach(folder process files triage campaign)
  foreach(program ${folder}_test ${folder}_slow_test)
    if(TARGET ${program})
      target_link_libraries(${program} PRIVATE hpfuzz_${folder})
    endif()
  endforeach()
endforeach()
if(TARGET witness_test)
  target_link_libraries(witness_test PRIVATE hpfuzz_witness_x86_64)
endif()

# These run the program as a user does.
foreach(name cli_test cli_slow_test campaign_test campaign_slow_test)
  if(TARGET ${name} AND TARGET hpfuzz)
    add_dependencies(${name} hpfuzz)
    target_compile_definitions(${name} PRIVATE HPFUZZ_BINARY="$<TARGET_FILE:hpfuzz>")
  endif()
endforeach()

add_test(NAME include_direction
         COMMAND ${PROJECT_SOURCE_DIR}/scripts/include_direction_test.sh ${PROJECT_SOURCE_DIR} ${HPFUZZ_INCLUDE_ROOTS}
                 ${CMAKE_CXX_COMPILER} -std=c++20)
set_tests_properties(include_direction PROPERTIES LABELS fast)

# Known bugs. Every patch in bugs/ applies to the tree as it is.
find_program(HPFUZZ_GIT NAMES git)
mark_as_advanced(HPFUZZ_GIT)
if(HPFUZZ_GIT AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  file(GLOB_RECURSE patches RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS bugs/*.patch)
  foreach(patch IN LISTS patches)
    get_filename_component(name ${patch} NAME_WE)
    add_test(NAME bugs.${name} COMMAND ${HPFUZZ_GIT} apply --check -p1 ${patch} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(bugs.${name} PROPERTIES LABELS fast)
  endforeach()
endif()
# Their heads and tables.
set(check_bugs ${PROJECT_SOURCE_DIR}/scripts/check_bugs.py)
add_test(NAME bugs.table COMMAND ${check_bugs} table ${PROJECT_SOURCE_DIR})
add_test(NAME bugs.table_check COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_bugs_test.py)
set_tests_properties(bugs.table bugs.table_check PROPERTIES LABELS fast)
# Without its patch, a trace that shows a bug shows nothing.
if(TARGET hpfuzz)
  file(GLOB traces RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS bugs/*/*.trace)
  add_test(NAME bugs.traces COMMAND hpfuzz replay --quiet ${traces} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(bugs.traces PROPERTIES LABELS fast)
endif()
# What they touch compiles.
if(HPFUZZ_GIT)
  add_test(NAME bugs.build COMMAND ${check_bugs} build ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  set_tests_properties(bugs.build PROPERTIES LABELS slow TIMEOUT 1800 PROCESSORS 2)
endif()

# Mutants: where they are found, and explanations of those that nothing can see.
add_test(NAME mutants.sites COMMAND ${PROJECT_SOURCE_DIR}/scripts/mutant_sites_test.py)
add_test(NAME mutants.explained COMMAND ${PROJECT_SOURCE_DIR}/scripts/make_mutants.py check ${PROJECT_SOURCE_DIR})
set_tests_properties(mutants.sites mutants.explained PROPERTIES LABELS fast)

find_program(HPFUZZ_CLANG_FORMAT NAMES clang-format-14 clang-format)
mark_as_advanced(HPFUZZ_CLANG_FORMAT)
if(HPFUZZ_CLANG_FORMAT)
  add_test(NAME format COMMAND ${PROJECT_SOURCE_DIR}/scripts/format_test.sh ${PROJECT_SOURCE_DIR} ${HPFUZZ_CLANG_FORMAT})
  set_tests_properties(format PROPERTIES LABELS fast SKIP_RETURN_CODE 77)
endif()

# The committed seeds are small and what the script makes.
if(TARGET hpfuzz)
  add_test(NAME seeds COMMAND ${PROJECT_SOURCE_DIR}/scripts/make_seeds.sh $<TARGET_FILE:hpfuzz> --check)
  set_tests_properties(seeds PROPERTIES LABELS fast)
endif()

# Corpora with the engine itself.
if(TARGET hpfuzz AND HPFUZZ_DRIVER_IN_USE STREQUAL "libfuzzer")
  add_test(NAME corpus COMMAND ${PROJECT_SOURCE_DIR}/scripts/corpus_test.sh $<TARGET_FILE:hpfuzz>
                               $<TARGET_FILE_DIR:trace_text> ${PROJECT_BINARY_DIR}/corpus-test)
  set_tests_properties(corpus PROPERTIES LABELS fast)
endif()

# The report of CI runs, and its form.
set(schema ${PROJECT_SOURCE_DIR}/tests/schema/sarif-2.1.0-rtm.5.json.xz)
add_test(NAME sarif_schema COMMAND ${PROJECT_SOURCE_DIR}/scripts/sarif_test.py ${schema} tests/golden/sarif.txt
                                   tests/golden/ci_report.txt WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(sarif_schema PROPERTIES LABELS fast SKIP_RETURN_CODE 77)
add_test(NAME uncovered COMMAND ${PROJECT_SOURCE_DIR}/scripts/uncovered_test.py)
set_tests_properties(uncovered PROPERTIES LABELS fast)
if(TARGET hpfuzz)
  add_test(NAME ci_steps COMMAND ${PROJECT_SOURCE_DIR}/scripts/ci_steps_test.sh $<TARGET_FILE:hpfuzz>
                                 ${PROJECT_BINARY_DIR}/ci-steps)
  set_tests_properties(ci_steps PROPERTIES LABELS fast)
endif()

# The page of a report in a browser, where there is one.
if(TARGET hpfuzz)
  add_test(NAME report.browser COMMAND ${PROJECT_SOURCE_DIR}/scripts/report_test.py $<TARGET_FILE:hpfuzz> ${PROJECT_SOURCE_DIR})
  set_tests_properties(report.browser PROPERTIES LABELS slow SKIP_RETURN_CODE 77 TIMEOUT 300 RUN_SERIAL ON)
endif()

# Every fuzz target runs its committed seeds once, and from there, with libFuzzer, a fixed number of inputs.
foreach(target IN LISTS HPFUZZ_FUZZ_TARGETS)
  set(seeds "")
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/corpus/${target})
    set(seeds ${PROJECT_SOURCE_DIR}/corpus/${target})
  endif()
  if(HPFUZZ_DRIVER_IN_USE STREQUAL "libfuzzer")
    set(new ${PROJECT_BINARY_DIR}/smoke/${target})
    file(MAKE_DIRECTORY ${new})
    # What is found goes to the first directory: an empty one each time, never the committed seeds.
    add_test(NAME ${target}.smoke
             COMMAND sh -c "rm -rf '${new}/corpus' && mkdir '${new}/corpus' && exec '$<TARGET_FILE:${target}>' -seed=1 \
-runs=20000 '-artifact_prefix=${new}/' '${new}/corpus' ${seeds}")
    set_tests_properties(${target}.smoke PROPERTIES LABELS fast)
  elseif(seeds)
    add_test(NAME ${target}.seeds COMMAND ${target} ${seeds})
    set_tests_properties(${target}.seeds PROPERTIES LABELS fast)
  endif()
endforeach()

if(TARGET differential_canary AND TARGET hpfuzz AND HPFUZZ_DRIVER_IN_USE STREQUAL "libfuzzer")
  add_test(NAME canary COMMAND ${PROJECT_SOURCE_DIR}/scripts/canary_test.sh $<TARGET_FILE:differential_canary>
                               $<TARGET_FILE:hpfuzz> 30)
  set_tests_properties(canary PROPERTIES LABELS slow TIMEOUT 90)
endif()

# The benchmark of bugs, whose programs are small ones here.
if(TARGET contender_canary AND TARGET hpfuzz)
  add_test(NAME bench_bugs
           COMMAND ${PROJECT_SOURCE_DIR}/scripts/bench_test.sh $<TARGET_FILE:hpfuzz> $<TARGET_FILE:differential_canary>
                   $<TARGET_FILE:contender_canary> $<TARGET_FILE:differential> $<TARGET_FILE:contender>
                   ${PROJECT_BINARY_DIR}/bench-test)
  set_tests_properties(bench_bugs PROPERTIES LABELS slow TIMEOUT 300)
endif()

# Builds the fuzz targets with the flags of OSS-Fuzz, whatever the preset: once is enough, in that of everyday work. Its other
# sanitizers take four minutes each the first time: `./hpfuzz ci --full` has them.
if(HPFUZZ_DRIVER_IN_USE STREQUAL "libfuzzer" AND HPFUZZ_SANITIZERS STREQUAL "address,undefined")
  add_test(NAME ossfuzz COMMAND ${PROJECT_SOURCE_DIR}/scripts/ossfuzz_test.sh ${PROJECT_SOURCE_DIR} ${CMAKE_CXX_COMPILER}
                                ${PROJECT_BINARY_DIR}/ossfuzz address)
  set_tests_properties(ossfuzz PROPERTIES LABELS slow SKIP_RETURN_CODE 77 TIMEOUT 1800)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/emitted_tests.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/RecordedData.cmake)
