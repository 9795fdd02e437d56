// SPDX-License-Identifier: Apache-2.0
// devm_memremap_pages, its release, get_dev_pagemap.
#include "impl_legacy/memremap.h"

#include "impl_legacy/init_64.h"
#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// A device without a node of its own.
constexpr Nid kDeviceNid = 0;

// align_start and align_size. Both wrap as the kernel's do.
PhysRange RoundToSections(PhysRange range) {
  const uint64_t start = AlignDown(range.start, kSectionSize);
  return {start, AlignUp(range.end(), kSectionSize) - start};
}

}  // namespace

void Pagemaps::Reset() {
  store_.Reset();
  ++generation_;
}

// add_pages or arch_add_memory, the zone, the struct pages, the references.
Status Pagemaps::AddPagesOf(Handle handle, DevPagemap& map, PhysRange rounded) {
  VmemAltmap* altmap = map.altmap_or_null();
  const PfnRange pages = rounded.pfns();
  const Status status = map.type == MemoryType::kPrivate
                            ? AddPagesWarn(kernel_, kDeviceNid, pages.first, pages.pages(), nullptr, false)
                            : ArchAddMemory(kernel_, kDeviceNid, rounded, altmap, false);
  if (status != 0) return status;
  const ZoneRef zone = ZoneRef::Of(kDeviceNid, Zone::kDevice);
  if (MovePfnRangeToZone(kernel_, zone, pages, altmap) != 0) return kFaultStop;

  // memmap_init_zone_device: every page of the sections, whoever had it before.
  PfnRange own = pages;
  if (altmap != nullptr) own.first = altmap->base_pfn + altmap->offset();
  const StructPages::Content content{
      .zone = zone.number, .nid = zone.nid, .initialised = true, .reserved = true, .count = 1, .map = handle};
  if (!kernel_.pages.Fill(own, content)) return kFaultStop;
  map.refs += static_cast<int64_t>(map.pages().pages());
  return 0;
}

// track_pfn_remap. reserve_memtype drops the address bits that no page-table entry has, of the end, which is exclusive,
// too (510ee090abc3): until 5.15 (aeef8b5089b7) nothing can be mapped that ends where addresses end.
Status Pagemaps::Track(PhysRange rounded) {
  if ((rounded.start & kPhysicalMask) >= (rounded.end() & kPhysicalMask)) {
    kernel_.warned |= kWarnTracking;
    return -kEINVAL;
  }
  return kernel_.allocator.Get(AllocSite::kPat) ? 0 : -kENOMEM;
}

Status Pagemaps::Remap(Handle handle, const MemremapRequest& request) {
  killed_ = false;
  if (request.no_ref) return -kEINVAL;
  const PhysRange rounded = RoundToSections(request.range);
  const Pfn last = Pfn::OfByte(rounded.end() - 1);
  if (Lookup(Pfn::OfByte(rounded.start)) != kNoHandle || Lookup(last) != kNoHandle) {
    kernel_.warned |= kWarnConflict;
    return -kENOMEM;
  }
  killed_ = true;  // by every failure from here on
  if (kernel_.resources.IntersectsTopLevel(rounded) != Overlap::kDisjoint) {
    kernel_.warned |= kWarnSystemRam;
    return -kENXIO;
  }

  const Pfn first_stored = Pfn::OfByte(request.range.start);
  const Pfn last_stored = Pfn::OfByte(request.range.end() - 1);
  if (last_stored < first_stored) return -kEINVAL;
  if (!store_.Store(first_stored, last_stored, handle, kernel_.allocator)) return -kENOMEM;
  Slot& slot = maps_[handle];
  slot.generation = generation_;
  DevPagemap& map = slot.map;
  map.Assign(request.type, request.range, request.altmap);
  Status status = Track(rounded);
  if (status == 0) status = AddPagesOf(handle, map, rounded);
  if (status < 0) store_.Erase(first_stored, last_stored);
  if (status != 0) return status;

  map.state = DevPagemap::State::kLive;
  if (!kernel_.allocator.Get(AllocSite::kAction)) {  // devm_add_action_or_reset
    Kill(map);
    const Status released = Release(map);
    return released == 0 ? -kENOMEM : released;
  }
  killed_ = false;
  return 0;
}

// put_page of every page of the mapping, as far as counters go. A page without other references drops one of the
// mapping that its struct page names, which is another one where that initialised the pages anew. False: a fault.
bool Pagemaps::PutPages(const DevPagemap& map) {
  for (PfnRange rest = map.pages(); !rest.empty();) {
    const StructPages::RunOf run = kernel_.pages.FindRun(rest);
    if (run.content == nullptr) return false;
    const StructPages::Content page = *run.content;
    if (page.count == 1 && page.map != kNoHandle) {
      maps_[page.map].map.refs -= static_cast<int64_t>(run.end - rest.first);
    }
    rest.first = run.end;
  }
  return true;
}

// The same as far as the struct pages go that are still there when their sections should be gone.
void Pagemaps::DropCounts(const DevPagemap& map) {
  for (PfnRange rest = map.pages(); !rest.empty();) {
    const StructPages::RunOf run = kernel_.pages.FindRun(rest);
    if (run.content == nullptr) {
      rest = {FirstSectionPart(rest).end, rest.end};
      continue;
    }
    StructPages::Content page = *run.content;
    if (page.count != 0) --page.count;
    kernel_.pages.Fill({rest.first, run.end}, page);
    rest.first = run.end;
  }
}

Status Pagemaps::Release(DevPagemap& map) {
  if (!PutPages(map)) return kFaultStop;
  const PhysRange rounded = RoundToSections(map.range);
  const PfnRange pages = rounded.pfns();
  const StructPages::Content* first = kernel_.pages.Find(pages.first);  // page_to_nid
  if (first == nullptr) return kFaultStop;
  const Status status = map.type == MemoryType::kPrivate
                            ? RemovePages(kernel_, ZoneRef::OfPage(*first), pages.first, pages.pages(), nullptr)
                            : ArchRemoveMemory(kernel_, rounded, map.altmap_or_null());
  if (Stops(status)) return status;
  if (status != 0) DropCounts(map);
  store_.Erase(Pfn::OfByte(map.range.start), Pfn::OfByte(map.range.end() - 1));
  if (map.altmap_valid && map.altmap.alloc != 0) kernel_.warned |= kWarnAltmapInUse;
  map.state = DevPagemap::State::kNone;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
