// SPDX-License-Identifier: Apache-2.0
// FuzzLog: line by line.
#include "campaign/fuzz_log.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "process/sanitizer_summary.h"

namespace hpfuzz {
namespace {

// What is longer than any line of ours was printed by a target gone wild.
constexpr size_t kMaxLineBytes = size_t{1} << 20;

constexpr absl::string_view kStatistics = "hpfuzz-stats: ";
constexpr absl::string_view kFinding = "Assertion failure: ";
constexpr absl::string_view kSummary = "SUMMARY: ";
constexpr absl::string_view kWritten = "Test unit written to ";
constexpr absl::string_view kExecuted = "stat::number_of_executed_units:";

std::vector<absl::string_view> Words(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

bool IsProgress(absl::string_view line) {
  const size_t digits = line.find_first_not_of("0123456789", 1);
  return absl::StartsWith(line, "#") && digits > 1 && digits != absl::string_view::npos && line[digits] == '\t';
}

}  // namespace

const std::string& FuzzLog::key() const {
  static const std::string unnamed = "unnamed";
  return key_.empty() ? unnamed : key_;
}

void FuzzLog::Feed(absl::string_view text) {
  for (size_t end = 0; (end = text.find('\n')) != absl::string_view::npos; text.remove_prefix(end + 1)) {
    if (rest_.empty()) {
      Read(text.substr(0, end));
      continue;
    }
    absl::StrAppend(&rest_, text.substr(0, end));
    Finish();
  }
  absl::StrAppend(&rest_, text.substr(0, kMaxLineBytes - std::min(kMaxLineBytes, rest_.size())));
}

void FuzzLog::Finish() {
  if (!rest_.empty()) Read(rest_);
  rest_.clear();
}

void FuzzLog::Keep(absl::string_view name, absl::string_view digits) {
  uint64_t value = 0;
  if (name.empty() || !absl::SimpleAtoi(digits, &value)) return;
  uint64_t& kept = counts_[std::string(name)];
  kept = std::max(kept, value);
}

void FuzzLog::ReadProgress(absl::string_view line) {
  const std::vector<absl::string_view> words = Words(line);
  Keep("executions", words[0].substr(1));
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] == "cov:") Keep("edges", words[i + 1]);
  }
  ready_ = ready_ || (words.size() > 1 && words[1] == "INITED");
}

void FuzzLog::ReadStatistics(absl::string_view line) {
  for (const absl::string_view word : Words(line.substr(kStatistics.size()))) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(word, absl::MaxSplits('=', 1));
    Keep(parts.first, parts.second);
  }
}

void FuzzLog::Report(absl::string_view line) {
  const size_t room = kMaxReportBytes - report_.size();
  absl::StrAppend(&report_, line.substr(0, room));
  if (line.size() < room) report_ += '\n';
}

void FuzzLog::Read(absl::string_view line) {
  const absl::string_view text = line;
  const bool progress = IsProgress(text);
  const bool statistics = absl::StartsWith(text, kStatistics);
  if (progress || statistics) {
    progress ? ReadProgress(line) : ReadStatistics(line);
    // What stood before had nothing to do with a finding. After one, only the final figures follow.
    if (key_.empty() && written_.empty()) report_.clear();
    return;
  }
  if (absl::StartsWith(text, kExecuted)) Keep("executions", absl::StripAsciiWhitespace(text.substr(kExecuted.size())));
  if (absl::StartsWith(text, "stat::")) return;
  Report(line);
  if (key_.empty() && absl::StartsWith(text, kFinding)) {
    const std::vector<absl::string_view> words = Words(text.substr(kFinding.size()));
    if (!words.empty()) key_ = std::string(words[0]);
  } else if (key_.empty() && absl::StartsWith(text, kSummary)) {
    const size_t tool = text.find(": ", kSummary.size());
    key_ = KeyOfSummary(line.substr(tool == absl::string_view::npos ? kSummary.size() : tool + 2));
  }
  const size_t at = text.find(kWritten);
  if (at != absl::string_view::npos && !absl::StrContains(text, "/slow-unit-")) {
    written_.emplace_back(text.substr(at + kWritten.size()));
  }
}

void LogFollower::ReadMore(FuzzLog* log) {
  std::FILE* stream = std::fopen(file_.c_str(), "rbe");
  if (stream == nullptr) return;
  if (std::fseek(stream, offset_, SEEK_SET) == 0) {
    char buffer[1 << 14];
    for (size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, stream)) > 0; offset_ += static_cast<long>(got)) {
      log->Feed({buffer, got});
    }
  }
  std::fclose(stream);
}

}  // namespace hpfuzz
