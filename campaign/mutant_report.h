// SPDX-License-Identifier: Apache-2.0
// The mutation score: the share of mutants that is killed, before and after explanations; which survive. Pure
// functions.
#ifndef HPFUZZ_CAMPAIGN_MUTANT_REPORT_H_
#define HPFUZZ_CAMPAIGN_MUTANT_REPORT_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "campaign/bench_statistics.h"
#include "campaign/mutant_list.h"
#include "campaign/mutant_run.h"

namespace hpfuzz {

struct MutantCount {
  size_t all = 0;
  size_t by_corpus = 0;
  size_t by_fuzzing = 0;
  size_t explained = 0;  // of the others
  size_t killed() const { return by_corpus + by_fuzzing; }
};

struct MutantScore {
  MutantCount total;
  std::map<std::string, MutantCount> by_kind;
  std::vector<const Mutant*> survivors;  // that nothing explains
  std::vector<const Mutant*> explained;
  std::vector<const Mutant*> killed_though_explained;  // whose explanation is wrong
  std::vector<std::string> errors;                     // of mutants that could not be run; these do not count
};

// `verdicts` of the first so many mutants, which the score points to.
MutantScore ScoreOf(absl::Span<const Mutant> mutants, absl::Span<const MutantVerdict> verdicts,
                    const Explanations& explanations);

std::string PrintMutantText(const MutantScore& score);
std::string PrintMutantMarkdown(const MutantScore& score);
std::string PrintMutantJson(const MutantScore& score, absl::Span<const Mutant> mutants,
                            absl::Span<const MutantVerdict> verdicts);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_MUTANT_REPORT_H_
