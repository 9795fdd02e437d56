# SPDX-License-Identifier: Apache-2.0
# Benchmarks: bench/*_bench.cc with the fixed mix of inputs, and the tool that made the mix. Built with the flags of the
# preset, as the fuzz targets are: what matters is their speed under a sanitizer.
include_guard(GLOBAL)

add_library(hpfuzz_mix STATIC bench/mix.cc)
target_include_directories(hpfuzz_mix PUBLIC ${HPFUZZ_BENCH_ROOT})
target_link_libraries(hpfuzz_mix PUBLIC hpfuzz_flags hpfuzz_geometry_x86_64 hpfuzz_registry_x86_64 ${absl})

add_library(hpfuzz_yardstick OBJECT bench/yardstick.cc)
target_compile_definitions(hpfuzz_yardstick PRIVATE VARIANT=1 LLVMFuzzerTestOneInput=YardstickOneInput)
target_link_libraries(hpfuzz_yardstick PRIVATE hpfuzz_flags hpfuzz_coverage)

add_library(hpfuzz_bare_lookup OBJECT bench/bare_lookup.cc)
target_include_directories(hpfuzz_bare_lookup PRIVATE ${HPFUZZ_BENCH_ROOT})
target_link_libraries(hpfuzz_bare_lookup PRIVATE hpfuzz_flags hpfuzz_coverage hpfuzz_geometry_x86_64)

# Replaces operator new of the program that it is linked into.
add_library(hpfuzz_counting_new OBJECT bench/counting_new.cc)
target_include_directories(hpfuzz_counting_new PRIVATE ${HPFUZZ_BENCH_ROOT})
target_link_libraries(hpfuzz_counting_new PRIVATE hpfuzz_flags)

add_executable(make_mix bench/make_mix.cc)
target_link_libraries(make_mix PRIVATE hpfuzz_mix)

file(GLOB bench_sources CONFIGURE_DEPENDS bench/*_bench.cc)
foreach(source IN LISTS bench_sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_compile_definitions(${name} PRIVATE HPFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE hpfuzz_mix benchmark::benchmark)
  # Whether it runs, not how fast. Of the large machines those that are there in a moment.
  set(filter "")
  if(name STREQUAL "growth_bench")
    set(filter --benchmark_filter=bits:36)
  endif()
  add_test(NAME ${name} COMMAND ${name} --benchmark_min_time=0.001 ${filter})
  set_tests_properties(${name} PROPERTIES LABELS fast FAIL_REGULAR_EXPRESSION "ERROR OCCURRED")
endforeach()
target_sources(lockstep_bench PRIVATE $<TARGET_OBJECTS:hpfuzz_yardstick>)
target_sources(lookup_bench PRIVATE $<TARGET_OBJECTS:hpfuzz_bare_lookup>)
target_sources(growth_bench PRIVATE $<TARGET_OBJECTS:hpfuzz_counting_new>)

if(TARGET bench_test)
  target_link_libraries(bench_test PRIVATE hpfuzz_mix)
endif()
if(TARGET bench_memory_test)
  target_link_libraries(bench_memory_test PRIVATE hpfuzz_mix)
  target_sources(bench_memory_test PRIVATE $<TARGET_OBJECTS:hpfuzz_counting_new>)
endif()
