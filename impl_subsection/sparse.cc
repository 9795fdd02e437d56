// SPDX-License-Identifier: Apache-2.0
// sparse: activation and deactivation of sub-sections.
#include "impl_subsection/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

void Sparse::Reset(uint64_t sections) {
  sections_.Reset(sections);
  usages_.Reset();
  usage_balance_ = 0;
}

MemSectionUsage* Sparse::NewUsage(bool boot) {
  MemSectionUsage* usage = usages_.New<MemSectionUsage>();
  *usage = {.subsection_map = 0, .boot = boot};
  return usage;
}

void Sparse::FreeUsage(MemSection& section) {
  Arena::Retire(section.usage);
  section.usage = nullptr;
  --usage_balance_;
}

void Sparse::InitEarlySection(SectionNr nr) {
  MemSection& section = sections_.Make(nr);
  if (section.valid()) return;
  section.flags = MemSection::kMarkedPresent | MemSection::kHasMemMap | MemSection::kIsOnline | MemSection::kIsEarly;
  section.memmap = MemmapPmd::kLarge;
  section.usage = NewUsage(true);
  host_.struct_pages.Populate({nr.first_pfn(), (nr + 1).first_pfn()});
}

void Sparse::SubsectionMapInit(PfnRange pages) {
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    // Two ranges may meet inside a section: the bits add up.
    sections_.Find(SectionNr::Of(part.first))->usage->subsection_map |= SubsectionMask(part);
    rest.first = part.end;
  }
}

MemSection* Sparse::PfnToSection(Pfn pfn) {
  const SectionNr nr = SectionNr::Of(pfn);
  if (nr.value() >= sections_.sections() || !sections_.HasRoot(nr)) return nullptr;
  return &sections_.Make(nr);
}

bool Sparse::FillSubsectionMap(MemSection& section, PfnRange pages) {
  uint64_t map = SubsectionMask(pages);
#if defined(HPFUZZ_CANARY)
  map |= map << 1 & kFullBitmap;
#endif
  if ((section.usage->subsection_map & map) != 0) return false;
  section.usage->subsection_map |= map;
  return true;
}

bool Sparse::ClearSubsectionMap(MemSection& section, PfnRange pages) {
  const uint64_t map = SubsectionMask(pages);
  if (section.usage == nullptr || (section.usage->subsection_map & map) != map) {
    host_.warnings.Warn();
    return false;
  }
  section.usage->subsection_map ^= map;
  return true;
}

Status Sparse::SectionActivate(MemSection& section, PfnRange pages, VmemAltmap* altmap) {
  const bool first = section.usage == nullptr;
  if (first) {
    if (!host_.allocator.Get(AllocSite::kUsemap)) return -kENOMEM;
    section.usage = NewUsage(false);
    ++usage_balance_;
  }
  if (!FillSubsectionMap(section, pages)) {
    if (first) FreeUsage(section);
    return -kEEXIST;
  }
  // The boot memmap of an early section is whole, and used as it is.
  if (section.early() && pages.pages() < kPagesPerSection) return 0;
  const Status status = PopulateSectionMemmap(host_, section, pages, altmap);
  if (status == 0 || Stops(status)) return status;
  const Status undone = SectionDeactivate(pages, altmap);
  return undone != 0 ? undone : status;
}

// free_pagetable: get_pfnblock_flags reads the usage record of the section that holds the page, which may have none any
// more, its own above all; and the struct page says in which zone the page lies.
bool Sparse::FreesUnknownPage(Pfn first) const {
  const MemSection* holder = sections_.Find(SectionNr::Of(first));
  if (holder == nullptr || holder->usage == nullptr) return true;
  for (const Pfn edge : {first, first + (kMemmapPagesPerSection - 1)}) {
    const StructPages::Content* page = host_.struct_pages.Find(edge);
    if (page == nullptr || page->zone >= kZones) return true;
  }
  return false;
}

// free_reserved_page, of pages that nobody will ever be given: Device has no users of its free lists.
void Sparse::GiveToAllocator(Pfn first) {
  host_.struct_pages.Fill({first, first + kMemmapPagesPerSection},
                          {.zone = static_cast<uint8_t>(Zone::kDevice), .initialised = true, .map = kForeignHandle});
}

// depopulate_section_memmap
Status Sparse::DepopulateSectionMemmap(MemSection& section, PfnRange pages, VmemAltmap* altmap) {
  if (section.memmap != MemmapPmd::kLarge) {
    FreeBasePages(host_, section, pages);
    return 0;
  }
  if (!UnuseLargePage(host_, pages)) return 0;
  // Without its altmap a page of the device is given to the page allocator.
  if (altmap == nullptr && section.memmap_in_device != MemSection::kNotInDevice) {
    if (FreesUnknownPage(section.memmap_in_device)) return kStopFault;
    GiveToAllocator(section.memmap_in_device);
  }
  FreeLargePage(host_, section, SectionNr::Of(pages.first), altmap);
  return 0;
}

Status Sparse::SectionDeactivate(PfnRange pages, VmemAltmap* altmap) {
  const SectionNr nr = SectionNr::Of(pages.first);
  MemSection& section = *sections_.Find(nr);
  if (!ClearSubsectionMap(section, pages)) return 0;

  const bool empty = section.usage->subsection_map == 0;
  // Keyed on the record and not on the section: a boot section that was emptied and filled again is not early any more
  // but still has its boot record (commit 8068df3b6037).
  if (empty && !section.usage->boot) FreeUsage(section);
  if (!section.early()) {
    if (const Status status = DepopulateSectionMemmap(section, pages, altmap); status != 0) return status;
  } else if (empty) {
    FreeLargePage(host_, section, nr, nullptr);  // free_map_bootmem
  }
  if (empty) section.flags = 0;
  return 0;
}

Status Sparse::AddSection(PfnRange pages, VmemAltmap* altmap) {
  const SectionNr nr = SectionNr::Of(pages.first);
  // sparse_index_init indexes the table of roots without looking at its end.
  if (nr.value() >= sections_.sections()) return kStopFault;
  if (!sections_.HasRoot(nr)) {
    if (!host_.allocator.Get(AllocSite::kRoot)) return -kENOMEM;
    sections_.MakeRoot(nr);
  }
  MemSection& section = sections_.Make(nr);
  const Status status =
      host_.posted() ? SectionActivatePosted(section, pages, altmap) : SectionActivate(section, pages, altmap);
  if (status != 0) return status;
  section.flags |= MemSection::kMarkedPresent | MemSection::kHasMemMap;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
