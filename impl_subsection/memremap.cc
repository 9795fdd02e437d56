// SPDX-License-Identifier: Apache-2.0
// memremap: memremap_pages, pagemap_range, memunmap_pages, pageunmap_range.
#include "impl_subsection/memremap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// Devices of the simulated machine are attached to no node: numa_mem_id() of the only CPU.
constexpr Nid kDeviceNid = 0;

Pfn LastPfn(PhysRange range) { return Pfn::OfByte(range.start + (range.size - 1)); }

}  // namespace

// The page of the last byte included, which a range that ends inside a page does not add.
void Memremap::ArrayDelete(PhysRange range) { pagemaps_.array().Erase(Pfn::OfByte(range.start), LastPfn(range)); }

// Memory, zone and struct pages of a range that is in the lookup already.
Status Memremap::AddRange(DevPagemap& pagemap, Handle handle, PhysRange range) {
  const bool is_private = pagemap.type == MemoryType::kPrivate;
  const PfnRange pages = range.pfns();
  VmemAltmap* altmap = pagemap.AltmapOrNull();
  Status status = is_private ? arch_.AddPages(pages, altmap) : arch_.Add(range, altmap);
  if (status != 0) return status;
  status = hotplug_.MovePfnRangeToZone(Zone::kDevice, kDeviceNid, pages, altmap);
  if (status != 0) return status;

  // memmap_init_zone_device: from behind the altmap on. Private pages are free until their driver takes a reference.
  const StructPages::Content content{.zone = static_cast<uint8_t>(Zone::kDevice),
                                     .nid = kDeviceNid,
                                     .initialised = true,
                                     .reserved = true,
                                     .count = static_cast<uint8_t>(is_private ? 0 : 1),
                                     .map = handle};
  const Pfn first = altmap == nullptr ? pages.first : altmap->base + altmap->Offset();
  return host_.struct_pages.Fill({first, pages.end}, content) ? 0 : kStopFault;
}

// track_pfn_remap, from the page that holds the first byte on. memtype_reserve drops the address bits that no
// page-table entry has, and warns of what has no bytes then: what crosses the end of addresses, or none of a page from
// its middle on.
Status Memremap::Track(PhysRange range) {
  const uint64_t start = Pfn::OfByte(range.start).byte();
  const uint64_t end = ((start + range.size - 1) & kPhysicalMask) + 1;
  if ((start & kPhysicalMask) >= end) {
    host_.warnings.Warn();
    return -kEINVAL;
  }
  return host_.allocator.Get(AllocSite::kPat) ? 0 : -kENOMEM;
}

Status Memremap::PagemapRange(DevPagemap& pagemap, Handle handle, PhysRange range) {
  const Pfn first = Pfn::OfByte(range.start);
  const Pfn last = LastPfn(range);
  // Only the two ends are looked up: a mapping that lies inside the range is not seen here.
  if (pagemaps_.Get(first) != kNoHandle || pagemaps_.Get(last) != kNoHandle) {
    host_.warnings.Warn();
    return -kENOMEM;
  }
  if (host_.resources.IntersectsNested(range) != Overlap::kDisjoint) {
    host_.warnings.WarnOnce(Warnings::kOverlapsRam);
    return -kENXIO;
  }
  if (last < first) return -kEINVAL;
  if (!pagemaps_.array().Store(first, last, handle, host_.allocator)) return -kENOMEM;

  Status status = Track(range);
  if (status == 0) status = host_.RangeAllowed(range) ? AddRange(pagemap, handle, range) : -kEINVAL;
  // Erases whatever the range encloses, too.
  if (status != 0) ArrayDelete(range);
  return status;
}

Status Memremap::Map(Handle handle, const MemremapRequest& request) {
  if (request.type == MemoryType::kUnset) host_.warnings.Warn();
  DevPagemap& pagemap = pagemaps_.Make(handle);
  pagemap.Assign(request.type, request.range, request.second, request.altmap);
  if (!host_.allocator.Get(AllocSite::kCounter)) return -kENOMEM;

  pagemap.state = DevPagemap::State::kLive;
  const unsigned wanted = request.has_second ? 2 : 1;
  Status status = 0;
  while (status == 0 && pagemap.ranges < wanted) {
    status = PagemapRange(pagemap, handle, pagemap.range[pagemap.ranges]);
    if (status == 0) ++pagemap.ranges;
  }
  if (status == 0 && !host_.allocator.Get(AllocSite::kAction)) status = -kENOMEM;
  if (status == 0) return 0;
  const Status released = Release(pagemap);
  return released != 0 ? released : status;
}

Status Memremap::PageunmapRange(DevPagemap& pagemap, unsigned index) {
  const PhysRange range = pagemap.range[index];
  const PfnRange pages = range.pfns();
  VmemAltmap* altmap = pagemap.AltmapOrNull();
  // The first page that was initialised says which zone the range is taken from.
  const Pfn first = index == 0 && altmap != nullptr ? pages.first + altmap->Offset() : pages.first;
  const StructPages::Content* page = host_.struct_pages.Find(first);
  if (page == nullptr || page->zone >= kZones) return kStopFault;
  Status status = hotplug_.RemovePfnRangeFromZone(static_cast<Zone>(page->zone), page->nid, pages);
  if (status != 0) return status;
  if (pagemap.type == MemoryType::kPrivate) {
    status = host_.posted() ? hotplug_.RemovePagesPosted({static_cast<Zone>(page->zone), page->nid}, pages, nullptr)
                            : hotplug_.RemovePages(pages, nullptr);
  } else {
    status = arch_.Remove(range, altmap);
  }
  if (Stops(status)) return status;
  ArrayDelete(range);
  return 0;
}

Status Memremap::Release(DevPagemap& pagemap) {
  pagemap.state = DevPagemap::State::kDying;
  for (unsigned i = 0; i < pagemap.ranges; ++i) {
    const Status status = PageunmapRange(pagemap, i);
    if (status != 0) return status;
  }
  if (pagemap.has_altmap && pagemap.altmap.alloc != 0) host_.warnings.WarnOnce(Warnings::kAltmapNotFreed);
  pagemap.state = DevPagemap::State::kGone;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
