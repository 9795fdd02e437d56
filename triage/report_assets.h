// SPDX-License-Identifier: Apache-2.0
// The parts of a report that are the same in each: files of triage/report/, made a part of the program by
// cmake/report_assets.cmake.
#ifndef HPFUZZ_TRIAGE_REPORT_ASSETS_H_
#define HPFUZZ_TRIAGE_REPORT_ASSETS_H_

#include <string_view>

namespace hpfuzz {

extern const std::string_view kReportPage;      // page.html, with places for the others: @STYLE@, ...
extern const std::string_view kReportStyle;     // style.css
extern const std::string_view kReportScript;    // data.js, map.js, page.js, one behind the other
extern const std::string_view kReportPatterns;  // patterns.svg: what each state is filled with
// SHA-256, hexadecimal.
extern const std::string_view kReportStyleHash;
extern const std::string_view kReportScriptHash;

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_REPORT_ASSETS_H_
