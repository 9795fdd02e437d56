// SPDX-License-Identifier: Apache-2.0
// A report on a trace, for people: one page to step through it, and one drawing of the step that matters, for mails.
// Both are files of their own, and load nothing.
#ifndef HPFUZZ_TRIAGE_REPORT_H_
#define HPFUZZ_TRIAGE_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/workbench.h"

namespace hpfuzz {

// What a reader types to see the trace run.
struct ReplayCommand {
  std::string file;
  std::string geometry = {};  // that the user named for bytes; "": none
  bool info_block = false;    // the file is an input of that target
  std::string pair = {};      // that the trace was run on, as --pair takes it; "": the default ones
};
// For a shell, each argument quoted where it must be.
std::string CommandText(const ReplayCommand& command);

// Where a trace came from.
struct ReportOrigin {
  std::string file;
  std::string command;
};

struct Report {
  std::string key;  // of the finding; "": none
  std::string html;
  std::string svg;
};

// `content` is a trace in text or in bytes, of the file that `replay` names. Errors as Workbench::ReplayTrace.
absl::StatusOr<Report> MakeReport(const Workbench& workbench, absl::string_view content, const ReplayCommand& replay);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_REPORT_H_
