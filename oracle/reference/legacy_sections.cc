// SPDX-License-Identifier: Apache-2.0
// LegacyReference: adding and removing pages by whole sections (__add_pages, __remove_pages and the arch level of Linux
// 5.1). Nothing here is rolled back: what a failing request had done by then stays.
#include <algorithm>

#include "oracle/reference/legacy_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

constexpr uint64_t kPagesPerMemmapPage = kPageSize / kStructPageSize;

Answer Fault() { return Answer::Of(Answer::Kind::kFault); }

// Section numbers and counts are ints in that kernel, compared with an unsigned long.
uint64_t FoldToInt(uint64_t value) { return static_cast<uint64_t>(int64_t{static_cast<int32_t>(value)}); }

// The longest walk over sections that a request can ask for without its numbers folding.
constexpr uint64_t kLongestWalk = uint64_t{1} << 16;

}  // namespace

LegacyReference::AltmapState LegacyReference::Import(const Altmap& altmap) {
  AltmapState state;
  state.base = altmap.base >> kPageShift;
  state.reserve = altmap.reserve >> kPageShift;
  state.free = altmap.free >> kPageShift;
  return state;
}

// Takes `pages` aligned to their lowest set bit; what alignment skips is lost.
bool LegacyReference::AltmapState::Take(uint64_t pages) {
  const uint64_t used = static_cast<uint64_t>(alloc) + align;
  const uint64_t next = base + reserve + used;
  const uint64_t skip = AlignUp(next, pages & -pages) - next;
  if (used > free || pages + skip > free - used) return false;
  alloc += static_cast<int64_t>(pages);
  align += skip;
  return true;
}

Answer LegacyReference::AddPages(Nid nid, PhysRange range) {
  requests_.BeginOperation();
  return AddSections(nid, range.pfns(), nullptr, false);
}

Answer LegacyReference::RemovePages(Zone zone, PhysRange range) {
  requests_.BeginOperation();
  return RemoveSections(zone, 0, range.pfns(), nullptr);
}

Answer LegacyReference::ArchAddMemory(const ArchMemoryRequest& request) {
  requests_.BeginOperation();
  AltmapState altmap = Import(request.altmap);
  return ArchAdd(request.nid, request.range, request.altmap.given ? &altmap : nullptr, request.memblock);
}

Answer LegacyReference::ArchRemoveMemory(const ArchMemoryRequest& request) {
  requests_.BeginOperation();
  AltmapState altmap = Import(request.altmap);
  return ArchRemove(request.range, request.altmap.given ? &altmap : nullptr);
}

Answer LegacyReference::AddSections(Nid nid, PfnRange pages, AltmapState* altmap, bool memblock) {
  if (altmap != nullptr) {
    if (altmap->base != pages.first.value() || altmap->offset() > pages.pages()) return Answer::Error(kEINVAL);
    altmap->alloc = 0;
  }
  // The last page of an empty range is the one before it: a start inside a section then still names that section.
  const uint64_t first = FoldToInt(SectionNr::Of(pages.first).value());
  const uint64_t last = FoldToInt(SectionNr::Of(pages.end - 1).value());
  if (last < first) return Answer::Value(0);
  // Nobody has memmaps for so many sections: however the walk goes on, it ends beyond the table.
  if (last - first > kLongestWalk) return Fault();
  for (uint64_t nr = first; nr <= last; ++nr) {
    // No range check exists: the section table is indexed past its end.
    if (!InTable(nr)) return Fault();
    // A section that exists already is -EEXIST, which the loop over sections swallows.
    if (ValidSection(nr) != nullptr) continue;
    const Answer answer = AddSection(nr, nid, altmap, memblock);
    if (!answer.ok()) return answer;
  }
  return Answer::Value(0);
}

Answer LegacyReference::AddSection(uint64_t nr, Nid nid, AltmapState* altmap, bool memblock) {
  const uint64_t root = nr / kSectionsPerRoot;
  if (roots_.Find(root) == nullptr) {
    if (!requests_.Ask(AllocSite::kRoot)) return Answer::Error(kENOMEM);
    roots_.Set(root, root + 1, true);
  }
  const SectionState* leftover = sections_.Find(nr);
  SectionState section = leftover != nullptr ? *leftover : SectionState();
  if (!Populate(nr, section, altmap)) {
    if (section.memmap == MemmapKind::kPart) sections_.Set(nr, nr + 1, section);
    return Answer::Error(kENOMEM);
  }
  if (!requests_.Ask(AllocSite::kUsemap)) {
    Depopulate(nr, section, altmap);
    return Answer::Error(kENOMEM);
  }
  ++usemaps_;
  section.valid = true;
  Answer answer = Answer::Value(0);
  if (memblock) {
    if (!requests_.Ask(AllocSite::kBlock)) {
      answer = Answer::Error(kENOMEM);
    } else if (!requests_.Ask(AllocSite::kBlockName)) {
      answer = Answer::Error(kEINVAL);
    } else {
      section.block = BlockState::kOffline;
      section.block_nid = nid;
    }
  }
  sections_.Set(nr, nr + 1, section);
  return answer;
}

