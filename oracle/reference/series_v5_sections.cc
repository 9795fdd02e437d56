// SPDX-License-Identifier: Apache-2.0
// Sections of the series as posted: which bits a range names, what adding passes over, what removal takes.
#include <bit>

#include "oracle/reference/mainline_model.h"
#include "oracle/reference/series_v5.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeSeriesV5Reference() {
  return std::make_unique<mainline_reference::MainlineModel>(mainline_reference::Kernel::kSeriesV5);
}

namespace mainline_reference {

// A bit for each begun 2 MiB of the length, counted from the bit of the first page; as many as a section has are all of
// them, wherever they begin.
uint64_t PostedBits(PfnRange part) {
  unsigned bit = static_cast<unsigned>(part.first.value() % kPagesPerSection / kPagesPerSubsection);
  unsigned count = 0;
  uint64_t bits = 0;
  for (uint64_t covered = 0; covered < part.pages(); covered += kPagesPerSubsection) {
    bits |= uint64_t{1} << bit++ % 64;
    ++count;
  }
  return count == kSubsectionsPerSection ? kFullBitmap : bits;
}

// Uncertain: struct pages come and go for every sub-section that a piece touches, whatever bits it has.
PfnRange MainlineModel::MemmapOf(PfnRange part) const {
  if (!posted()) return part;
  const uint64_t touched = SubsectionMask(part);
  const Pfn section = SectionNr::Of(part.first).first_pfn();
  const auto low = static_cast<uint64_t>(std::countr_zero(touched));
  const auto high = 64 - static_cast<uint64_t>(std::countl_zero(touched));
  return {section + low * kPagesPerSubsection, section + high * kPagesPerSubsection};
}

// Base pages for what has none, where others of the section have.
bool MainlineModel::CompleteTable(SectionState* section, PfnRange part) {
  const uint64_t missing = SubsectionMask(part) & ~section->mapped;
  if (Refused(AllocSite::kMemmapBase, static_cast<uint64_t>(std::popcount(missing)) * kMemmapPagesPerSubsection)) {
    return false;
  }
  section->mapped |= missing;
  for (uint64_t left = missing; left != 0; left &= left - 1) {
    const auto piece = static_cast<uint64_t>(std::countr_zero(left)) * kPagesPerSubsection;
    const Pfn first = SectionNr::Of(part.first).first_pfn() + piece;
    pages_.Set(first, first + kPagesPerSubsection, PageState::Uninitialised(fill_));
  }
  return true;
}

// With `memblock_nid` every section that was added gets a memory block right away.
Outcome MainlineModel::AddPosted(PfnRange pages, AltmapPages* altmap, const Nid* memblock_nid) {
  if (altmap != nullptr) {
    if (altmap->base != pages.first || altmap->reserve + altmap->free > pages.pages()) return -kEINVAL;
    altmap->alloc = 0;
  }
  const bool far = !pages.empty() && SectionNr::Of(pages.end - 1) >= Limit() &&
                   SectionNr::Of(pages.end - 1).value() - SectionNr::Of(pages.first).value() >= kSectionsPerRoot;
  if (altmap == nullptr && far && !requests_.armed()) return kStopped;
  for (; !pages.empty(); pages.first = FirstSectionPart(pages).end) {
    const PfnRange part = FirstSectionPart(pages);
    Outcome outcome = AddSection(part, altmap);
    if (outcome == 0 && memblock_nid != nullptr) outcome = AddBlock(SectionNr::Of(part.first), *memblock_nid);
    if (outcome != 0 && outcome != -kEEXIST) return outcome;
  }
  return 0;
}

// Uncertain: a block that stands already stays as it is.
Outcome MainlineModel::AddBlock(SectionNr nr, Nid nid) {
  SectionState* section = Find(nr);
  if (section->block != BlockState::kNone) return 0;
  if (Refused(AllocSite::kBlock)) return -kENOMEM;
  if (Refused(AllocSite::kBlockName)) return -kEINVAL;
  section->block = BlockState::kOffline;
  section->block_nid = nid;
  section->block_has_zone = false;
  return 0;
}

Outcome MainlineModel::ArchAddBlocksPosted(Nid nid, PhysRange range, AltmapPages* altmap) {
  const DirectMap::Added added =
      direct_map_.Add({Pfn::OfByte(range.start), Pfn::OfByte(range.end())}, requests_.armed());
  if (Refused(AllocSite::kDirectMap, added.tables)) return kStopped;
  if (added.replaced) WarnOnce(kDirectMapSplit);
  const PfnRange pages = range.pfns();
  if (pages.end.byte() - 1 >= map_->physmem_end()) {
    WarnOnce(kArchAdd);
    return -kERANGE;
  }
  const bool whole = pages.first.value() % kPagesPerSection == 0 && pages.pages() % kPagesPerSection == 0;
  const Outcome outcome = whole ? AddPosted(pages, altmap, &nid) : -kEINVAL;
  if (outcome < 0) WarnOnce(kArchAdd);
  return outcome;
}

// Devices may go in any pieces, others in whole sections only. Spans shrink before each piece goes.
Outcome MainlineModel::RemovePosted(Zone zone, Nid nid, PfnRange pages, AltmapPages* altmap) {
  const bool whole = pages.first.value() % kPagesPerSection == 0 && pages.pages() % kPagesPerSection == 0;
  if (zone != Zone::kDevice && !whole) {
    Warn();
    return -kEINVAL;
  }
  while (!pages.empty()) {
    const SectionNr nr = SectionNr::Of(pages.first);
    SectionState* section = Find(nr);
    if (section == nullptr || section->bits == 0) {
      WarnOnce(kAbsentSection);
      // Missing roots hold nothing, and neither does what the table cannot name.
      const SectionNr next = NextKnown(nr + 1, SectionNr::Of(pages.end - 1) + 1);
      pages.first = std::max(FirstSectionPart(pages).end, next.first_pfn());
      continue;
    }
    const PfnRange part = FirstSectionPart(pages);
    if (ShrinkPosted(zone, nid, part) == kStopped || RemoveSection(section, part, altmap) == kStopped) return kStopped;
    pages.first = part.end;
  }
  return 0;
}

// The zone stands in the first struct page that is not the altmap's.
Outcome MainlineModel::ArchRemovePosted(PhysRange range, AltmapPages* altmap) {
  const Pfn start = Pfn::OfByte(range.start);
  const Pfn first = altmap != nullptr ? start + (altmap->reserve + altmap->free) : start;
  const PageState page = PageAt(first);
  if (!Backed(first) || page.zone_number >= kZones) return kStopped;
  const Outcome outcome = RemovePosted(page.view.zone, page.view.nid, range.pfns(), altmap);
  if (outcome == kStopped) return kStopped;
  if (outcome < 0) WarnOnce(kArchRemove);
  if (UsedByRam({start, Pfn::OfByte(range.end())})) return kStopped;
  direct_map_.Remove(range);
  return outcome;
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
