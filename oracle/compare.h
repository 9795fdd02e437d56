// SPDX-License-Identifier: Apache-2.0
// Compare: facts of a layer against its reference, and facts of one generation against the other as far as both have
// them. Pure functions; which comparisons are made when is lockstep.cc's business.
#ifndef HPFUZZ_ORACLE_COMPARE_H_
#define HPFUZZ_ORACLE_COMPARE_H_

#include <optional>

#include "hotplug/facts.h"
#include "oracle/finding.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The first kind of fact in which a layer differs from its reference.
std::optional<Check> Difference(const SectionFacts& layer, const SectionFacts& reference);
std::optional<Check> Difference(const PfnFacts& layer, const PfnFacts& reference);

// The first kind of fact in which two generations differ that no fact clause allows. `*excused` is set when the clause
// boot-hole-facts was needed: bitmaps of early sections, and pages of early sections that are no RAM.
std::optional<Check> PairDifference(const SectionFacts& legacy, const SectionFacts& subsection, bool* excused);
std::optional<Check> PairDifference(const PfnFacts& legacy, const PfnFacts& subsection, bool early, bool* excused);

// Nothing of this section is left: what a mark waits for. A kept usage record counts as nothing.
bool Emptied(const SectionFacts& section);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_COMPARE_H_
