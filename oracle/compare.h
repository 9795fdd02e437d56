// SPDX-License-Identifier: Apache-2.0
// Compare: facts of a layer against its reference, and facts of one generation against the other as far as both have
// them. Pure functions; which comparisons are made when is lockstep.cc's business.
#ifndef HPFUZZ_ORACLE_COMPARE_H_
#define HPFUZZ_ORACLE_COMPARE_H_

#include <optional>

#include "hotplug/facts.h"
#include "oracle/finding.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The first kind of fact in which a layer differs from its reference; pages whose bytes differ may still say the same.
std::optional<Check> Difference(const SectionFacts& layer, const SectionFacts& reference);
std::optional<Check> Difference(const PfnFacts& layer, const PfnFacts& reference);

// Equal answers. Of a machine that has stopped only the kind of stop counts: warnings printed before it and counters
// are lost with it.
bool SameAnswerAsReference(const Answer& layer, const Answer& reference);

// The first kind of fact in which two generations differ that no fact clause allows; `excuse` is the clause that was
// needed for the others.
struct PairResult {
  std::optional<Check> difference;
  std::optional<FactClause> excuse;
};
PairResult ComparePair(const SectionFacts& legacy, const SectionFacts& subsection);
// `section` is the page's section in the sub-section generation.
PairResult ComparePair(const PfnFacts& legacy, const PfnFacts& subsection, const SectionFacts& section);

// Nothing of this section is left: what a mark waits for. A kept usage record counts as nothing.
bool Emptied(const SectionFacts& section);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_COMPARE_H_
