// SPDX-License-Identifier: Apache-2.0
// Results of runs summed up: per mutant and contender, per contender, and as curves. Pure functions.
#ifndef HPFUZZ_CAMPAIGN_BENCH_TABLE_H_
#define HPFUZZ_CAMPAIGN_BENCH_TABLE_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "campaign/bench_result.h"
#include "campaign/bench_statistics.h"

namespace hpfuzz {

// The runs of one contender against one mutant.
struct BenchCell {
  size_t runs = 0;
  size_t found = 0;
  double seconds = kNever;  // medians, with runs that found nothing as kNever
  Interval seconds_interval;
  double executions = kNever;
  Interval executions_interval;
  double operations = kNever;  // of the smallest traces, of those that are known
  std::set<std::string> keys;
};

// One contender over all mutants.
struct BenchTotal {
  size_t mutants = 0;
  size_t always = 0;              // found by every run
  size_t ever = 0;                // by one at least
  double seconds = kNever;        // median over the mutants of their medians
  double executions = kNever;     // the same
  std::vector<CurvePoint> curve;  // mutants found in so many seconds; the mean over the runs of each
  size_t not_the_bug = 0;         // findings that the programs without the bug have, too
};

struct BenchTable {
  std::vector<std::string> mutants;     // by name
  std::vector<std::string> contenders;  // as Contenders() has them, those it does not know behind
  std::map<std::pair<std::string, std::string>, BenchCell> cells;  // by mutant and contender
  std::map<std::string, BenchTotal> totals;                        // by contender
  int limit = 0;                                                   // the longest
};

BenchTable SumUp(absl::Span<const BenchResult> results);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_TABLE_H_
