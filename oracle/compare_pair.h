// SPDX-License-Identifier: Apache-2.0
// Compare: facts of the two machines of any pair against each other; those of 5.1 beside mainline are compare.h's.
#ifndef HPFUZZ_ORACLE_COMPARE_PAIR_H_
#define HPFUZZ_ORACLE_COMPARE_PAIR_H_

#include "hotplug/firmware_map.h"
#include "oracle/compare.h"
#include "oracle/side.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Of the section `nr`, or of the page `pfn` of a section, on the left and on the right. `section` is as in compare.h.
PairResult ComparePairOf(PairKind pair, const FirmwareMap& map, SectionNr nr, const SectionFacts& left,
                         const SectionFacts& right);
PairResult ComparePairOf(PairKind pair, const FirmwareMap& map, Pfn pfn, const PfnFacts& left, const PfnFacts& right,
                         const SectionFacts& section);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_COMPARE_PAIR_H_
