// SPDX-License-Identifier: Apache-2.0
// Sections of the mainline reference: adding and removing pages below and with the direct map (mm/sparse.c,
// __add_pages, __remove_pages, arch_add_memory, arch_remove_memory).
#include <algorithm>
#include <bit>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

// Struct pages that went while the large page around them stays are filled with this byte (PAGE_UNUSED).
constexpr int kUnused = 0xfd;

AltmapPages PagesOf(const Altmap& altmap) {
  return {.base = Pfn::OfByte(altmap.base), .reserve = altmap.reserve >> kPageShift, .free = altmap.free >> kPageShift};
}

bool AlignedToSubsections(PfnRange pages) { return (pages.first.value() | pages.pages()) % kPagesPerSubsection == 0; }

}  // namespace

// Takes pages aligned to their number, as far as that is a power of two; what the alignment skips is lost.
bool AltmapPages::Take(uint64_t pages) {
  const uint64_t next = base.value() + reserve + static_cast<uint64_t>(alloc + align);
  const uint64_t skipped = AlignUp(next, pages & -pages) - next;
  if (static_cast<int64_t>(pages + skipped) > static_cast<int64_t>(free) - alloc - align) return false;
  align += static_cast<int64_t>(skipped);
  alloc += static_cast<int64_t>(pages);
  return true;
}

std::vector<MainlineModel::Root>::const_iterator MainlineModel::RootFrom(uint64_t root) const {
  return std::lower_bound(roots_.begin(), roots_.end(), root,
                          [](const Root& r, uint64_t value) { return r.nr < value; });
}

bool MainlineModel::FindOtherRoot(uint64_t root) const {
  const auto at = RootFrom(root);
  if (at == roots_.end() || at->nr != root) return false;
  found_ = *at;
  return true;
}

Section* MainlineModel::Find(SectionNr nr) {
  if (!FindRoot(nr)) return nullptr;
  SectionState& section = section_pool_[found_.first + nr.value() % kSectionsPerRoot];
  if (section.boot != boots_) section = {.boot = boots_};
  return &section;
}

Section* MainlineModel::MakeRoot(SectionNr nr) {
  if (SectionState* section = Find(nr)) return section;
  const uint64_t root = nr.value() / kSectionsPerRoot;
  roots_.insert(RootFrom(root), Root{root, sections_used_});
  sections_used_ += kSectionsPerRoot;
  if (section_pool_.size() < sections_used_) section_pool_.resize(sections_used_);
  return Find(nr);
}

SectionNr MainlineModel::NextKnown(SectionNr nr, SectionNr end) const {
  const auto at = RootFrom(nr.value() / kSectionsPerRoot);
  if (at == roots_.end()) return std::max(nr, end);
  return std::clamp(SectionNr(at->nr * kSectionsPerRoot), nr, std::max(nr, end));
}

SectionNr MainlineModel::EndOfKnown(SectionNr nr) const {
  const auto above = RootFrom(nr.value() / kSectionsPerRoot + 1);
  if (above == roots_.begin()) return SectionNr(0);
  return std::min(nr + 1, SectionNr(((above - 1)->nr + 1) * kSectionsPerRoot));
}

Outcome MainlineModel::AddPagesOf(PfnRange pages, AltmapPages* altmap) {
  if (posted()) return AddPosted(pages, altmap, nullptr);
  if (altmap != nullptr) {
    if (altmap->base != pages.first || altmap->reserve + altmap->free > pages.pages()) return -kEINVAL;
    altmap->alloc = 0;
  }
  if (!AlignedToSubsections(pages)) {
    Warn();
    return -kEINVAL;
  }
  if (altmap == nullptr && RunsOffTable(pages)) return kStopped;
  while (!pages.empty()) {
    const PfnRange part = FirstSectionPart(pages);
    if (const Outcome outcome = AddSection(part, altmap); outcome != 0) return outcome;
    pages.first = part.end;
  }
  return 0;
}