// One large page, from the altmap if there is one. Only RAM falls back to base pages; where an earlier failure left
// some, they are completed, whatever the altmap.
bool LegacyReference::Populate(uint64_t nr, SectionState& section, AltmapState* altmap) {
  if (section.memmap == MemmapKind::kPart) return PopulateBasePages(nr, section);
  if (altmap != nullptr) {
    if (!altmap->Take(kMemmapPagesPerSection)) return false;
    section.device_memmap = true;
  } else if (!requests_.Ask(AllocSite::kMemmap)) {
    return PopulateBasePages(nr, section);
  }
  section.memmap = MemmapKind::kHuge;
  const uint64_t first = SectionNr(nr).first_pfn().value();
  pages_.Set(first, first + kPagesPerSection, PageState::Unwritten(fill_));
  return true;
}

bool LegacyReference::PopulateBasePages(uint64_t nr, SectionState& section) {
  const uint64_t before = section.memmap_pages;
  uint64_t mapped = before;
  while (mapped < kMemmapPagesPerSection && requests_.Ask(AllocSite::kMemmapBase)) ++mapped;
  const uint64_t first = SectionNr(nr).first_pfn().value();
  pages_.Set(first + before * kPagesPerMemmapPage, first + mapped * kPagesPerMemmapPage, PageState::Unwritten(fill_));
  const bool whole = mapped == kMemmapPagesPerSection;
  if (mapped != 0) section.memmap = whole ? MemmapKind::kBase : MemmapKind::kPart;
  section.memmap_pages = whole ? 0 : static_cast<uint16_t>(mapped);
  return whole;
}

// Gives the memmap back and forgets the section. An altmap only counts, whether the memmap came from it or not. False:
// a memmap in device memory is freed as if it were RAM.
bool LegacyReference::Depopulate(uint64_t nr, const SectionState& section, AltmapState* altmap) {
  if (section.memmap == MemmapKind::kHuge) {
    if (altmap != nullptr && !section.boot_usemap) {
      altmap->alloc -= static_cast<int64_t>(kMemmapPagesPerSection);
    } else if (section.device_memmap) {
      return false;
    }
  }
  sections_.Erase(nr, nr + 1);
  const uint64_t first = SectionNr(nr).first_pfn().value();
  pages_.Erase(first, first + kPagesPerSection);
  return true;
}

Answer LegacyReference::RemoveSections(Zone zone, Nid nid, PfnRange pages, AltmapState* altmap) {
  const uint64_t first = pages.first.value();
  if (first % kPagesPerSection != 0 || pages.pages() % kPagesPerSection != 0) return Answer::Of(Answer::Kind::kBug);
  const uint64_t count = FoldToInt(pages.pages() / kPagesPerSection);
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t nr = first / kPagesPerSection + i;
    if (!InTable(nr)) return Fault();
    const SectionState* valid = ValidSection(nr);
    if (valid == nullptr) return Answer::Error(kEINVAL);
    const SectionState section = *valid;
    if (!spans_.Shrink(zone, nid, SectionNr(nr).first_pfn())) return Fault();
    if (!Depopulate(nr, section, altmap)) return Fault();
    // A usage map from boot is never freed.
    if (!section.boot_usemap) --usemaps_;
  }
  return Answer::Value(0);
}

// The direct map comes first and stays whatever follows.
Answer LegacyReference::ArchAdd(Nid nid, PhysRange range, AltmapState* altmap, bool memblock) {
  if (!direct_map_.Add(range, requests_)) return Fault();
  Answer answer = AddSections(nid, range.pfns(), altmap, memblock);
  if (answer.kind == Answer::Kind::kValue && !answer.ok()) ++answer.warnings;
  return answer;
}

// The zone is read from the first page that is not the altmap's.
Answer LegacyReference::ArchRemove(PhysRange range, AltmapState* altmap) {
  const PfnRange pages = range.pfns();
  const PageState* page = pages_.Find(pages.first.value() + (altmap != nullptr ? altmap->offset() : 0));
  if (page == nullptr || page->zone_number >= kZones) return Fault();
  Answer answer = RemoveSections(page->view.zone, page->view.nid, pages, altmap);
  if (answer.stops()) return answer;
  if (!answer.ok()) ++answer.warnings;
  direct_map_.Remove(range);
  return answer;
}

Answer LegacyReference::MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) {
  requests_.BeginOperation();
  return MoveToZone(zone, nid, range.pfns(), nullptr);
}

Answer LegacyReference::RemovePfnRangeFromZone(Zone, Nid, PhysRange) { return Answer::Of(Answer::Kind::kNone); }

// Pages of a device are written by the mapping itself, later; here only those that hold the altmap's memmap.
Answer LegacyReference::MoveToZone(Zone zone, Nid nid, PfnRange pages, const AltmapState* altmap) {
  spans_.Grow(zone, nid, pages);
  uint64_t first = pages.first.value();
  uint64_t end = pages.end.value();
  if (zone == Zone::kDevice) {
    if (altmap == nullptr) return Answer::Value(0);
    first = altmap->base + altmap->reserve;
    end = altmap->base + altmap->offset();
  }
  return WritePages(first, end, PageState::Written(zone, nid)) ? Answer::Value(0) : Fault();
}

// False: a struct page on the way has no memory.
bool LegacyReference::WritePages(uint64_t first, uint64_t end, const PageState& page) {
  if (first >= end) return true;
  const uint64_t gap = pages_.FirstGap(first, end);
  pages_.Set(first, gap, page);
  return gap == end;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
