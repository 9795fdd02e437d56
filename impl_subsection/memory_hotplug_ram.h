// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: RAM as a whole: resource, direct map, pages and memory block devices (add_memory, remove_memory of
// mm/memory_hotplug.c).
#ifndef HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_RAM_H_
#define HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_RAM_H_

#include "hotplug/units.h"
#include "impl_subsection/host.h"
#include "impl_subsection/init_64.h"
#include "impl_subsection/memory_block.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class RamHotplug {
 public:
  RamHotplug(Host& host, ArchMemory& arch, MemoryBlocks& blocks) : host_(host), arch_(arch), blocks_(blocks) {}

  // add_memory and remove_memory.
  Status Add(Nid nid, PhysRange range);
  Status Remove(PhysRange range);

  // The middle of add_memory_resource: pages, then their memory block devices; without those, without pages.
  Status AddWithBlocks(Nid nid, PhysRange range, VmemAltmap* altmap);

 private:
  Host& host_;
  ArchMemory& arch_;
  MemoryBlocks& blocks_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_RAM_H_
