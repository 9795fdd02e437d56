// SPDX-License-Identifier: Apache-2.0
// Findings from JSON and from logs.
#include "triage/ci_details.h"

#include <cstddef>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "process/sanitizer_summary.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::json;

// Empty unless there is a text of that name.
std::string TextOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

absl::string_view FirstWord(absl::string_view text) { return text.substr(0, text.find(' ')); }

// "AddressSanitizer: heap-use-after-free file.cc:12 in f" -> "heap-use-after-free.f"
std::string SummaryKey(absl::string_view summary) {
  const size_t colon = summary.find(": ");
  return KeyOfSummary(colon == absl::string_view::npos ? summary : summary.substr(colon + 2));
}

}  // namespace

absl::StatusOr<std::vector<CiFinding>> ParseFuzzFindings(absl::string_view json, absl::string_view file) {
  const Json run = Json::parse(json.begin(), json.end(), nullptr, /*allow_exceptions=*/false);
  if (!run.is_object() || !run.contains("findings") || !run["findings"].is_array()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": expected an object with an array \"findings\""));
  }
  std::vector<CiFinding> findings;
  for (const Json& one : run["findings"]) {
    if (!one.is_object() || TextOf(one, "key").empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": expected a \"key\" in every finding"));
    }
    findings.push_back({TextOf(one, "key"), TextOf(one, "file"), TextOf(one, "report"), std::nullopt});
    if (const std::string until = TextOf(one, "muted_until"); !until.empty()) findings.back().muted_until = until;
  }
  return findings;
}

std::vector<CiFinding> FindingsInLog(absl::string_view log) {
  constexpr absl::string_view kReplayed = ": FINDING ";
  constexpr absl::string_view kWritten = "Test unit written to ";
  std::vector<CiFinding> findings;
  std::string summary;
  std::string written;
  bool stopped = false;  // the program, by a finding of its own
  for (absl::string_view line : absl::StrSplit(log, '\n')) {
    absl::string_view rest = line;
    if (const size_t at = line.find(kReplayed); at != absl::string_view::npos) {
      findings.push_back({std::string(line.substr(at + kReplayed.size())), std::string(line.substr(0, at)), "", {}});
    } else if (absl::ConsumePrefix(&rest, "Assertion failure: ") && !stopped) {
      findings.push_back({std::string(FirstWord(rest)), "", "", {}});
      stopped = true;
    } else if (absl::ConsumePrefix(&rest, "SUMMARY: ") && summary.empty()) {
      summary = SummaryKey(rest);
    } else if (const size_t at = line.find(kWritten); at != absl::string_view::npos) {
      written = std::string(line.substr(at + kWritten.size()));
    }
  }
  if (findings.empty() && !summary.empty()) {
    findings.push_back({summary, "", "", {}});
    stopped = true;
  }
  if (stopped) findings.back().file = written;
  return findings;
}

}  // namespace hpfuzz
