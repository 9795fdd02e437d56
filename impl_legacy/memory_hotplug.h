// SPDX-License-Identifier: Apache-2.0
// mm/memory_hotplug.c of Linux 5.1.
//
// Not covered: memory limits (mem=), automatic onlining, notifiers that refuse, the state of whole nodes.
#ifndef HPFUZZ_IMPL_LEGACY_MEMORY_HOTPLUG_H_
#define HPFUZZ_IMPL_LEGACY_MEMORY_HOTPLUG_H_

#include <cstdint>

#include "hotplug/layer.h"
#include "impl_legacy/kernel.h"
#include "impl_legacy/sparse_vmemmap.h"
#include "machine/pins.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// Sections of one request, more than of any whose numbers do not fold or wrap: no machine has the memmaps and the page
// tables for a longer one.
inline constexpr uint64_t kLongestWalk = uint64_t{1} << 16;

// memory_hotplug.cc

// __add_pages. Rounds out to sections, takes a live section for a success, does not roll back.
Status AddPages(Kernel& kernel, Nid nid, Pfn start, uint64_t nr_pages, VmemAltmap* altmap, bool want_memblock);
// __remove_pages. Stops at the first section that is not valid.
Status RemovePages(Kernel& kernel, ZoneRef zone, Pfn start, uint64_t nr_pages, VmemAltmap* altmap);
// move_pfn_range_to_zone. A fault where a struct page has no memory.
Status MovePfnRangeToZone(Kernel& kernel, ZoneRef zone, PfnRange pages, const VmemAltmap* altmap);

Status AddMemory(Kernel& kernel, Nid nid, PhysRange range);
Status RemoveMemory(Kernel& kernel, Nid nid, PhysRange range);

// memory_hotplug_span.cc

// __remove_zone: takes one section, which is still valid, out of the spans of the zone and its node.
Status RemoveZone(Kernel& kernel, ZoneRef zone, Pfn start);

// memory_hotplug_online.cc

// The memory block device of a section, through its `state` file.
Answer OnlineBlock(Kernel& kernel, SectionNr nr, OnlineType type);
Answer OfflineBlock(Kernel& kernel, SectionNr nr, const Pins& pins);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_MEMORY_HOTPLUG_H_
