// SPDX-License-Identifier: Apache-2.0
// Lists of mutants.
#include "campaign/mutant_list.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hpfuzz {
namespace {

// Calls `take` with the fields of every line that is neither empty nor a comment, until it refuses one.
template <typename TakeLine>
absl::Status EachLine(absl::string_view text, absl::string_view file, absl::string_view expected,
                      const TakeLine& take) {
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || absl::StartsWith(line, "#")) continue;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (take(fields)) continue;
    return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": read \"", line, "\", expected ", expected));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Mutant>> ReadMutants(absl::string_view text, absl::string_view file) {
  std::vector<Mutant> mutants;
  const absl::Status read =
      EachLine(text, file, "number, file, line, kind, change and source, with tabs",
               [&](const std::vector<std::string>& fields) {
                 Mutant mutant;
                 if (fields.size() != 6 || !absl::SimpleAtoi(fields[0], &mutant.number) || mutant.number < 1 ||
                     !absl::SimpleAtoi(fields[2], &mutant.line) || mutant.line < 1) {
                   return false;
                 }
                 mutant.file = fields[1];
                 mutant.kind = fields[3];
                 mutant.change = fields[4];
                 mutant.source = fields[5];
                 mutants.push_back(mutant);
                 return true;
               });
  if (!read.ok()) return read;
  return mutants;
}

absl::StatusOr<Explanations> ReadExplanations(absl::string_view text, absl::string_view file) {
  Explanations explanations;
  const absl::Status read = EachLine(text, file, "file, line's text, change and reason, with tabs",
                                     [&](const std::vector<std::string>& fields) {
                                       if (fields.size() != 4 || fields[3].empty()) return false;
                                       explanations[{fields[0], fields[1], fields[2]}] = fields[3];
                                       return true;
                                     });
  if (!read.ok()) return read;
  return explanations;
}

}  // namespace hpfuzz
