// SPDX-License-Identifier: Apache-2.0
// sparse-vmemmap: large pages, base pages and the altmap's accounting.
#include "impl_subsection/sparse_vmemmap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

PfnRange WholeSection(SectionNr nr) { return {nr.first_pfn(), (nr + 1).first_pfn()}; }

bool TakeBasePages(Host& host, uint64_t subsections) {
  const uint64_t wanted = subsections * kMemmapPagesPerSubsection;
  return host.allocator.GetMany(AllocSite::kMemmapBase, wanted) == wanted;
}

// vmemmap_populate_basepages takes a large page for a page table: the entries of sub-section i lie where the section's
// struct page i is, and entries that are not none are left alone: of a struct page that holds PAGE_UNUSED all of them.
// Of any other all are counted as if they were none. Those that are written make garbage of that struct page, but of no
// field that is told here; the struct pages asked for are those in the large page, which were never gone.
//
// The entries are reached through the direct map (pte_offset_kernel), which a device's page may have lost.
Status PopulateInsideLargePage(Host& host, const MemSection& section, PfnRange pages) {
  const Pfn table = section.memmap_in_device;
  if (table != MemSection::kNotInDevice) {
    const uint64_t step = uint64_t{1} << table.value() % kPagesPerSection / kPagesPerSubsection;
    if ((host.direct_map.Covered(SectionNr::Of(table)) & step) == 0) return kStopFault;
  }
  const Pfn base = SectionNr::Of(pages.first).first_pfn();
  uint64_t written = 0;
  for (Pfn pfn = pages.first; pfn < pages.end; pfn = pfn + kPagesPerSubsection) {
    const Pfn overlaid = base + pfn.value() % kPagesPerSection / kPagesPerSubsection;
    if (!host.struct_pages.Find(overlaid)->unused()) ++written;
  }
  return TakeBasePages(host, written) ? 0 : -kENOMEM;
}

// vmemmap_use_sub_pmd: the first struct page is zeroed, which keeps the large page from being found unused.
void UseWholeLargePage(Host& host, SectionNr nr) {
  host.struct_pages.Fill({nr.first_pfn(), nr.first_pfn() + 1}, StructPages::Filled(0));
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
  if (section.memmap == MemmapPmd::kLarge) {
    if (!whole) return PopulateInsideLargePage(host, section, pages);
    UseWholeLargePage(host, SectionNr::Of(pages.first));
    return 0;
  }
  if (whole && altmap != nullptr) {
    if (!altmap->Allocate(kMemmapPagesPerSection)) return -kENOMEM;
    section.memmap = MemmapPmd::kLarge;
    section.memmap_in_device =
        altmap->base + (altmap->reserve + altmap->align + altmap->alloc - kMemmapPagesPerSection);
  } else if (whole && host.allocator.Get(AllocSite::kMemmap)) {
    section.memmap = MemmapPmd::kLarge;
    section.memmap_in_device = MemSection::kNotInDevice;
  } else {
    if (!TakeBasePages(host, pages.pages() / kPagesPerSubsection)) return -kENOMEM;
    section.memmap = MemmapPmd::kTable;
  }
  host.struct_pages.Populate(pages);
  return 0;
}

void FreeBasePages(Host& host, MemSection& section, PfnRange pages) {
  host.struct_pages.Depopulate(pages);
  if (host.struct_pages.BackedMask(SectionNr::Of(pages.first)) == 0) section.memmap = MemmapPmd::kNone;
}

bool UnuseLargePage(Host& host, PfnRange pages) {
  // remove_pmd_table looks at a part only.
  if (pages.pages() == kPagesPerSection) return true;
  host.struct_pages.Fill(pages, StructPages::Filled(StructPages::kUnusedByte));
  return host.struct_pages.AllUnused(SectionNr::Of(pages.first));
}

void FreeLargePage(Host& host, MemSection& section, SectionNr nr, VmemAltmap* altmap) {
  host.struct_pages.Depopulate(WholeSection(nr));
  section.memmap = MemmapPmd::kNone;
  // The altmap is whatever the caller of the removal names, not where the page came from.
  if (altmap != nullptr) altmap->alloc -= kMemmapPagesPerSection;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
