// SPDX-License-Identifier: Apache-2.0
// arch_add_memory and arch_remove_memory of x86.
#include "impl_legacy/init_64.h"

#include <algorithm>

#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// init_memory_mapping(start, end) in whole pages, both ends rounded down. What lies beyond the section table is mapped
// too, but nothing can ask for it.
PfnRange DirectMapPages(const Kernel& kernel, PhysRange range) {
  const Pfn end = std::min(Pfn::OfByte(range.end()), SectionNr(kernel.sections.sections()).first_pfn());
  return {Pfn::OfByte(range.start), end};
}

}  // namespace

Status AddPagesWarn(Kernel& kernel, Nid nid, Pfn start, uint64_t nr_pages, VmemAltmap* altmap, bool want_memblock) {
  const Status status = AddPages(kernel, nid, start, nr_pages, altmap, want_memblock);
  if (status != 0) kernel.warned |= kWarnAddPages;
  return status;
}

Status ArchAddMemory(Kernel& kernel, Nid nid, PhysRange range, VmemAltmap* altmap, bool want_memblock) {
  // A page table that cannot be had is a null pointer to phys_pmd_init. One request stands for all tables of a range.
  if (!kernel.allocator.Get(AllocSite::kDirectMap)) return kFaultStop;
  kernel.direct_map.Add(DirectMapPages(kernel, range));
  return AddPagesWarn(kernel, nid, Pfn::OfByte(range.start), range.size >> kPageShift, altmap, want_memblock);
}

Status ArchRemoveMemory(Kernel& kernel, PhysRange range, VmemAltmap* altmap) {
  const Pfn start = Pfn::OfByte(range.start);
  const StructPages::Content* page = kernel.pages.Find(altmap == nullptr ? start : start + altmap->offset());
  if (page == nullptr) return kFaultStop;
  const Status status = RemovePages(kernel, ZoneRef::OfPage(*page), start, range.size >> kPageShift, altmap);
  if (Stops(status)) return status;
  if (status != 0) kernel.warned |= kWarnArchRemove;
  kernel.direct_map.Remove(DirectMapPages(kernel, range));
  return status;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
