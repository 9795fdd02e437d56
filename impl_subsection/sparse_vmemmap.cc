// SPDX-License-Identifier: Apache-2.0
// sparse-vmemmap: large pages, base pages and the altmap's accounting.
#include "impl_subsection/sparse_vmemmap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// PAGE_UNUSED of arch/x86/mm/init_64.c: what the struct pages of removed sub-sections hold while the large page around
// them stays.
constexpr uint8_t kPageUnused = 0xfd;
// The zone field is the top three bits of a struct page's flags.
constexpr StructPages::Content kUnusedPage{.zone = kPageUnused >> 5};

PfnRange WholeSection(SectionNr nr) { return {nr.first_pfn(), (nr + 1).first_pfn()}; }

bool TakeBasePages(Host& host, PfnRange pages) {
  const uint64_t wanted = pages.pages() / kPagesPerSubsection * kMemmapPagesPerSubsection;
  return host.allocator.GetMany(AllocSite::kMemmapBase, wanted) == wanted;
}

}  // namespace

bool VmemAltmap::Allocate(uint64_t pages) {
  const uint64_t next = base.value() + reserve + alloc + align;
  const uint64_t taken = alloc + align;
  const uint64_t left = free > taken ? free - taken : 0;
  const uint64_t padding = AlignUp(next, pages) - next;
  if (pages + padding > left) return false;
  alloc += pages;
  align += padding;
  return true;
}

Status PopulateSectionMemmap(Host& host, MemSection& section, PfnRange pages, VmemAltmap* altmap) {
  const bool whole = pages.pages() == kPagesPerSection;
  if (whole && altmap != nullptr) {
    if (!altmap->Allocate(kMemmapPagesPerSection)) return -kENOMEM;
    section.memmap = MemmapPmd::kLarge;
    section.memmap_in_device =
        altmap->base + (altmap->reserve + altmap->align + altmap->alloc - kMemmapPagesPerSection);
  } else if (whole && host.allocator.Get(AllocSite::kMemmap)) {
    section.memmap = MemmapPmd::kLarge;
    section.memmap_in_device = MemSection::kNotInDevice;
  } else {
    if (!TakeBasePages(host, pages)) return -kENOMEM;
    if (section.memmap == MemmapPmd::kLarge) {
      // vmemmap_populate_basepages takes the large page for a page table and writes its entries over struct pages at
      // the section's start; the struct pages asked for are those in the large page, which were never gone.
      host.struct_pages.Poison(pages);
      return 0;
    }
    section.memmap = MemmapPmd::kTable;
  }
  host.struct_pages.Populate(pages);
  return 0;
}

void DepopulateSectionMemmap(Host& host, MemSection& section, PfnRange pages, VmemAltmap* altmap, bool last) {
  const SectionNr nr = SectionNr::Of(pages.first);
  if (section.memmap != MemmapPmd::kLarge) {
    host.struct_pages.Depopulate(pages);
    if (host.struct_pages.BackedMask(nr) == 0) section.memmap = MemmapPmd::kNone;
    return;
  }
  if (!last) {
    host.struct_pages.Fill(pages, kUnusedPage);
    return;
  }
  host.struct_pages.Depopulate(WholeSection(nr));
  section.memmap = MemmapPmd::kNone;
  // The altmap is whatever the caller of the removal names, not where the page came from.
  if (altmap != nullptr) altmap->alloc -= kMemmapPagesPerSection;
}

void FreeMapBootmem(Host& host, MemSection& section, SectionNr nr) {
  host.struct_pages.Depopulate(WholeSection(nr));
  section.memmap = MemmapPmd::kNone;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
