// SPDX-License-Identifier: Apache-2.0
// mm/sparse-vmemmap.c and the x86 part of it: memory for the struct pages of a section, from RAM or from the area that
// a device set aside (altmap).
//
// Not covered: page tables above the memmap's own, which are never given back.
#ifndef HPFUZZ_IMPL_LEGACY_SPARSE_VMEMMAP_H_
#define HPFUZZ_IMPL_LEGACY_SPARSE_VMEMMAP_H_

#include <cstdint>

#include "hotplug/layer.h"
#include "impl_legacy/kernel.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// struct vmem_altmap, in pages. The counters are unsigned as in the kernel: freeing what was never taken wraps `alloc`.
struct VmemAltmap {
  Pfn base_pfn;
  uint64_t reserve = 0;
  uint64_t free = 0;
  uint64_t align = 0;
  uint64_t alloc = 0;

  // What a caller passes: nothing taken yet.
  void Assign(const Altmap& altmap);
  // vmem_altmap_offset: pages at the front that are no memory of the device.
  uint64_t offset() const { return reserve + free; }
};

// vmemmap_populate for the whole section `nr`, recorded in `*section`. False: -ENOMEM. A large page that cannot be had
// in RAM is replaced by base pages; in an altmap it is not. Base pages that were had before one could not be had stay.
bool VmemmapPopulate(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap);

// vmemmap_free. An altmap is given its pages back whether they came from it or not; a memmap inside a device that is
// freed without one stops the machine.
Status VmemmapFree(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_SPARSE_VMEMMAP_H_
