# SPDX-License-Identifier: Apache-2.0
# Tests of builds for AFL++: those of the code are elsewhere (tests.cmake), these are about the engine. Labels: fast, slow.
include_guard(GLOBAL)

# hpfuzz over the implementation that is broken on purpose, as the target differential_canary is.
if(TARGET differential_canary AND TARGET hpfuzz)
  get_target_property(sources hpfuzz SOURCES)
  add_executable(hpfuzz_canary ${sources} $<TARGET_OBJECTS:hpfuzz_impl_subsection_canary>)
  target_include_directories(hpfuzz_canary PRIVATE $<TARGET_PROPERTY:hpfuzz,INCLUDE_DIRECTORIES>)
  target_link_libraries(hpfuzz_canary PRIVATE $<TARGET_PROPERTY:hpfuzz,LINK_LIBRARIES>)
  add_test(NAME afl_canary COMMAND ${PROJECT_SOURCE_DIR}/scripts/afl_canary_test.sh $<TARGET_FILE:differential_canary>
                                   $<TARGET_FILE:hpfuzz_canary>)
  set_tests_properties(afl_canary PROPERTIES LABELS slow SKIP_RETURN_CODE 77 TIMEOUT 60)
endif()

# The seeds run without a crash, as under every driver.
foreach(target IN LISTS HPFUZZ_FUZZ_TARGETS)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/corpus/${target})
    file(GLOB seeds CONFIGURE_DEPENDS corpus/${target}/*)
    add_test(NAME ${target}.seeds COMMAND ${target} ${seeds})
    set_tests_properties(${target}.seeds PROPERTIES LABELS fast)
  endif()
endforeach()

# The mutators: loaded as afl-fuzz does it, the same numbers twice, and inputs of the family that the target runs.
add_executable(mutator_check fuzzers/afl/mutator_check.cc)
target_include_directories(mutator_check PRIVATE ${HPFUZZ_FUZZERS_ROOT})
target_link_libraries(mutator_check PRIVATE hpfuzz_flags hpfuzz_geometry_x86_64 ${CMAKE_DL_LIBS})
foreach(target IN LISTS HPFUZZ_FUZZ_TARGETS)
  if(TARGET ${target}_mutator)
    add_test(NAME ${target}.mutator COMMAND mutator_check $<TARGET_FILE:${target}_mutator>
                                            ${PROJECT_SOURCE_DIR}/corpus/${target})
    set_tests_properties(${target}.mutator PROPERTIES LABELS fast)
  endif()
endforeach()
