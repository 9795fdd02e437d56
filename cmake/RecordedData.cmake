# SPDX-License-Identifier: Apache-2.0
# Recorded answers of real kernels, unpacked into the build tree, and the test that replays them.
include_guard(GLOBAL)

find_program(HPFUZZ_XZ xz REQUIRED)
set(HPFUZZ_RECORDED_DIR ${PROJECT_BINARY_DIR}/recorded)
file(MAKE_DIRECTORY ${HPFUZZ_RECORDED_DIR} ${HPFUZZ_RECORDED_DIR}/info-blocks)
set(info_blocks index real-5.1.15 real-6.1.192 real-6.12.117 user-5.1.15 user-6.1.192)
list(TRANSFORM info_blocks REPLACE "(.+)" "info-blocks/\\1.txt")
set(recorded_files "")
foreach(name legacy-cases.txt mainline-cases.txt nvdimm-cases.txt witness-6.1.txt witness-6.12.txt ${info_blocks})
  set(packed ${PROJECT_SOURCE_DIR}/tests/data/${name}.xz)
  set(plain ${HPFUZZ_RECORDED_DIR}/${name})
  add_custom_command(OUTPUT ${plain} COMMAND ${HPFUZZ_XZ} -dc ${packed} > ${plain} DEPENDS ${packed} VERBATIM
                     COMMENT "Unpacking ${name}")
  list(APPEND recorded_files ${plain})
endforeach()
add_custom_target(hpfuzz_recorded_data ALL DEPENDS ${recorded_files})

foreach(test recorded_test witness_test)
  if(TARGET ${test})
    add_dependencies(${test} hpfuzz_recorded_data)
    target_compile_definitions(${test} PRIVATE HPFUZZ_RECORDED_DIR="${HPFUZZ_RECORDED_DIR}")
  endif()
endforeach()
