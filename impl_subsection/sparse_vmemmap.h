// SPDX-License-Identifier: Apache-2.0
// sparse-vmemmap: memory for the struct pages of a section, from RAM or from the device itself (struct vmem_altmap).
// mm/sparse-vmemmap.c and the x86 part of it in arch/x86/mm/init_64.c.
#ifndef HPFUZZ_IMPL_SUBSECTION_SPARSE_VMEMMAP_H_
#define HPFUZZ_IMPL_SUBSECTION_SPARSE_VMEMMAP_H_

#include <cstdint>

#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "impl_subsection/host.h"
#include "impl_subsection/mmzone.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// In pages, as in the kernel; sub-page parts of the request are dropped.
struct VmemAltmap {
  explicit VmemAltmap(const Altmap& request = {})
      : base(Pfn::OfByte(request.base)), reserve(request.reserve >> kPageShift), free(request.free >> kPageShift) {}

  Pfn base;
  uint64_t reserve;
  uint64_t free;
  uint64_t align = 0;  // lost to alignment
  uint64_t alloc = 0;  // in use; a release that frees more than was taken drives it below 0, as the kernel's

  // Pages at the front of the range that hold no data.
  uint64_t Offset() const { return reserve + free; }
  // altmap_alloc_block_buf: `pages`, a power of two, aligned to themselves.
  bool Allocate(uint64_t pages);
};

// Memory for the struct pages of `pages`, which lie in one section and are inactive until now. A whole section gets one
// large page, from the altmap when there is one; anything less gets base pages from RAM, altmap or not
// (vmemmap_populate). A large page that is there already is used as it is; a FAULT when it lies in a device and a part
// of the section is asked for that its direct map does not reach. After -ENOMEM the caller depopulates what was there
// already.
Status PopulateSectionMemmap(Host& host, MemSection& section, PfnRange pages, VmemAltmap* altmap);

// vmemmap_free of base pages.
void FreeBasePages(Host& host, MemSection& section, PfnRange pages);
// vmemmap_free of a part of a large page, or of all of it; true when the page is to go (FreeLargePage). It goes when it
// holds nothing but PAGE_UNUSED, whatever is active: pieces that come back keep that mark until they are initialised,
// and pieces that are initialised after they went keep the page for good.
bool UnuseLargePage(Host& host, PfnRange pages);
void FreeLargePage(Host& host, MemSection& section, SectionNr nr, VmemAltmap* altmap);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_SPARSE_VMEMMAP_H_
