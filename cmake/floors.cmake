# SPDX-License-Identifier: Apache-2.0
# The house: which folder may include which. Each folder is compiled against an include root of its own in the build
# tree, which holds links to that folder and to those it SEES, and to nothing else: a wrong include does not compile.
#
#   hpfuzz_core(FOLDER [SEES folder...] [LIBRARIES target...] [JUDGE])
#
# makes the library hpfuzz_<folder>_<geometry> for each geometry. Folders may be empty or not there yet.
include_guard(GLOBAL)

set(HPFUZZ_GEOMETRIES x86_64 tiny)
set(HPFUZZ_INCLUDE_ROOTS ${PROJECT_BINARY_DIR}/include)
# "root: folders", one a line, its own folder first: for the test of include direction.
set(HPFUZZ_FLOORS_FILE ${HPFUZZ_INCLUDE_ROOTS}/floors.txt)
set(HPFUZZ_CORE_FOLDERS "")
file(WRITE ${HPFUZZ_FLOORS_FILE}.new "")

foreach(geometry IN LISTS HPFUZZ_GEOMETRIES)
  string(TOUPPER ${geometry} macro)
  add_library(hpfuzz_geometry_${geometry} INTERFACE)
  target_compile_definitions(hpfuzz_geometry_${geometry}
                             INTERFACE HPFUZZ_GEOMETRY=${geometry} HPFUZZ_GEOMETRY_${macro})
endforeach()

