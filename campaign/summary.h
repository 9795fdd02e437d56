// SPDX-License-Identifier: Apache-2.0
// What a run of a fuzz target came to: as a line while it goes on, as a text, as JSON.
#ifndef HPFUZZ_CAMPAIGN_SUMMARY_H_
#define HPFUZZ_CAMPAIGN_SUMMARY_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "campaign/counts.h"
#include "campaign/mutes.h"

namespace hpfuzz {

struct FindingSummary {
  std::string key;
  uint64_t times = 0;          // in this run
  std::filesystem::path file;  // the smallest input of this run
  std::string report;          // what the target printed of one
  std::optional<Day> mute;     // the last day of its mute
  bool mute_expired = false;

  bool muted() const { return mute.has_value() && !mute_expired; }
};

struct FuzzSummary {
  std::string target;
  std::string engine;
  std::string build;
  double seconds = 0;
  int jobs = 1;
  uint32_t seed = 0;
  Counts counts;
  size_t inputs = 0;                     // of the corpus
  std::vector<FindingSummary> findings;  // by key
};

// How findings are replayed, for whoever reads the text.
struct ReplayWords {
  std::string command;              // "./hpfuzz replay"
  std::filesystem::path directory;  // files below it are named from there
};

// 1234567 -> 1,234,567
std::string Grouped(uint64_t number);

// "12 s, 48 s to go: 1,234 executions, ..."
std::string PrintStatus(const FuzzSummary& summary, int seconds_to_go);
std::string PrintSummary(const FuzzSummary& summary, const ReplayWords& replay);
// An object; counts and findings that are not there are left out. Texts that are not UTF-8 are repaired.
std::string PrintJson(const FuzzSummary& summary);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_SUMMARY_H_
