// SPDX-License-Identifier: Apache-2.0
// The data of a report as JSON, the form in which the page carries them: the fields of ReportPicture, with lists in
// place of small structures (triage/report/data.js reads it), and where the trace came from.
#ifndef HPFUZZ_TRIAGE_REPORT_JSON_H_
#define HPFUZZ_TRIAGE_REPORT_JSON_H_

#include <string>

#include "registry/report_picture.h"
#include "triage/report.h"

namespace hpfuzz {

// One line, ASCII, without `<`, `>` and `&`: nothing in it can end the element of a page that holds it.
std::string ReportJson(const ReportPicture& picture, const ReportOrigin& origin);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_REPORT_JSON_H_
