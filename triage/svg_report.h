// SPDX-License-Identifier: Apache-2.0
// A report as one drawing, for mails: the step that matters, the operations before it, and memory after it. No script,
// no style sheet, light: programs that show mail draw it alike.
#ifndef HPFUZZ_TRIAGE_SVG_REPORT_H_
#define HPFUZZ_TRIAGE_SVG_REPORT_H_

#include <string>

#include "registry/report_picture.h"
#include "triage/report.h"

namespace hpfuzz {

// The first step that fails, else the first that differs, else the last that was run.
size_t StepThatMatters(const ReportPicture& picture);

std::string SvgReport(const ReportPicture& picture, const ReportOrigin& origin);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SVG_REPORT_H_
