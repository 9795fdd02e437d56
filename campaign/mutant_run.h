// SPDX-License-Identifier: Apache-2.0
// Mutants behind a switch, each met by the committed corpus first and, when it survives that, by a short run of the
// fuzz target that begins with it.
#ifndef HPFUZZ_CAMPAIGN_MUTANT_RUN_H_
#define HPFUZZ_CAMPAIGN_MUTANT_RUN_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "campaign/mutant_list.h"

namespace hpfuzz {

struct MutantVerdict {
  enum class Killed : uint8_t { kNot, kByCorpus, kByFuzzing };
  Killed killed = Killed::kNot;
  std::string key;  // of the finding; "timeout" when it did not end
  bool failed = false;
  std::string error;  // what failed
};

struct MutantSetting {
  int seconds = 5;  // of fuzzing
  uint32_t seed = 1;
  int jobs = 1;
  std::filesystem::path source;    // the tree
  std::filesystem::path programs;  // differential, namespace, contender: with all mutants
  std::filesystem::path work;      // goes when a mutant is done
  std::function<bool()> interrupted = [] { return false; };
  std::function<void(const Mutant&, const MutantVerdict&, size_t done)> show = [](const Mutant&, const MutantVerdict&,
                                                                                  size_t) {};
};

// Which target fuzzes a mutant: that of namespaces for the files about them.
std::string TargetOfMutant(const Mutant& mutant);

// In the order of the mutants; fewer when it was interrupted.
std::vector<MutantVerdict> RunMutants(absl::Span<const Mutant> mutants, const MutantSetting& setting);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_MUTANT_RUN_H_
