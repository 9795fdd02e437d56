// SPDX-License-Identifier: Apache-2.0
// Figures of afl-fuzz, as version 4.04c writes them.
#include "campaign/afl_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hpfuzz {
namespace {

void KeepLargest(const char* name, absl::string_view digits, Counts* counts) {
  uint64_t value = 0;
  if (!absl::SimpleAtoi(digits, &value)) return;
  uint64_t& kept = (*counts)[name];
  kept = std::max(kept, value);
}

// The digits behind `mark`, up to the next comma; nothing when there are none.
std::optional<uint64_t> NumberBehind(absl::string_view mark, absl::string_view name) {
  const size_t at = name.find(mark);
  if (at == absl::string_view::npos) return std::nullopt;
  const absl::string_view rest = name.substr(at + mark.size());
  uint64_t number = 0;
  if (!absl::SimpleAtoi(rest.substr(0, rest.find(',')), &number)) return std::nullopt;
  return number;
}

}  // namespace

void ReadFuzzerStats(absl::string_view text, Counts* counts) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(':', 1));
    const absl::string_view name = absl::StripAsciiWhitespace(parts.first);
    const absl::string_view value = absl::StripAsciiWhitespace(parts.second);
    double percent = 0;
    if (name == "execs_done") KeepLargest("executions", value, counts);
    if (name == "edges_found") KeepLargest("edges", value, counts);
    if (name == "stability" && absl::SimpleAtod(absl::StripSuffix(value, "%"), &percent) && percent >= 0) {
      (*counts)["stability"] = static_cast<uint64_t>(std::llround(percent * 100));
    }
  }
}

void ReadPlotData(absl::string_view text, Counts* counts) {
  constexpr size_t kExecutions = 11;
  constexpr size_t kEdges = 12;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
    if (absl::StartsWith(line, "#") || fields.size() <= kEdges) continue;
    KeepLargest("executions", absl::StripAsciiWhitespace(fields[kExecutions]), counts);
    KeepLargest("edges", absl::StripAsciiWhitespace(fields[kEdges]), counts);
  }
}

void ReadQueueName(absl::string_view name, Counts* counts) {
  const std::optional<uint64_t> executions = NumberBehind(",execs:", name);
  if (executions.has_value()) (*counts)["executions"] = std::max((*counts)["executions"], *executions);
}

std::optional<CrashMoment> ReadCrashName(absl::string_view name) {
  const std::optional<uint64_t> milliseconds = NumberBehind(",time:", name);
  const std::optional<uint64_t> executions = NumberBehind(",execs:", name);
  if (!milliseconds.has_value() || !executions.has_value()) return std::nullopt;
  return CrashMoment{static_cast<double>(*milliseconds) / 1000, *executions};
}

}  // namespace hpfuzz