// Whether adding meets nothing up to the end of the section table, where it stops the machine: not worth the walk.
bool MainlineModel::RunsOffTable(PfnRange pages) const {
  if (pages.empty() || requests_.armed() || SectionNr::Of(pages.end - 1) < Limit()) return false;
  return NextKnown(SectionNr::Of(pages.first), Limit()) >= Limit();
}

// Nothing above undoes an earlier section: no roll-back in __add_pages.
Outcome MainlineModel::AddSection(PfnRange part, AltmapPages* altmap) {
  const SectionNr nr = SectionNr::Of(part.first);
  // The table of roots ends there and nobody looks.
  if (nr >= Limit()) return kStopped;
  SectionState* section = Find(nr);
  if (section == nullptr) {
    if (Refused(AllocSite::kRoot)) return -kENOMEM;
    section = MakeRoot(nr);
  }
  const bool had_usage = section->usage;
  if (!had_usage && Refused(AllocSite::kUsemap)) return -kENOMEM;
  const uint64_t mask = BitsOf(part);
  const PfnRange memmap = MemmapOf(part);
  if ((section->bits & mask) != 0) return -kEEXIST;
  // Boot made the memmap of the whole section: nothing is populated, nothing is written.
  if (!section->early) {
    if (const Outcome outcome = Populate(section, memmap, altmap); outcome != 0) {
      if (outcome == kStopped) return kStopped;
      // section_deactivate() removes the piece again; of an empty section it clears the whole word.
      if (section->bits == 0) section->tainted = false;
      return RemoveMemmap(section, memmap, altmap) == kStopped ? kStopped : outcome;
    }
  }
  if (!had_usage) {
    section->usage = true;
    ++usage_balance_;
  }
  section->bits |= mask;
  return 0;
}

Outcome MainlineModel::Populate(SectionState* section, PfnRange part, AltmapPages* altmap) {
  const bool whole = part.pages() == kPagesPerSection;
  if (section->huge) {
    // The large page outlived the section. One struct page is zeroed, so that it does not look unused.
    if (!whole && section->borrowed && !InDirectMap(section->lender)) return kStopped;
    if (whole) {
      pages_.Set(part.first, part.first + 1, PageState::Uninitialised(0));
      section->damaged &= ~uint64_t{1};
    }
    return whole || FillHole(section, part) ? 0 : -kENOMEM;
  }
  if (section->mapped != 0 && posted()) return CompleteTable(section, part) ? 0 : -kENOMEM;
  if (whole && altmap != nullptr) {
    if (!altmap->Take(kMemmapPagesPerSection)) return -kENOMEM;
    section->huge = section->borrowed = true;
    section->lender =
        altmap->base + altmap->reserve + static_cast<uint64_t>(altmap->align + altmap->alloc) - kMemmapPagesPerSection;
  } else if (whole && !Refused(AllocSite::kMemmap)) {
    section->huge = true;
    section->borrowed = false;
  } else {
    const uint64_t base_pages = part.pages() / kPagesPerSubsection * kMemmapPagesPerSubsection;
    if (Refused(AllocSite::kMemmapBase, base_pages)) return -kENOMEM;
    section->mapped |= SubsectionMask(part);
  }
  pages_.Set(part.first, part.end, PageState::Uninitialised(fill_));
  return 0;
}

// What the kernel takes for a page table it reaches by its physical address.
bool MainlineModel::InDirectMap(Pfn pfn) const {
  return (direct_map_.Steps(SectionNr::Of(pfn)) >> (pfn.value() % kPagesPerSection / kPagesPerSubsection) & 1) != 0;
}

// Base pages for a piece of a section whose memmap is one large page: the kernel takes the large page for a page table
// and writes the entries into its front, one struct page for each sub-section, but not where something stands: what is
// filled with 0xfd stays as it is, and so do the struct pages of the piece itself.
bool MainlineModel::FillHole(SectionState* section, PfnRange part) {
  const Pfn front = SectionNr::Of(part.first).first_pfn();
  uint64_t written = 0;
  for (uint64_t left = SubsectionMask(part); left != 0; left &= left - 1) {
    const int piece = std::countr_zero(left);
    if (!PageAt(front + static_cast<uint64_t>(piece)).unused) written |= uint64_t{1} << piece;
  }
  section->damaged |= written;
  const auto base_pages = static_cast<uint64_t>(std::popcount(written)) * kMemmapPagesPerSubsection;
  return !Refused(AllocSite::kMemmapBase, base_pages);
}

