// SPDX-License-Identifier: Apache-2.0
// Where the parts of a run are: the target, its seeds, dictionary and options, and what the run writes.
#ifndef HPFUZZ_CAMPAIGN_FUZZ_PLAN_H_
#define HPFUZZ_CAMPAIGN_FUZZ_PLAN_H_

#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "campaign/engine.h"
#include "campaign/summary.h"

namespace hpfuzz {

struct FuzzPlaces {
  std::filesystem::path bin;     // programs: the target, beside it what its build made for it
  std::filesystem::path source;  // a source tree: corpus/TARGET, fuzzers/TARGET.dict, fuzzers/TARGET.options
  std::filesystem::path work;    // empty: build/fuzz/TARGET in the source tree, with "-PAIR" of another one
  std::filesystem::path corpus;  // empty: corpus in the work folder
  bool seeds = true;             // false: corpus/TARGET is left out
  std::string pair;              // of implementations; empty: the targets' own
  std::string without;           // clauses that are switched off
};

// The next directory above `bin` that is a source tree, or the current directory.
std::filesystem::path SourceTreeAbove(const std::filesystem::path& bin);

// InvalidArgument: there is no such target, with those there are.
absl::StatusOr<FuzzPlan> PlanFor(const std::string& target, const FuzzPlaces& places);

// The preset that the programs were built with: build/PRESET/bin.
std::string BuildOf(const FuzzPlaces& places);

// How a user in the current directory replays a finding.
ReplayWords ReplayWordsFor(const std::string& target, const FuzzPlaces& places);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_FUZZ_PLAN_H_
