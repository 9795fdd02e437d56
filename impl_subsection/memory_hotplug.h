// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: adding and removing pages over many sections, zones and their spans, and going online and offline
// (mm/memory_hotplug.c). Not covered: the direct map and whole requests for RAM (init_64.h, memory_hotplug_ram.h).
#ifndef HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_H_
#define HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_H_

#include <optional>

#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "impl_subsection/dev_pagemap.h"
#include "impl_subsection/host.h"
#include "impl_subsection/memory_block.h"
#include "impl_subsection/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// A zone of a node.
struct ZoneOf {
  Zone zone;
  Nid nid;
};

class MemoryHotplug {
 public:
  MemoryHotplug(Host& host, Sparse& sparse, const DevPagemaps& pagemaps)
      : host_(host), sparse_(sparse), pagemaps_(pagemaps) {}

  // memory_hotplug.cc
  // __add_pages: stops at the first section that fails; sections before it stay (the kernel does not roll back).
  Status AddPages(PfnRange pages, VmemAltmap* altmap);
  // __remove_pages: every section on its own; what cannot be removed is warned about and skipped.
  Status RemovePages(PfnRange pages, VmemAltmap* altmap);
  bool PfnToOnlinePage(Pfn pfn) const {
    const MemSection* section = sparse_.Find(SectionNr::Of(pfn));
    return section != nullptr && PfnToOnlinePage(*section, pfn);
  }
  bool PfnToOnlinePage(const MemSection& section, Pfn pfn) const {
    if (!section.online() || host_.posted()) return section.online();
    if (!section.PfnActive(pfn)) return false;
    // ZONE_DEVICE shares the section: a page of a live mapping is not online.
    return !section.online_device() || pagemaps_.Get(pfn) == kNoHandle;
  }
  // Whether the page allocator or its users have a page of `pages` that is boot RAM: without its direct map the machine
  // is lost.
  bool BootRamInUse(PfnRange pages) const;

  // series_v5_hotplug.cc: what series-v5 does in place of the two above. With `blocks`, each section that is added gets
  // its memory block.
  Status AddPagesPosted(PfnRange pages, VmemAltmap* altmap, MemoryBlocks* blocks, Nid nid);
  Status RemovePagesPosted(ZoneOf zone, PfnRange pages, VmemAltmap* altmap);

  // memory_hotplug_zone.cc
  // A FAULT where a page of the range has no memmap, or a pageblock has no usage record to keep its type in; the spans
  // have grown by then. Pages of ZONE_DEVICE are initialised later (memmap_init_zone_device), but for those that an
  // altmap keeps for itself.
  Status MovePfnRangeToZone(Zone zone, Nid nid, PfnRange pages, const VmemAltmap* altmap);
  // A FAULT when the new edge is looked for in an active page without memmap.
  Status RemovePfnRangeFromZone(Zone zone, Nid nid, PfnRange pages);

  // memory_hotplug_online.cc: the block is in the other state.
  Status OnlineBlock(MemoryBlock& block, SectionNr nr, OnlineType type);
  Status OfflineBlock(MemoryBlock& block, SectionNr nr);

 private:
  bool CertainFault(PfnRange pages) const;
  // Where a removal comes to a section without memmap: warns, and begins `rest` with the next one that may have one;
  // false: there is none.
  bool PassOverAbsent(SectionNr nr, PfnRange* rest);
  bool LeavesTable(PfnRange pages) const;
  Status RemoveZonePosted(ZoneOf zone, PfnRange pages);  // series_v5_span.cc
  Status TaintZoneDevice(Pfn pfn);
  Status InitPages(PfnRange pages, Zone zone, Nid nid);
  // No value: the page is active and has no memmap.
  std::optional<bool> HoldsZone(Pfn pfn, Zone zone, Nid nid) const;
  std::optional<Pfn> FindSmallest(Zone zone, Nid nid, PfnRange pages) const;
  std::optional<Pfn> FindBiggest(Zone zone, Nid nid, PfnRange pages) const;
  bool PageblocksHaveUsage(PfnRange pages) const;
  Status ShrinkZoneSpan(Zone zone, Nid nid, PfnRange pages);
  void UpdatePgdatSpan(Nid nid);
  bool Unmovable(PfnRange pages) const;
  bool AllFree(PfnRange pages) const;
  void SetOnline(SectionNr nr, bool online);

  Host& host_;
  Sparse& sparse_;
  const DevPagemaps& pagemaps_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_MEMORY_HOTPLUG_H_
