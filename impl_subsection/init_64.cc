// SPDX-License-Identifier: Apache-2.0
// init_64: arch_add_memory, arch_remove_memory, add_pages.
#include "impl_subsection/init_64.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

Status ArchMemory::AddDirectMap(PhysRange range) {
  // init_memory_mapping goes by the pages that hold the first byte and the one after the last.
  const PfnRange mapped{Pfn::OfByte(range.start), Pfn::OfByte(range.end())};
  if (host_.allocator.armed()) {
    const uint64_t tables = host_.direct_map.TablesMissing(mapped);
    if (host_.allocator.GetMany(AllocSite::kDirectMap, tables) != tables) return kStopFault;
  }
  if (host_.direct_map.Add(mapped)) host_.warnings.WarnOnce(Warnings::kDirectMapSplit);
  return 0;
}

Status ArchMemory::Add(PhysRange range, VmemAltmap* altmap) {
  const Status status = AddDirectMap(range);
  return status != 0 ? status : AddPages(range.pfns(), altmap);
}

Status ArchMemory::Remove(PhysRange range, VmemAltmap* altmap) {
  if (host_.posted()) return RemovePosted(range, altmap);
  if (const Status status = hotplug_.RemovePages(range.pfns(), altmap); status != 0) return status;
  if (hotplug_.BootRamInUse({Pfn::OfByte(range.start), Pfn::OfByte(range.end())})) return kStopFault;
  host_.direct_map.Remove(range);
  return 0;
}

// In bytes, modulo 2^64: an empty range at 0 exceeds the limit, one that wraps does not.
bool ArchMemory::OutOfPhysmem(PfnRange pages) {
  if (pages.end.byte() - 1 <= host_.firmware->physmem_end() - 1) return false;
  host_.warnings.WarnOnce(Warnings::kBeyondPhysmem);
  return true;
}

Status ArchMemory::AddPages(PfnRange pages, VmemAltmap* altmap) {
  if (OutOfPhysmem(pages)) return -kERANGE;
  const Status status = hotplug_.AddPages(pages, altmap);
  if (status != 0 && !Stops(status)) host_.warnings.WarnOnce(Warnings::kAddPagesFailed);
  return status;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
