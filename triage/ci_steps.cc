// SPDX-License-Identifier: Apache-2.0
// Reading the rows of a CI run.
#include "triage/ci_steps.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hpfuzz {
namespace {

constexpr size_t kFields = 6;

struct ResultName {
  absl::string_view name;
  CiResult result;
};
constexpr ResultName kResultNames[] = {
    {"ok", CiResult::kOk},
    {"failed", CiResult::kFailed},
    {"running", CiResult::kInterrupted},
    {"skipped", CiResult::kSkipped},
};

std::optional<CiResult> ResultNamed(absl::string_view name) {
  for (const ResultName& row : kResultNames) {
    if (row.name == name) return row.result;
  }
  return std::nullopt;
}

absl::StatusOr<CiStep> ParseRow(absl::string_view line, const std::string& where) {
  const std::vector<std::string> fields = absl::StrSplit(line, '\t');
  if (fields.size() != kFields) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": read ", fields.size(), " fields, expected ", kFields, " separated by tabs"));
  }
  const std::optional<CiResult> result = ResultNamed(fields[2]);
  int64_t milliseconds = 0;
  if (!result.has_value() || !absl::SimpleAtoi(fields[3], &milliseconds) || milliseconds < 0) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": read '", absl::CHexEscape(fields[2]), "' and '",
                                                   absl::CHexEscape(fields[3]),
                                                   "', expected ok, failed, running or skipped and milliseconds"));
  }
  return CiStep{fields[0], fields[1], *result, std::chrono::milliseconds(milliseconds), fields[4], fields[5]};
}

}  // namespace

absl::StatusOr<std::vector<CiStep>> ParseCiSteps(absl::string_view text, absl::string_view file) {
  std::vector<CiStep> steps;
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  lines.pop_back();
  for (size_t i = 0; i < lines.size(); ++i) {
    absl::StatusOr<CiStep> step = ParseRow(lines[i], absl::StrCat(file, ":", i + 1));
    if (!step.ok()) return step.status();
    const auto earlier = std::find_if(steps.begin(), steps.end(), [&step](const CiStep& one) {
      return one.build == step->build && one.name == step->name;
    });
    if (earlier == steps.end()) {
      steps.push_back(*std::move(step));
    } else {
      *earlier = *std::move(step);
    }
  }
  return steps;
}

}  // namespace hpfuzz
