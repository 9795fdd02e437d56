// SPDX-License-Identifier: Apache-2.0
// BenchRun: a contender against a mutant until it has found something that the programs without the bug do not show
// with that input, or its time is up; what was found is made smaller. Then all runs of a plan, some at a time, each
// with a file for its result: a run that has one, of the same programs and with the same time, is not run again.
#ifndef HPFUZZ_CAMPAIGN_BENCH_RUN_H_
#define HPFUZZ_CAMPAIGN_BENCH_RUN_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "campaign/bench_plan.h"
#include "campaign/bench_result.h"

namespace hpfuzz {

struct BenchSetting {
  int seconds = 60;
  int jobs = 1;
  std::filesystem::path source;   // the tree
  std::filesystem::path clean;    // programs without a bug
  std::filesystem::path results;  // CONTENDER/FOLDER/NAME/SEED.json and what was found, SEED.input
  std::filesystem::path work;     // for what goes when a run ends
  std::function<bool()> interrupted = [] { return false; };
  // After each run: how many of how many are done.
  std::function<void(const BenchResult&, size_t done, size_t all)> show = [](const BenchResult&, size_t, size_t) {};
};

// Errors: see LookForBug(); a file cannot be written.
absl::StatusOr<BenchResult> RunBench(const BenchRun& run, const BenchSetting& setting);

// Those of `runs` that have no result yet, and those that run what is given.
std::vector<BenchRun> WithoutResult(absl::Span<const BenchRun> runs, const BenchSetting& setting);

// Each in a process of its own. Returns what went wrong, run by run; the others have their results.
std::vector<std::string> RunAllBenches(absl::Span<const BenchRun> runs, const BenchSetting& setting);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_RUN_H_
