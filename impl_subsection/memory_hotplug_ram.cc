// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: add_memory and remove_memory.
#include "impl_subsection/memory_hotplug_ram.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// check_hotplug_memory_range
bool WholeBlocks(PhysRange range) { return range.size != 0 && range.aligned_to(kSectionSize); }

}  // namespace

Status RamHotplug::AddWithBlocks(Nid nid, PhysRange range, VmemAltmap* altmap) {
  if (host_.posted()) return arch_.AddWithBlocksPosted(range, altmap, blocks_, nid);
  Status status = arch_.Add(range, altmap);
  if (status != 0) return status;
  status = blocks_.Create(nid, range);
  if (status == 0) return 0;
  const Status undone = arch_.Remove(range, altmap);
  return undone != 0 ? undone : status;
}

Status RamHotplug::Add(Nid nid, PhysRange range) {
  if (!host_.RangeAllowed(range)) return -kE2BIG;
  // __request_region answers nothing but "no": out of memory looks like an overlap.
  if (!host_.allocator.Get(AllocSite::kResource) || !host_.resources.RequestRam(range)) return -kEEXIST;
  const Status status = WholeBlocks(range) ? AddWithBlocks(nid, range, nullptr) : -kEINVAL;
  if (status != 0) host_.resources.ReleaseRam(range);
  return status;
}

Status RamHotplug::Remove(PhysRange range) {
  if (!WholeBlocks(range)) return kStopBug;
  if (blocks_.AnyOnline(range)) return -kEBUSY;
  blocks_.Remove(range);
  if (const Status status = arch_.Remove(range, nullptr); status != 0) return status;
  if (!host_.resources.ReleaseAdjustable(range)) host_.warnings.WarnOnce(Warnings::kResourceStays);
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
