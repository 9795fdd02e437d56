// SPDX-License-Identifier: Apache-2.0
// One look of a contender at a mutant: from nothing to its first finding, or to the end of its time.
//
// Not covered: whether the finding is the mutant's doing, and looking again when it is not (bench_run.h).
#ifndef HPFUZZ_CAMPAIGN_BENCH_LOOK_H_
#define HPFUZZ_CAMPAIGN_BENCH_LOOK_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/bench_plan.h"

namespace hpfuzz {

struct LookSetting {
  const BenchRun* run = nullptr;
  int seconds = 0;
  uint32_t seed = 0;
  std::filesystem::path source;  // the tree
  std::filesystem::path work;    // this look's alone; empty
};

struct Sight {
  std::string key;
  std::filesystem::path input;
  double seconds = 0;                  // after which it was met
  uint64_t executions = 0;             // up to it
  std::optional<uint64_t> operations;  // where the contender made it smaller itself
};
struct LookResult {
  std::vector<Sight> sights;  // in the order of their times
  double seconds = 0;
  uint64_t executions = 0;
};

// Unavailable, Internal: a program is missing, does not start, or ended by itself, with the end of what it said.
absl::StatusOr<LookResult> LookForBug(const LookSetting& setting);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_LOOK_H_
