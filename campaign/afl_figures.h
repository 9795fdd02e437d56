// SPDX-License-Identifier: Apache-2.0
// What an instance of afl-fuzz says about itself: at its end in fuzzer_stats, while it runs now and then in plot_data,
// but not in its first minute, and in the names of its queue ("...,execs:N,...": so many executions had there been
// before).
#ifndef HPFUZZ_CAMPAIGN_AFL_FIGURES_H_
#define HPFUZZ_CAMPAIGN_AFL_FIGURES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "campaign/counts.h"

namespace hpfuzz {

// Each keeps the largest value of every name; stability is the newest.
void ReadFuzzerStats(absl::string_view text, Counts* counts);
void ReadPlotData(absl::string_view text, Counts* counts);
void ReadQueueName(absl::string_view name, Counts* counts);

// The name of a crash ("id:000000,sig:05,...,time:1234,execs:5678,...") says when it was met, in milliseconds and in
// executions since the start. Nothing where it does not.
struct CrashMoment {
  double seconds = 0;
  uint64_t executions = 0;
};
std::optional<CrashMoment> ReadCrashName(absl::string_view name);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_AFL_FIGURES_H_
