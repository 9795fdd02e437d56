// SPDX-License-Identifier: Apache-2.0
// Predicates of contract clauses: pure functions of the operation and of the references' state before it. Those that
// say all they mean in one line stand here, the others in predicates.cc. Which clause asks which is the table's
// business (contract.cc).
#ifndef HPFUZZ_ORACLE_PREDICATES_H_
#define HPFUZZ_ORACLE_PREDICATES_H_

#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {

inline bool OnlineIn51(const Situation& s) { return s.survey.legacy_online; }
inline bool OnlineIn61(const Situation& s) { return s.survey.subsection_online; }
inline bool Diverged(const Situation& s) { return s.diverged; }
inline bool BeyondTable(const Situation& s) { return s.beyond_table(); }
inline bool NoPages(const Situation& s) { return s.pages.empty(); }
inline bool TypePrivate(const Situation& s) { return s.op->type == MemoryType::kPrivate; }
inline bool MovesPagesInUse(const Situation& s) { return OnlineIn51(s) || OnlineIn61(s) || s.over_mapping; }
inline bool NoBlock(const Situation& s) { return !s.survey.all_blocks; }
inline bool MemblockWithoutBlock(const Situation& s) { return s.op->memblock && !s.survey.all_blocks; }
inline bool SubPage(const Situation& s) { return !s.page_aligned(); }
inline bool NotSubsectionAligned(const Situation& s) { return !s.subsection_aligned(); }
inline bool NotSectionAligned(const Situation& s) { return !s.section_aligned(); }
// The exclusive end of what 5.1 maps, cut to the bits of page tables, comes before its start.
inline bool EndsWithAddresses(const Situation& s) { return s.rounded.end.byte() > kPhysicalMask; }
inline bool SecondRange(const Situation& s) { return s.op->has_second; }
inline bool NoReferenceCounter(const Situation& s) { return s.op->no_ref; }
inline bool TypeUnset(const Situation& s) { return s.op->type == MemoryType::kUnset; }
inline bool LiveInSection(const Situation& s) { return s.conflicts.legacy_live && !s.conflicts.subsection_live; }
inline bool LiveInRange(const Situation& s) { return s.conflicts.subsection_live && !s.conflicts.legacy_live; }
inline bool LiveInBoth(const Situation& s) { return s.conflicts.subsection_live; }  // after the two rows above
inline bool RamInSection(const Situation& s) { return s.conflicts.legacy_ram && !s.conflicts.subsection_ram; }
inline bool RamBelowOther(const Situation& s) { return s.conflicts.subsection_ram && !s.conflicts.legacy_ram; }
inline bool RamInBoth(const Situation& s) { return s.conflicts.subsection_ram; }
inline bool AltmapInSection(const Situation& s) { return s.op->altmap.given && !s.section_aligned(); }
inline bool AnyActive(const Situation& s) { return s.survey.subsection_any_active; }
inline bool SectionInUse(const Situation& s) { return s.survey.legacy_any_valid; }
inline bool AltmapGiven(const Situation& s) { return s.op->altmap.given; }
inline bool MemblockUnaligned(const Situation& s) { return s.op->memblock && !s.section_aligned(); }
inline bool PartActive(const Situation& s) { return !s.pages.empty() && !s.survey.subsection_all_active; }
inline bool BlocksInRange(const Situation& s) { return s.survey.any_block; }
inline bool OverValidSections(const Situation& s) { return s.survey.done && s.survey.legacy_any_valid; }
bool ResourcesInTheWay(const Situation& s);
inline bool OverAltmap(const Situation& s) { return s.over_altmap; }
inline bool SomeSectionInvalid(const Situation& s) {
  return !s.survey.legacy_all_valid || !s.survey.subsection_all_valid;
}
inline bool RangeUnaligned(const Situation& s) { return s.range.size == 0 || !s.section_aligned(); }
inline bool ZoneBySpan(const Situation& s) { return s.op->online != OnlineType::kMovable; }
inline bool Never(const Situation&) { return false; }

// A refused request for memory ended the operation: at that site in both, in one, anywhere.
template <AllocSite kSite>
bool FailedInBoth(const Situation& s) {
  return s.failed_legacy == Sites(kSite) && s.failed_subsection == Sites(kSite);
}
template <AllocSite kSite>
bool FailedInLegacy(const Situation& s) {
  return s.failed_legacy == Sites(kSite);
}
template <AllocSite kSite>
bool FailedInSubsection(const Situation& s) {
  return s.failed_subsection == Sites(kSite);
}
// Asked for beforehand, needed only where a resource is split: what was to go is there still.
inline bool SpareResourceMissed(const Situation& s) {
  return FailedInLegacy<AllocSite::kResource>(s) &&
         s.legacy->RegionIntersects(s.range).value != static_cast<int>(Overlap::kDisjoint);
}
inline bool FailedSomewhereInBoth(const Situation& s) { return s.failed_legacy != 0 && s.failed_subsection != 0; }
inline bool FailedSomewhere(const Situation& s) { return (s.failed_legacy | s.failed_subsection) != 0; }
inline bool FailedInLegacyOnly(const Situation& s) { return s.failed_legacy != 0; }  // after the row above
inline bool FailedInSubsectionOnly(const Situation& s) { return s.failed_subsection != 0; }
inline bool LookupFailedAlone(const Situation& s) { return FailedInBoth<AllocSite::kLookup>(s) && !s.over_held; }

bool EmptyInsideSection(const Situation& s);
bool ActiveAndLegacyWhole(const Situation& s);
bool SomeSectionAbsent(const Situation& s);
// arch_remove_memory and remove_memory of 5.1 read the zone out of the first struct page.
bool FirstPageUninitialised(const Situation& s);
// The same, or the struct pages of some section are not the mapping's any more: memory comes and goes by sections
// in 5.1.
bool SomeSectionReplaced(const Situation& s);
bool EmptyOrBeyondResources(const Situation& s);
bool ZonesByHand(const Situation& s);
// A boot section that is not RAM from end to end.
bool BootSectionWithHole(const Situation& s);
// A section of the range without RAM in the resource tree, of 5.1 (online) or of 6.1 (offline).
bool NoRamResource(const Situation& s);
bool NoRamResourceOffline(const Situation& s);
// Whether the altmap may fail to hold the memmap of all sections; an unaligned start of its area costs up to one
// memmap.
bool AltmapShort(const Situation& s);
bool PageOfOfflineMemory(const Situation& s);
bool RamNested(const Situation& s);
bool InBootHole(const Situation& s);
// The same request for a section failed in both, and neither left more than the other.
bool SectionFailedAlike(const Situation& s);
// The same base page of a memmap failed in both, not the first: 5.1 keeps those before it.
bool BasePagesLeft(const Situation& s);
bool SectionFailedApart(const Situation& s);  // after the two rows above
bool ActionFailedAlike(const Situation& s);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates

#endif  // HPFUZZ_ORACLE_PREDICATES_H_
