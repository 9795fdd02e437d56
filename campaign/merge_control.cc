// SPDX-License-Identifier: Apache-2.0
// Writing and reading libFuzzer's control file.
#include "campaign/merge_control.h"

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hpfuzz {
namespace {

absl::Status Unexpected(absl::string_view what) {
  return absl::InternalError(absl::StrCat("the control file of the merge ", what));
}

enum class Seen : uint8_t { kNothing, kStarted, kEnded };

// "N NUMBER...", what follows the first word of a line. False when N is no place or a number is none.
bool TakeNumbers(absl::string_view line, size_t places, size_t* place, std::vector<uint64_t>* numbers) {
  numbers->clear();
  for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
    uint64_t number = 0;
    if (!absl::SimpleAtoi(word, &number)) return false;
    numbers->push_back(number);
  }
  if (numbers->empty() || numbers->front() >= places) return false;
  *place = numbers->front();
  numbers->erase(numbers->begin());
  return true;
}

}  // namespace

std::string PrintMergeControl(const std::vector<std::string>& paths) {
  return absl::StrCat(paths.size(), "\n0\n", absl::StrJoin(paths, "\n"), paths.empty() ? "" : "\n");
}

absl::StatusOr<MergeOutcome> ParseMergeControl(absl::string_view text, const std::vector<std::string>& paths) {
  if (!absl::ConsumePrefix(&text, PrintMergeControl(paths))) return Unexpected("is of another merge");
  if (!text.empty() && text.back() != '\n') return Unexpected("ends within a line");
  MergeOutcome outcome;
  outcome.features.resize(paths.size());
  std::vector<Seen> seen(paths.size(), Seen::kNothing);
  absl::flat_hash_set<uint64_t> edges;
  size_t place = 0;
  std::vector<uint64_t> numbers;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const size_t space = line.find(' ');
    const absl::string_view word = line.substr(0, space);
    line.remove_prefix(word.size());
    if (!TakeNumbers(line, paths.size(), &place, &numbers)) return Unexpected("has a line that is no list of numbers");
    if (word == "STARTED") {
      seen[place] = Seen::kStarted;
    } else if (word == "FT") {
      outcome.features[place] = numbers;
    } else if (word == "COV") {
      seen[place] = Seen::kEnded;
      edges.insert(numbers.begin(), numbers.end());
    } else {
      return Unexpected("has a line that is none of STARTED, FT and COV");
    }
  }
  outcome.edges = edges.size();
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == Seen::kNothing) return Unexpected("ends before the last input");
    if (seen[i] == Seen::kStarted) outcome.stopped.push_back(i);
  }
  return outcome;
}

size_t FeaturesTogether(const MergeOutcome& outcome, const std::vector<size_t>& places) {
  absl::flat_hash_set<uint64_t> together;
  for (const size_t place : places) together.insert(outcome.features[place].begin(), outcome.features[place].end());
  return together.size();
}

}  // namespace hpfuzz
