// SPDX-License-Identifier: Apache-2.0
// FuzzRun: an engine run until its time is up, somebody interrupts it, or, if that is wanted, something is found that
// is not muted. Findings go into buckets as they come. The clock decides when a run ends, and nothing else.
#ifndef HPFUZZ_CAMPAIGN_FUZZ_RUN_H_
#define HPFUZZ_CAMPAIGN_FUZZ_RUN_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/buckets.h"
#include "campaign/engine.h"
#include "campaign/mutes.h"
#include "campaign/summary.h"

namespace hpfuzz {

struct FuzzSetting {
  int seconds = 60;
  bool stop_at_first = false;  // that is not muted
  Mutes mutes;
  Day today = Today();  // decides which mutes hold, also for a run over midnight
  // Whether the run shall end before its time.
  std::function<bool()> interrupted = [] { return false; };
  // Called with the state of the run, about once a second.
  std::function<void(const FuzzSummary&, int seconds_to_go)> show = [](const FuzzSummary&, int) {};
};

struct FuzzResult {
  FuzzSummary summary;
  bool interrupted = false;
  std::vector<std::string> errors;  // what could not be kept, with the file and the reason
  std::string failure;              // see Engine::failure()

  // Something was found that is not muted.
  bool found() const;
};

// `about` has what the summary says of the run: target, engine, build, jobs, seed. Errors: see Engine::Start().
absl::StatusOr<FuzzResult> RunFuzzing(const FuzzPlan& plan, const FuzzSetting& setting, const FuzzSummary& about,
                                      Engine& engine);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_FUZZ_RUN_H_
