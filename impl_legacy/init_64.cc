// SPDX-License-Identifier: Apache-2.0
// arch_add_memory and arch_remove_memory of x86.
#include "impl_legacy/init_64.h"

#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// init_memory_mapping, both ends rounded down to pages. A page table that cannot be had is a null pointer to its user.
Status InitMemoryMapping(Kernel& kernel, PhysRange range) {
  const PfnRange pages{Pfn::OfByte(range.start), Pfn::OfByte(range.end())};
  if (kernel.direct_map.Seen(pages) / kPagesPerSection > kLongestWalk) return kFaultStop;
  if (kernel.allocator.armed()) {
    const uint64_t tables = kernel.direct_map.TablesMissing(pages);
    if (kernel.allocator.GetMany(AllocSite::kDirectMap, tables) < tables) return kFaultStop;
  }
  kernel.direct_map.Add(pages);
  return 0;
}

// kernel_physical_mapping_remove. remove_pte_table of 5.1 leaves a page that is named in part.
void UnmapDirect(Kernel& kernel, PhysRange range) {
  const PfnRange whole{Pfn::OfByte(range.start + (kPageSize - 1)), Pfn::OfByte(range.end())};
  if (!whole.empty()) kernel.direct_map.Remove(whole);
}

}  // namespace

Status AddPagesWarn(Kernel& kernel, Nid nid, Pfn start, uint64_t nr_pages, VmemAltmap* altmap, bool want_memblock) {
  const Status status = AddPages(kernel, nid, start, nr_pages, altmap, want_memblock);
  if (status < 0) kernel.warned |= kWarnAddPages;
  return status;
}

Status ArchAddMemory(Kernel& kernel, Nid nid, PhysRange range, VmemAltmap* altmap, bool want_memblock) {
  if (const Status status = InitMemoryMapping(kernel, range); status != 0) return status;
  return AddPagesWarn(kernel, nid, Pfn::OfByte(range.start), range.size >> kPageShift, altmap, want_memblock);
}

Status ArchRemoveMemory(Kernel& kernel, PhysRange range, VmemAltmap* altmap) {
  const Pfn start = Pfn::OfByte(range.start);
  const StructPages::Content* page = kernel.pages.Find(altmap == nullptr ? start : start + altmap->offset());
  if (page == nullptr) return kFaultStop;
  const Status status = RemovePages(kernel, ZoneRef::OfPage(*page), start, range.size >> kPageShift, altmap);
  if (Stops(status)) return status;
  if (status != 0) kernel.warned |= kWarnArchRemove;
  UnmapDirect(kernel, range);
  return status;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
