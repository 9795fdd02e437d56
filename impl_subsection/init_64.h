// SPDX-License-Identifier: Apache-2.0
// init_64: the architecture's part of memory hotplug, direct map and pages together (arch/x86/mm/init_64.c).
#ifndef HPFUZZ_IMPL_SUBSECTION_INIT_64_H_
#define HPFUZZ_IMPL_SUBSECTION_INIT_64_H_

#include "hotplug/units.h"
#include "impl_subsection/host.h"
#include "impl_subsection/memory_block.h"
#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class ArchMemory {
 public:
  ArchMemory(Host& host, MemoryHotplug& hotplug) : host_(host), hotplug_(hotplug) {}

  // arch_add_memory: the direct map first; nothing takes it back when the pages cannot be added.
  Status Add(PhysRange range, VmemAltmap* altmap);
  // arch_remove_memory: the direct map of the whole range goes, whatever happened to the pages. A FAULT where that is
  // boot RAM in use.
  Status Remove(PhysRange range, VmemAltmap* altmap);
  // series-v5: arch_add_memory with want_memblock, and removal, which names the zone (series_v5_hotplug.cc).
  Status AddWithBlocksPosted(PhysRange range, VmemAltmap* altmap, MemoryBlocks& blocks, Nid nid);
  Status RemovePosted(PhysRange range, VmemAltmap* altmap);
  // add_pages: no direct map.
  Status AddPages(PfnRange pages, VmemAltmap* altmap);

 private:
  Status AddDirectMap(PhysRange range);
  bool OutOfPhysmem(PfnRange pages);

  Host& host_;
  MemoryHotplug& hotplug_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_INIT_64_H_
