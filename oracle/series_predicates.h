// SPDX-License-Identifier: Apache-2.0
// Predicates of clauses about the series as posted: pure functions of the operation and of the references' state before
// it. The series is the left machine beside mainline and the right one beside 5.1.
#ifndef HPFUZZ_ORACLE_SERIES_PREDICATES_H_
#define HPFUZZ_ORACLE_SERIES_PREDICATES_H_

#include "oracle/contract.h"
#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {

inline constexpr OpSet kRemoves = Ops(OpKind::kRemovePages, OpKind::kArchRemoveMemory);
inline constexpr OpSet kReleases = Ops(OpKind::kMemunmapPages, OpKind::kUnpinPage, OpKind::kNsDisable);
inline constexpr OpSet kTakesAway = kRemoves | kReleases | Ops(OpKind::kRemoveMemory);

// Why the posted boot code leaves an active sub-section of a boot section, as mainline counts them, without its bit;
// `map` is what the machine booted with.
enum class BootBit : uint8_t {
  kRangeLost,     // another boot range of the section came later (the word is assigned)
  kGranuleShort,  // the range begins inside a sub-section and reaches into one more than its length says
  kHole,          // nothing lost: there is no RAM
};
BootBit WhyNoBootBit(const FirmwareMap& map, Pfn pfn);

// A page asked for, or an active sub-section of the range, of a boot section: mainline (5.1) has it, the series has
// not, for that reason. Where memory goes, of the sections of the range.
template <BootBit kWhy>
bool BootBitMissing(const Situation& s);
bool ActiveInEither(const Situation& s);
// An active one for mainline, and the checks before found no RAM and no live mapping.
bool MapsActive(const Situation& s);
bool BlocksMisaligned(const Situation& s);
inline bool BlocksWithAltmap(const Situation& s) { return s.op->memblock && s.op->altmap.given; }
bool BlockStands(const Situation& s);
// A removal that is not of whole sections, from a zone that is not Device; what the series takes for the zone.
bool InPiecesFromRam(const Situation& s);
// What is unmapped begins with a page of a zone that is not Device.
bool ReleasesRam(const Situation& s);
// The first struct page of what goes, which the series reads the zone of, is gone or was never written.
bool ZoneUnknown(const Situation& s);
// The struct pages that a search over a whole zone reads are not the same, or not all there.
bool SpanScanElsewhere(const Situation& s);
bool ZoneByOtherSpans(const Situation& s);
// The search for a new end of a span goes on below page 0: it does not meet its owner in the first sub-section either.
bool SpanSearchLost(const Situation& s);
bool OnlineDiffers(const Situation& s);
bool CreatesCut(const Situation& s);
bool OneCreatesNothing(const Situation& s);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates

#endif  // HPFUZZ_ORACLE_SERIES_PREDICATES_H_
