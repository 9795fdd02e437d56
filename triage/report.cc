// SPDX-License-Identifier: Apache-2.0
// Reports: the picture of a trace, and the two forms of it.
#include "triage/report.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "triage/html_report.h"
#include "triage/svg_report.h"

namespace hpfuzz {
namespace {

// A file that is not named has the text of the trace in the report.
constexpr absl::string_view kUnnamed = "finding.trace";

bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("_-./+:=@%,", c);
}

std::string Quoted(const std::string& word) {
  bool plain = !word.empty();
  for (const char c : word) plain &= IsPlain(c);
  return plain ? word : absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

// So that no option is made of it.
std::string FileArgument(const std::string& file) {
  return Quoted(file.rfind('-', 0) == 0 ? absl::StrCat("./", file) : file);
}

}  // namespace

std::string CommandText(const ReplayCommand& command) {
  const std::string replay =
      absl::StrCat("./hpfuzz replay ", command.pair.empty() ? "" : absl::StrCat("--pair ", Quoted(command.pair), " "));
  if (command.file == "-") return absl::StrCat(replay, kUnnamed, "  # the trace below");
  const std::string file = FileArgument(command.file);
  if (command.info_block) return absl::StrCat(replay, "--info-block ", file);
  if (command.geometry.empty()) return absl::StrCat(replay, file);
  return absl::StrCat("./hpfuzz show --geometry ", Quoted(command.geometry), " ", file, " | ", replay, "-");
}

absl::StatusOr<Report> MakeReport(const Workbench& workbench, absl::string_view content, const ReplayCommand& replay) {
  const absl::StatusOr<ReportPicture> picture = workbench.Picture(content, replay.file);
  if (!picture.ok()) return picture.status();
  const ReportOrigin origin{.file = replay.file, .command = CommandText(replay)};
  return Report{.key = picture->key, .html = HtmlReport(*picture, origin), .svg = SvgReport(*picture, origin)};
}

}  // namespace hpfuzz