Outcome MainlineModel::RemovePagesOf(PfnRange pages, AltmapPages* altmap) {
  if (!AlignedToSubsections(pages)) {
    Warn();
    return 0;
  }
  while (!pages.empty()) {
    const SectionNr nr = SectionNr::Of(pages.first);
    const SectionNr known = NextKnown(nr, SectionNr::Of(pages.end - 1) + 1);
    SectionState* section = Find(nr);
    if (section == nullptr || section->bits == 0) WarnOnce(kAbsentSection);
    if (known != nr) {
      pages.first = known.first_pfn();
      continue;
    }
    const PfnRange part = FirstSectionPart(pages);
    if (section->bits != 0 && RemoveSection(section, part, altmap) == kStopped) return kStopped;
    pages.first = part.end;
  }
  return 0;
}

Outcome MainlineModel::RemoveSection(SectionState* section, PfnRange part, AltmapPages* altmap) {
  const uint64_t mask = BitsOf(part);
  if ((section->bits & mask) != mask) {
    Warn();
    return 0;
  }
  section->bits &= ~mask;
  const bool empty = section->bits == 0;
  // A boot memmap stays whole, and readable, until the last bit goes.
  if (section->early && !empty) return 0;
  if (empty && !section->boot_usage) {
    section->usage = false;
    --usage_balance_;
  }
  if (section->early) {
    const Pfn first = SectionNr::Of(part.first).first_pfn();
    pages_.Erase(first, first + kPagesPerSection);
    section->huge = false;
  } else if (RemoveMemmap(section, MemmapOf(part), altmap) == kStopped) {
    return kStopped;
  }
  if (empty) section->online = section->early = section->tainted = false;
  return 0;
}

// The large page goes with the whole section, or when nothing but 0xfd is left in it. That is not the same as that no
// sub-section is active: one that was added again is filled with it until its pages are initialised, and one that went
// can be initialised.
Outcome MainlineModel::RemoveMemmap(SectionState* section, PfnRange part, AltmapPages* altmap) {
  if (!section->huge) {
    section->mapped &= ~SubsectionMask(part);
    pages_.Erase(part.first, part.end);
    return 0;
  }
  const Pfn first = SectionNr::Of(part.first).first_pfn();
  const PfnRange whole = {first, first + kPagesPerSection};
  if (part.pages() != kPagesPerSection) {
    pages_.Set(part.first, part.end, PageState::Uninitialised(kUnused));
    if (part.first == first) section->damaged = 0;
    if (!AllUnused(whole)) return 0;
  }
  if (altmap != nullptr) {
    altmap->alloc -= kMemmapPagesPerSection;
  } else if (section->borrowed) {
    if (FreesUnknown(section->lender)) return kStopped;
    // Free pages of a zone that nobody takes pages from.
    PageState freed = PageState::Free(Zone::kDevice, 0);
    freed.view.map = kForeignHandle;
    pages_.Set(section->lender, section->lender + kMemmapPagesPerSection, freed);
  }
  pages_.Erase(whole.first, whole.end);
  section->huge = section->borrowed = false;
  section->damaged = 0;
  return 0;
}

bool MainlineModel::AllUnused(PfnRange pages) const {
  for (auto run = pages_.From(pages.first); run != pages_.end() && run->first < pages.end; ++run) {
    if (!run->value.unused) return false;
  }
  return true;
}

