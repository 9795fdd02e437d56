// SPDX-License-Identifier: Apache-2.0
// Statistics: what a campaign compared and what its clauses suspended. A clause that swallows everything must be
// visible.
#ifndef HPFUZZ_ORACLE_STATISTICS_H_
#define HPFUZZ_ORACLE_STATISTICS_H_

#include <array>
#include <cstdint>
#include <string>

#include "oracle/contract.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Statistics {
  PairKind pair = PairKind::kLegacyMainline;  // whose clauses are told
  uint64_t traces = 0;
  uint64_t operations = 0;    // of traces; tear-down is not counted
  uint64_t applied_both = 0;  // answered by both machines
  uint64_t changed = 0;       // applied to both and not a query
  // Comparisons of one generation with the other: answers, facts of places, spans, resource trees.
  uint64_t compared = 0;
  uint64_t suspended = 0;  // of those that would have been made, not made because a clause let the two differ
  std::array<uint64_t, 256> clause{};  // how often each clause governed

  // Lines `hpfuzz-stats: key=value`.
  std::string Print() const;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_STATISTICS_H_
