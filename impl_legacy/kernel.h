// SPDX-License-Identifier: Apache-2.0
// Kernel: the state of a Linux 5.1 machine as far as memory hotplug sees it, and what its functions come back with.
// The rooms beside this file, named after the kernel's own files, work on it.
//
// Not covered: the mappings of memremap.h, which the layer owns.
#ifndef HPFUZZ_IMPL_LEGACY_KERNEL_H_
#define HPFUZZ_IMPL_LEGACY_KERNEL_H_

#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "hotplug/units.h"
#include "impl_legacy/section_runs.h"
#include "machine/direct_map.h"
#include "machine/page_allocator.h"
#include "machine/resource_tree.h"
#include "machine/section_table.h"
#include "machine/struct_pages.h"
#include "machine/zones.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// What a kernel function returns: 0, a negated errno, or a stop of the machine (positive).
using Status = int;
inline constexpr Status kBugStop = 1;
inline constexpr Status kFaultStop = 2;
constexpr bool Stops(Status status) { return status > 0; }

// Places that warn, one bit each. The once-only ones are re-armed before every operation and no operation passes one of
// the others twice, so a set is enough.
enum WarnSite : uint8_t {
  kWarnConflict = 1,      // devm_memremap_pages: a live mapping in the same section
  kWarnSystemRam = 2,     // devm_memremap_pages: System RAM in the rounded range
  kWarnAddPages = 4,      // add_pages
  kWarnArchRemove = 8,    // arch_remove_memory
  kWarnAltmapInUse = 16,  // devm_memremap_pages_release
  kWarnTracking = 32,     // reserve_memtype: a range without bytes, as far as the physical mask goes
};

// Flags of mem_section.section_mem_map.
enum SectionFlag : uint8_t { kMarkedPresent = 1, kHasMemMap = 2, kIsOnline = 4 };

// Where the pageblock flags of a section come from; boot's are never freed.
enum class Usemap : uint8_t { kNone, kBoot, kHot };

// struct mem_section, the mapping of its memmap, and its memory block device (a block is one section here).
struct MemSection {
  uint8_t flags = 0;
  Nid nid = 0;
  Usemap usemap = Usemap::kNone;
  MemmapKind memmap = MemmapKind::kNone;
  BlockState block = BlockState::kNone;
  bool memmap_in_device = false;
  uint16_t memmap_pages = 0;  // base pages of a memmap that could not be completed (kPart)

  bool present() const { return (flags & kMarkedPresent) != 0; }
  bool valid() const { return (flags & kHasMemMap) != 0; }
  bool online() const { return (flags & kIsOnline) != 0; }
};

// struct zone *. `number` may be no zone at all: page_zone() of a struct page that nobody initialised.
struct ZoneRef {
  Nid nid = 0;
  uint8_t number = 0;

  static ZoneRef Of(Nid nid, Zone zone) { return {nid, static_cast<uint8_t>(zone)}; }
  static ZoneRef OfPage(const StructPages::Content& page) { return {page.nid, page.zone}; }
  bool exists() const { return number < kZones; }
  Zone zone() const { return static_cast<Zone>(number); }
  bool operator==(const ZoneRef&) const = default;
};

constexpr PfnRange PagesOf(SectionNr nr) { return {nr.first_pfn(), nr.first_pfn() + kPagesPerSection}; }

struct Kernel {
  const FirmwareMap* map = nullptr;
  PageAllocator allocator;
  SectionTable<MemSection> sections;
  SectionRuns valid;  // the sections with kHasMemMap, for scans
  StructPages pages;
  Zones zones;
  DirectMap direct_map;
  ResourceTree resources;
  int usemap_balance = 0;
  uint8_t warned = 0;  // WarnSite bits of the running operation

  bool InTable(SectionNr nr) const { return nr.value() < sections.sections(); }
  bool PfnValid(Pfn pfn) const {
    const MemSection* section = sections.Find(SectionNr::Of(pfn));
    return section != nullptr && section->valid();
  }
  bool PfnToOnlinePage(Pfn pfn) const {
    const MemSection* section = sections.Find(SectionNr::Of(pfn));
    return section != nullptr && section->online();
  }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_KERNEL_H_
