// SPDX-License-Identifier: Apache-2.0
// FuzzLog: what the output of one process of an engine says. The words are those of libFuzzer, of the sanitizers, and
// of our targets, which print lines "hpfuzz-stats: NAME=VALUE ..." now and then, with counts since their start, and
// "Assertion failure: KEY" when they found something.
//
// Not covered: what afl-fuzz itself says (afl_figures.h).
#ifndef HPFUZZ_CAMPAIGN_FUZZ_LOG_H_
#define HPFUZZ_CAMPAIGN_FUZZ_LOG_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "campaign/counts.h"

namespace hpfuzz {

// More of a report is not kept: a trace of a full input with its explanation takes two thirds of it.
inline constexpr size_t kMaxReportBytes = size_t{64} << 10;

class FuzzLog {
 public:
  // What the process wrote next; may end within a line.
  void Feed(absl::string_view text);
  // The process has ended: what it wrote last may be a line without an end.
  void Finish();

  // The newest, which are the largest, of each name.
  const Counts& counts() const { return counts_; }
  // It has read all the inputs that it starts from.
  bool ready() const { return ready_; }
  // Inputs that made the target stop. A slow input is none.
  const std::vector<std::string>& written() const { return written_; }
  // Of the finding: the oracle's own, or one made of the first SUMMARY; "unnamed" where nothing was named.
  const std::string& key() const;
  // What was printed from the last sign of progress on, at most kMaxReportBytes.
  const std::string& report() const { return report_; }

 private:
  void Read(absl::string_view line);
  void ReadProgress(absl::string_view line);
  void ReadStatistics(absl::string_view line);
  void Keep(absl::string_view name, absl::string_view digits);
  void Report(absl::string_view line);

  std::string rest_;  // the line that has no end yet
  Counts counts_;
  bool ready_ = false;
  std::vector<std::string> written_;
  std::string key_;
  std::string report_;
};

// Feeds a log from a file that grows. Each byte is read once.
class LogFollower {
 public:
  explicit LogFollower(std::filesystem::path file) : file_(std::move(file)) {}
  void ReadMore(FuzzLog* log);
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  long offset_ = 0;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_FUZZ_LOG_H_
