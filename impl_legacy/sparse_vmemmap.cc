// SPDX-License-Identifier: Apache-2.0
// The memmap of a section: populate and free.
#include "impl_legacy/sparse_vmemmap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// altmap_alloc_block_buf for one large page. False: it does not fit behind what is taken already.
bool AltmapAllocBlock(VmemAltmap* altmap) {
  constexpr uint64_t kPages = kMemmapPagesPerSection;
  constexpr uint64_t kAlign = kPages & -kPages;  // find_first_bit(&nr_pfns)
  const uint64_t taken = altmap->alloc + altmap->align;
  const Pfn next = altmap->base_pfn + altmap->reserve + taken;
  const uint64_t pad = AlignUp(next.value(), kAlign) - next.value();
  const uint64_t left = altmap->free > taken ? altmap->free - taken : 0;
  if (kPages + pad > left) return false;
  altmap->alloc += kPages;
  altmap->align += pad;
  return true;
}

// vmemmap_populate_basepages. What a failure leaves behind stays mapped (5.1 has no way back) and is completed when the
// section is added again.
bool PopulateBasePages(Kernel& kernel, SectionNr nr, MemSection* section) {
  constexpr uint64_t kAll = kMemmapPagesPerSection;
  constexpr uint64_t kStructPagesEach = kPageSize / kStructPageSize;
  uint64_t mapped = section->memmap_pages;
  mapped += kernel.allocator.GetMany(AllocSite::kMemmapBase, kAll - mapped);
  if (mapped == 0) return false;
  kernel.pages.PopulateFront(nr, mapped * kStructPagesEach);
  section->memmap = mapped == kAll ? MemmapKind::kBase : MemmapKind::kPart;
  section->memmap_pages = mapped == kAll ? uint16_t{0} : static_cast<uint16_t>(mapped);
  return mapped == kAll;
}

}  // namespace

void VmemAltmap::Assign(const Altmap& altmap) {
  base_pfn = Pfn::OfByte(altmap.base);
  reserve = altmap.reserve >> kPageShift;
  free = altmap.free >> kPageShift;
  align = 0;
  alloc = 0;
}

bool VmemmapPopulate(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap) {
  // The page table of earlier base pages is there: no large page fits, from wherever.
  if (section->memmap == MemmapKind::kPart) return PopulateBasePages(kernel, nr, section);
  section->memmap_in_device = altmap != nullptr;
  if (altmap != nullptr) {
    if (!AltmapAllocBlock(altmap)) return false;
  } else if (!kernel.allocator.Get(AllocSite::kMemmap)) {
    return PopulateBasePages(kernel, nr, section);
  }
  section->memmap = MemmapKind::kHuge;
  kernel.pages.Populate(PagesOf(nr));
  return true;
}

Status VmemmapFree(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap) {
  // remove_pte_table knows no altmap: base pages go back to RAM in any case.
  if (section->memmap == MemmapKind::kHuge) {
    // free_pagetable hands a page of the device to the page allocator, which finds no usemap for it.
    if (altmap == nullptr && section->memmap_in_device) return kFaultStop;
    if (altmap != nullptr) altmap->alloc -= kMemmapPagesPerSection;
  }
  section->memmap = MemmapKind::kNone;
  kernel.pages.Depopulate(PagesOf(nr));
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
