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

}  // namespace

void VmemAltmap::Assign(const Altmap& altmap) {
  base_pfn = Pfn::OfByte(altmap.base);
  reserve = altmap.reserve >> kPageShift;
  free = altmap.free >> kPageShift;
  align = 0;
  alloc = 0;
}

bool VmemmapPopulate(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap) {
  section->memmap_in_device = altmap != nullptr;
  if (altmap != nullptr) {
    if (!AltmapAllocBlock(altmap)) return false;
    section->memmap = MemmapKind::kHuge;
  } else if (kernel.allocator.Get(AllocSite::kMemmap)) {
    section->memmap = MemmapKind::kHuge;
  } else if (kernel.allocator.GetMany(AllocSite::kMemmapBase, kMemmapPagesPerSection) == kMemmapPagesPerSection) {
    section->memmap = MemmapKind::kBase;
  } else {
    return false;
  }
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
