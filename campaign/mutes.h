// SPDX-License-Identifier: Apache-2.0
// Mutes: findings that are known, open, and shall not make a run fail for a while. A text file, one line a finding:
//
//   ns_create.legacy-answer until 2027-03-31  # waits for an answer from the list
//
// A mute holds through its last day, by the calendar in UTC; from the next day on the finding counts again. There is
// none without an end. Blank lines and lines that start with # say nothing.
#ifndef HPFUZZ_CAMPAIGN_MUTES_H_
#define HPFUZZ_CAMPAIGN_MUTES_H_

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

using Day = std::chrono::year_month_day;

Day Today();
// 2027-03-31
std::string PrintDay(const Day& day);

struct Mute {
  Day until = {};  // the last day that it holds
  size_t line = 0;
};

class Mutes {
 public:
  Mutes() = default;
  // InvalidArgument: file, line and column, what was read and what was expected.
  static absl::StatusOr<Mutes> Parse(absl::string_view text, absl::string_view file);
  static absl::StatusOr<Mutes> Read(const std::filesystem::path& file);

  // Null: there is none for this key. It may have expired.
  const Mute* Find(const std::string& key) const;

 private:
  std::map<std::string, Mute> mutes_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_MUTES_H_
