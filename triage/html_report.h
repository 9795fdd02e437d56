// SPDX-License-Identifier: Apache-2.0
// A report as one page of HTML. Its script (triage/report/) makes it of the data it carries, and writes what is a
// stranger's as text only. The page says itself that nothing may be loaded, and that no other script may run.
#ifndef HPFUZZ_TRIAGE_HTML_REPORT_H_
#define HPFUZZ_TRIAGE_HTML_REPORT_H_

#include <string>

#include "registry/report_picture.h"
#include "triage/report.h"

namespace hpfuzz {

std::string HtmlReport(const ReportPicture& picture, const ReportOrigin& origin);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_HTML_REPORT_H_
