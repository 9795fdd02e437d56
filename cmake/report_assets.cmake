# SPDX-License-Identifier: Apache-2.0
# The files of triage/report/ as constants of the program: triage/report_assets.h. Included by the build, it adds them to
# hpfuzz_triage; run with cmake -P and FROM and TO, it writes the source file TO.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  # read_files(OUT FILE...): their text, one behind the other.
  function(read_files out)
    set(text "")
    foreach(name IN LISTS ARGN)
      file(READ ${FROM}/${name} part)
      string(APPEND text "${part}")
    endforeach()
    set(${out} "${text}" PARENT_SCOPE)
  endfunction()
  read_files(kReportPage page.html)
  read_files(kReportStyle style.css)
  read_files(kReportScript data.js map.js page.js)
  read_files(kReportPatterns patterns.svg)
  set(source "// Made by cmake/report_assets.cmake.\n#include \"triage/report_assets.h\"\n\nnamespace hpfuzz {\n\n")
  foreach(name kReportPage kReportStyle kReportScript kReportPatterns)
    string(APPEND source "const std::string_view ${name} = R\"asset(${${name}})asset\";\n")
  endforeach()
  foreach(name kReportStyle kReportScript)
    string(SHA256 hash "${${name}}")
    string(APPEND source "const std::string_view ${name}Hash = \"${hash}\";\n")
  endforeach()
  file(WRITE ${TO} "${source}\n}  // namespace hpfuzz\n")
  return()
endif()

set(assets ${PROJECT_BINARY_DIR}/report_assets.cc)
file(GLOB parts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/triage/report/*)
add_custom_command(OUTPUT ${assets}
                   COMMAND ${CMAKE_COMMAND} -DFROM=${PROJECT_SOURCE_DIR}/triage/report -DTO=${assets}
                           -P ${CMAKE_CURRENT_LIST_FILE}
                   DEPENDS ${parts} ${CMAKE_CURRENT_LIST_FILE} VERBATIM COMMENT "Making report_assets.cc")
target_sources(hpfuzz_triage PRIVATE ${assets})