# hpfuzz_include_root(OUT NAME FOLDER...): makes the include root NAME with links to the folders, its own one first, and
# stores its path in OUT.
function(hpfuzz_include_root out name)
  set(root ${HPFUZZ_INCLUDE_ROOTS}/${name})
  file(MAKE_DIRECTORY ${root})
  # A link that an earlier configuration made and that is no longer allowed must go.
  file(GLOB_RECURSE old LIST_DIRECTORIES true RELATIVE ${root} ${root}/*)
  foreach(entry IN LISTS old)
    if(IS_SYMLINK ${root}/${entry} AND NOT entry IN_LIST ARGN)
      file(REMOVE ${root}/${entry})
    endif()
  endforeach()
  foreach(folder IN LISTS ARGN)
    get_filename_component(parent ${folder} DIRECTORY)
    if(parent IN_LIST ARGN)
      continue()  # seen through its parent; a link below that link would land in the source tree
    endif()
    file(MAKE_DIRECTORY ${root}/${parent})
    if(NOT IS_SYMLINK ${root}/${folder})
      file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${root}/${folder} SYMBOLIC)
    endif()
  endforeach()
  list(JOIN ARGN " " seen)
  file(APPEND ${HPFUZZ_FLOORS_FILE}.new "${name}: ${seen}\n")
  set(${out} ${root} PARENT_SCOPE)
endfunction()

# Compiles SOURCES into TARGET for one geometry, or makes an empty TARGET when there are none.
function(hpfuzz_geometry_library target geometry root)
  cmake_parse_arguments(PARSE_ARGV 3 arg "JUDGE" "" "SOURCES;LIBRARIES")
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PRIVATE ${root})
    target_link_libraries(${target} PRIVATE hpfuzz_flags hpfuzz_geometry_${geometry} ${arg_LIBRARIES})
    if(arg_JUDGE)
      target_link_libraries(${target} PRIVATE hpfuzz_judge)
    else()
      target_link_libraries(${target} PRIVATE hpfuzz_coverage)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_LIBRARIES})
  endif()
endfunction()

function(hpfuzz_core folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "JUDGE" "" "SEES;LIBRARIES")
  string(REPLACE "/" "_" name ${folder})
  hpfuzz_include_root(root ${name} ${folder} ${arg_SEES})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  set(judge "")
  if(arg_JUDGE)
    set(judge JUDGE)
  endif()
  foreach(geometry IN LISTS HPFUZZ_GEOMETRIES)
    set(libraries ${arg_LIBRARIES})
    foreach(seen IN LISTS arg_SEES)
      string(REPLACE "/" "_" seen ${seen})
      list(APPEND libraries hpfuzz_${seen}_${geometry})
    endforeach()
    hpfuzz_geometry_library(hpfuzz_${name}_${geometry} ${geometry} ${root} ${judge}
                            SOURCES ${sources} LIBRARIES ${libraries})
  endforeach()
  set(HPFUZZ_CORE_FOLDERS ${HPFUZZ_CORE_FOLDERS} ${folder} PARENT_SCOPE)
endfunction()

# Abseil serves texts and tables outside the operation loop, never the layers and the references.
set(absl absl::btree absl::flat_hash_map absl::strings absl::str_format absl::status absl::statusor absl::span)

# Floor 1.
hpfuzz_core(hotplug)
# Floor 2.
hpfuzz_core(machine SEES hotplug)
hpfuzz_core(trace SEES hotplug LIBRARIES ${absl})
# Floor 3. A reference shares nothing with what it checks. The branches of those who judge say nothing about the code under
# test and are not counted as coverage.
hpfuzz_core(impl_legacy SEES hotplug machine)
hpfuzz_core(impl_subsection SEES hotplug machine)
hpfuzz_core(oracle/reference SEES hotplug JUDGE)
hpfuzz_core(oracle SEES hotplug machine trace oracle/reference LIBRARIES ${absl} JUDGE)
# Floor 4.
hpfuzz_core(registry SEES hotplug machine trace impl_legacy impl_subsection oracle oracle/reference LIBRARIES ${absl})

# Free of geometry. Floor 0: files. Floor 1: child processes.
function(hpfuzz_plain folder)
  hpfuzz_include_root(root ${folder} ${folder} ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  add_library(hpfuzz_${folder} STATIC ${sources})
  target_include_directories(hpfuzz_${folder} PRIVATE ${root})
  list(TRANSFORM ARGN PREPEND hpfuzz_ OUTPUT_VARIABLE seen)
  target_link_libraries(hpfuzz_${folder} PRIVATE hpfuzz_flags ${seen} ${absl})
endfunction()
hpfuzz_plain(files)
hpfuzz_plain(process files)

# Floor 5. A real kernel has one geometry.
hpfuzz_include_root(witness_root witness witness process files ${HPFUZZ_CORE_FOLDERS})
file(GLOB witness_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/witness/*.cc)
hpfuzz_geometry_library(hpfuzz_witness_x86_64 x86_64 ${witness_root} JUDGE
                        SOURCES ${witness_sources} LIBRARIES hpfuzz_process hpfuzz_registry_x86_64 ${absl})

# Minimising and reports, engines and corpora: what only hpfuzz has. Traces are those of real machines here too.
foreach(folder triage campaign)
  hpfuzz_include_root(${folder}_root ${folder} ${folder} process files ${HPFUZZ_CORE_FOLDERS})
  file(GLOB ${folder}_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  if(HPFUZZ_CLI)
    hpfuzz_geometry_library(hpfuzz_${folder} x86_64 ${${folder}_root} JUDGE SOURCES ${${folder}_sources}
                            LIBRARIES hpfuzz_process hpfuzz_files hpfuzz_registry_x86_64 nlohmann_json::nlohmann_json ${absl})
  endif()
endforeach()

if(HPFUZZ_CLI)
  include(${CMAKE_CURRENT_LIST_DIR}/report_assets.cmake)
endif()

if(HPFUZZ_CANARY)
  foreach(geometry IN LISTS HPFUZZ_GEOMETRIES)
    get_target_property(type hpfuzz_impl_subsection_${geometry} TYPE)
    if(NOT type STREQUAL "INTERFACE_LIBRARY")
      target_compile_definitions(hpfuzz_impl_subsection_${geometry} PRIVATE HPFUZZ_CANARY)
    endif()
  endforeach()
endif()

# Floors 5 and 6 and the tests see the whole core and themselves.
hpfuzz_include_root(HPFUZZ_FUZZERS_ROOT fuzzers fuzzers files ${HPFUZZ_CORE_FOLDERS})
hpfuzz_include_root(HPFUZZ_CLI_ROOT cli cli triage campaign witness process files ${HPFUZZ_CORE_FOLDERS})
hpfuzz_include_root(HPFUZZ_BENCH_ROOT bench bench ${HPFUZZ_CORE_FOLDERS})
hpfuzz_include_root(HPFUZZ_TESTS_ROOT tests tests cli bench triage campaign witness process files ${HPFUZZ_CORE_FOLDERS})
file(COPY_FILE ${HPFUZZ_FLOORS_FILE}.new ${HPFUZZ_FLOORS_FILE} ONLY_IF_DIFFERENT)
