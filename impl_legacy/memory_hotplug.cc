// SPDX-License-Identifier: Apache-2.0
// Adding and removing pages and memory.
#include "impl_legacy/memory_hotplug.h"

#include "impl_legacy/init_64.h"
#include "impl_legacy/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// start_sec and end_sec of __add_pages and sections_to_remove of __remove_pages are ints and meet an unsigned long in
// the loop: numbers that do not fit lose their upper half, negative ones (the section before page 0) become the largest
// there are.
SectionNr FoldToInt(SectionNr nr) {
  return SectionNr(static_cast<uint64_t>(int64_t{static_cast<int32_t>(nr.value())}));
}

// hotplug_memory_register: the block device of a new section. Its failure leaves the section valid without one.
Status HotplugMemoryRegister(Kernel& kernel, SectionNr nr) {
  if (!kernel.allocator.Get(AllocSite::kBlock)) return -kENOMEM;
  if (!kernel.allocator.Get(AllocSite::kBlockName)) return -kEINVAL;
  kernel.sections.Find(nr)->block = BlockState::kOffline;
  return 0;
}

Status AddSection(Kernel& kernel, Nid nid, SectionNr nr, VmemAltmap* altmap, bool want_memblock) {
  MemSection* section = kernel.sections.Find(nr);
  if (section != nullptr && section->valid()) return -kEEXIST;
  const Status status = SparseAddOneSection(kernel, nid, nr, section, altmap);
  if (status != 0 || !want_memblock) return status;
  return HotplugMemoryRegister(kernel, nr);
}

Status RemoveSection(Kernel& kernel, ZoneRef zone, SectionNr nr, VmemAltmap* altmap) {
  if (!kernel.InTable(nr)) return kFaultStop;
  MemSection* section = kernel.sections.Find(nr);
  if (section == nullptr || !section->valid()) return -kEINVAL;
  section->block = BlockState::kNone;  // unregister_memory_section, whatever the block's state
  if (const Status status = RemoveZone(kernel, zone, nr.first_pfn()); status != 0) return status;
  return SparseRemoveOneSection(kernel, nr, section, altmap);
}

// check_hotplug_memory_range: in pages, so parts of a page are not seen.
bool IsBlockAligned(PhysRange range) {
  const uint64_t pages = range.size >> kPageShift;
  return pages != 0 && ((Pfn::OfByte(range.start).value() | pages) & (kPagesPerSection - 1)) == 0;
}

// walk_memory_range with check_memblock_offlined_cb. The end is rounded up, so a range that ends inside a page reaches
// one section further.
bool AllBlocksOffline(const Kernel& kernel, PhysRange range) {
  const Pfn end = Pfn::OfByte(range.start + range.size - 1 + (kPageSize - 1));
  SectionNr nr = kernel.valid.Next(SectionNr::OfByte(range.start));
  for (; nr != SectionRuns::kNone && nr.first_pfn() < end; nr = kernel.valid.Next(nr + 1)) {
    if (kernel.sections.Find(nr)->block == BlockState::kOnline) return false;
  }
  return true;
}

}  // namespace

Status AddPages(Kernel& kernel, Nid nid, Pfn start, uint64_t nr_pages, VmemAltmap* altmap, bool want_memblock) {
  if (altmap != nullptr) {
    if (altmap->base_pfn != start || altmap->offset() > nr_pages) return -kEINVAL;
    altmap->alloc = 0;
  }
  const SectionNr first = FoldToInt(SectionNr::Of(start));
  const SectionNr last = FoldToInt(SectionNr::Of(start + nr_pages - 1));
  if (last < first) return 0;
  if (!kernel.InTable(first)) return kFaultStop;
  // Folding can make a walk of any length; one that leaves the table, or that no machine has memmaps for, is cut short.
  if (last.value() - first.value() > kLongestWalk) return kFaultStop;
  for (SectionNr nr = first; nr <= last; ++nr) {
    const Status status = AddSection(kernel, nid, nr, altmap, want_memblock);
    if (status != 0 && status != -kEEXIST) return status;
  }
  return 0;
}

Status RemovePages(Kernel& kernel, ZoneRef zone, Pfn start, uint64_t nr_pages, VmemAltmap* altmap) {
  if (!zone.exists()) return kFaultStop;
  if (((start.value() | nr_pages) & (kPagesPerSection - 1)) != 0) return kBugStop;
  const SectionNr first = SectionNr::Of(start);
  const uint64_t count = FoldToInt(SectionNr(nr_pages / kPagesPerSection)).value();
  for (uint64_t i = 0; i < count; ++i) {
    if (const Status status = RemoveSection(kernel, zone, first + i, altmap); status != 0) return status;
  }
  return 0;
}

Status MovePfnRangeToZone(Kernel& kernel, ZoneRef zone, PfnRange pages, const VmemAltmap* altmap) {
  kernel.zones.Grow(zone.nid, zone.zone(), pages);
  // memmap_init_zone: of a device only the pages that the altmap keeps for the memmap.
  if (zone.zone() == Zone::kDevice) {
    if (altmap == nullptr) return 0;
    if (pages.first == altmap->base_pfn) pages.first = pages.first + altmap->reserve;
    pages.end = altmap->base_pfn + altmap->offset();
  }
  const StructPages::Content content{
      .zone = zone.number, .nid = zone.nid, .initialised = true, .reserved = true, .count = 1, .map = kNoHandle};
  return kernel.pages.Fill(pages, content) ? 0 : kFaultStop;
}

Status AddMemory(Kernel& kernel, Nid nid, PhysRange range) {
  if (!kernel.allocator.Get(AllocSite::kResource) || !kernel.resources.RequestRam(range)) return -kEEXIST;
  const Status status = IsBlockAligned(range) ? ArchAddMemory(kernel, nid, range, nullptr, true) : -kEINVAL;
  if (status < 0) kernel.resources.ReleaseRam(range);
  return status;
}

Status RemoveMemory(Kernel& kernel, Nid /*nid*/, PhysRange range) {
  if (!IsBlockAligned(range) || !AllBlocksOffline(kernel, range)) return kBugStop;
  const Status status = ArchRemoveMemory(kernel, range, nullptr);
  if (Stops(status)) return status;
  kernel.resources.ReleaseAdjustable(range, &kernel.allocator);
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