// Pages of a device that are freed as if they were RAM: nothing is known of a page whose section keeps no record, or
// whose struct page is not there or names no zone.
bool MainlineModel::FreesUnknown(Pfn first) const {
  const SectionState* holder = Find(SectionNr::Of(first));
  if (holder == nullptr || !holder->usage) return true;
  const Pfn last = first + (kMemmapPagesPerSection - 1);
  return !Backed(first) || !Backed(last) || PageAt(first).zone_number >= kZones || PageAt(last).zone_number >= kZones;
}

// add_pages() of x86: the bound is looked at only here, after the direct map was made.
Outcome MainlineModel::AddPagesWarned(PfnRange pages, AltmapPages* altmap) {
  const uint64_t last = pages.end.byte() - 1;
  const Outcome outcome = last >= map_->physmem_end() ? -kERANGE : AddPagesOf(pages, altmap);
  if (outcome != 0 && outcome != kStopped) WarnOnce(kArchAdd);
  return outcome;
}

Outcome MainlineModel::ArchAdd(PhysRange range, AltmapPages* altmap) {
  const PfnRange mapped = {Pfn::OfByte(range.start), Pfn::OfByte(range.end())};
  const DirectMap::Added added = direct_map_.Add(mapped, requests_.armed());
  if (Refused(AllocSite::kDirectMap, added.tables)) return kStopped;
  if (added.replaced) WarnOnce(kDirectMapSplit);
  return AddPagesWarned(range.pfns(), altmap);
}

Outcome MainlineModel::ArchRemove(PhysRange range, AltmapPages* altmap) {
  if (posted()) return ArchRemovePosted(range, altmap);
  if (RemovePagesOf(range.pfns(), altmap) == kStopped) return kStopped;
  // The bits of a boot section stay where the hotplug layer refuses, the direct map of its RAM goes all the same.
  if (UsedByRam({Pfn::OfByte(range.start), Pfn::OfByte(range.end())})) return kStopped;
  direct_map_.Remove(range);
  return 0;
}

// With memory blocks, all or nothing.
Outcome MainlineModel::ArchAddBlocks(Nid nid, PhysRange range, AltmapPages* altmap) {
  if (posted()) return ArchAddBlocksPosted(nid, range, altmap);
  Outcome outcome = ArchAdd(range, altmap);
  if (outcome != 0) return outcome;
  outcome = AddBlocks(nid, range);
  return outcome != 0 && ArchRemove(range, altmap) == kStopped ? kStopped : outcome;
}

bool MainlineModel::UsedByRam(PfnRange pages) const {
  for (auto run = pages_.From(pages.first); run != pages_.end() && run->first < pages.end; ++run) {
    const PageView& page = run->value.view;
    if (!page.initialised || page.reserved || page.count != 0) continue;  // nobody was given it
    PfnRange rest = {std::max(run->first, pages.first), std::min(run->end, pages.end)};
    while (!rest.empty()) {
      const SectionState* section = Find(SectionNr::Of(rest.first));
      if (section != nullptr && section->early && section->online) return true;
      rest.first = FirstSectionPart(rest).end;
    }
  }
  return false;
}

Answer MainlineModel::AddPages(Nid, PhysRange range) {
  Begin();
  return Done(AddPagesOf(range.pfns(), nullptr));
}

Answer MainlineModel::RemovePages(Zone zone, PhysRange range) {
  Begin();
  if (posted()) return Done(RemovePosted(zone, 0, range.pfns(), nullptr));
  return Done(RemovePagesOf(range.pfns(), nullptr));
}

Answer MainlineModel::ArchAddMemory(const ArchMemoryRequest& request) {
  Begin();
  AltmapPages altmap = PagesOf(request.altmap);
  AltmapPages* given = request.altmap.given ? &altmap : nullptr;
  return Done(request.memblock ? ArchAddBlocks(request.nid, request.range, given) : ArchAdd(request.range, given));
}

Answer MainlineModel::ArchRemoveMemory(const ArchMemoryRequest& request) {
  Begin();
  AltmapPages altmap = PagesOf(request.altmap);
  if (request.memblock) RemoveBlocks(request.range);
  return Done(ArchRemove(request.range, request.altmap.given ? &altmap : nullptr));
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
