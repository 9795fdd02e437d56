// SPDX-License-Identifier: Apache-2.0
// LegacyReference: device mappings (devm_memremap_pages and its release of Linux 5.1) and references on pages.
#include <algorithm>

#include "oracle/reference/legacy_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

constexpr size_t kMaxPins = 4096;
// Devices have no node of their own.
constexpr Nid kDeviceNid = 0;

// A failure after the caller's reference counter was taken over.
Answer Killed(Errno error, unsigned warnings = 0) {
  Answer answer = Answer::Error(error, warnings);
  answer.killed = true;
  return answer;
}

// The pages of a range as the lookup holds it: up to the one with the last byte. Before the first when empty.
uint64_t LastIndex(PhysRange range) { return (range.end() - 1) >> kPageShift; }

}  // namespace

PhysRange LegacyReference::Mapping::Rounded() const {
  const uint64_t start = AlignDown(range.start, kSectionSize);
  return {start, AlignUp(range.end(), kSectionSize) - start};
}

LegacyReference::Mapping* LegacyReference::FindMapping(Handle handle) {
  if (!mappings_.Has(handle) || mappings_[handle].life == Mapping::Life::kNone) return nullptr;
  return &mappings_[handle];
}

Answer LegacyReference::MemremapPages(Handle handle, const MemremapRequest& request) {
  requests_.BeginOperation();
  if (request.has_second) return Answer::Of(Answer::Kind::kNone);
  if (request.no_ref) return Answer::Error(kEINVAL);
  if (!mappings_.CanHold(handle)) return Answer::Of(Answer::Kind::kNone);
  Mapping& mapping = mappings_.Make(handle);
  mapping.life = Mapping::Life::kGone;
  mapping.type = request.type;
  mapping.has_altmap = request.altmap.given;
  mapping.range = request.range;
  mapping.altmap = Import(request.altmap);

  const PhysRange rounded = mapping.Rounded();
  for (const uint64_t outer_byte : {rounded.start, rounded.end() - 1}) {
    if (LiveMapping(Pfn::OfByte(outer_byte)) != kNoHandle) return Answer::Error(kENOMEM, 1);
  }
  if (resources_.IntersectsRam(rounded) != Overlap::kDisjoint) return Killed(kENXIO, 1);
  const uint64_t first = Pfn::OfByte(request.range.start).value();
  const uint64_t last = LastIndex(request.range);
  if (last < first) return Killed(kEINVAL);
  if (!lookup_.Store(first, last, handle, requests_)) return Killed(kENOMEM);

  Answer answer = Establish(handle, mapping);
  if (answer.stops()) return answer;
  if (!answer.ok()) {
    // Erased for the whole request, so an engulfed mapping loses its lookup too.
    lookup_.Erase(first, last);
    return answer;
  }
  // A refused action releases the mapping, which erases once; devm_memremap_pages returns without undoing it again.
  if (!requests_.Ask(AllocSite::kAction)) {
    const Answer released = Release(handle);
    return released.stops() ? released : Killed(kENOMEM, released.warnings);
  }
  if (mapping.has_altmap) {
    answer.altmap_alloc = static_cast<int32_t>(mapping.altmap.alloc);
    answer.altmap_align = static_cast<int32_t>(mapping.altmap.align);
  }
  return answer;
}

// From the lookup store to the release action. On an error the caller erases the lookup again.
Answer LegacyReference::Establish(Handle handle, Mapping& mapping) {
  // reserve_memtype warns of a range whose end, cut to the bits of page tables, does not come after its start.
  const PhysRange tracked = mapping.Rounded();
  if (tracked.end() % (kPhysicalMask + 1) <= tracked.start % (kPhysicalMask + 1)) return Killed(kEINVAL, 1);
  if (!requests_.Ask(AllocSite::kPat)) return Killed(kENOMEM);
  Answer answer = AddDevicePages(handle, mapping);
  if (answer.stops()) return answer;
  if (!answer.ok()) {
    answer.killed = true;
    return answer;
  }
  mapping.references = static_cast<int64_t>(mapping.end_pfn() - mapping.first_pfn());
  mapping.life = Mapping::Life::kLive;
  return answer;
}

Answer LegacyReference::AddDevicePages(Handle handle, Mapping& mapping) {
  const PhysRange rounded = mapping.Rounded();
  AltmapState* const altmap = mapping.AltmapOrNull();
  Answer answer;
  if (mapping.type == MemoryType::kPrivate) {
    answer = AddSections(kDeviceNid, rounded.pfns(), nullptr, false);
    if (answer.kind == Answer::Kind::kValue && !answer.ok()) ++answer.warnings;
  } else {
    answer = ArchAdd(kDeviceNid, rounded, altmap, false);
  }
  if (!answer.ok()) return answer;
  answer = MoveToZone(Zone::kDevice, kDeviceNid, rounded.pfns(), altmap);
  if (!answer.ok()) return answer;
  // Every page of the whole sections, also outside the request.
  PageState page = PageState::Written(Zone::kDevice, kDeviceNid);
  page.view.map = handle;
  const uint64_t first = rounded.pfns().first.value() + (altmap != nullptr ? altmap->offset() : 0);
  return WritePages(first, rounded.pfns().end.value(), page) ? answer : Answer::Of(Answer::Kind::kFault);
}

// Drops one reference on each page of the request. The last one on a page goes to the mapping that the struct page
// names, which after a silent double map is not the one being released. False: a struct page is gone.
bool LegacyReference::PutPages(const Mapping& mapping) {
  const uint64_t end = mapping.end_pfn().value();
  for (uint64_t pfn = mapping.first_pfn().value(); pfn < end;) {
    const auto* run = pages_.From(pfn);
    if (run == pages_.end() || run->first > pfn) return false;
    PageState page = run->value;
    const uint64_t stop = std::min(run->end, end);
    if (page.view.count != 0) {
      const Handle map = page.view.map;
      if (map != kNoHandle) mappings_[map].references -= static_cast<int64_t>(stop - pfn);
      page.view.count = 0;
      pages_.Set(pfn, stop, page);
    }
    pfn = stop;
  }
  return true;
}

Answer LegacyReference::Release(Handle handle) {
  Mapping& mapping = mappings_[handle];
  const PhysRange rounded = mapping.Rounded();
  if (!PutPages(mapping)) return Answer::Of(Answer::Kind::kFault);
  const PageState* page = pages_.Find(rounded.pfns().first.value());
  if (page == nullptr) return Answer::Of(Answer::Kind::kFault);
  Answer removed;
  if (mapping.type == MemoryType::kPrivate) {
    if (page->zone_number >= kZones) return Answer::Of(Answer::Kind::kFault);
    removed = RemoveSections(page->view.zone, page->view.nid, rounded.pfns(), nullptr);
  } else {
    removed = ArchRemove(rounded, mapping.AltmapOrNull());
  }
  if (removed.stops()) return removed;
  lookup_.Erase(Pfn::OfByte(mapping.range.start).value(), LastIndex(mapping.range));
  mapping.life = Mapping::Life::kGone;

  Answer answer = Answer::Value(0, removed.warnings);
  answer.refs_left = static_cast<int32_t>(mapping.references);
  if (mapping.has_altmap) {
    answer.altmap_alloc = static_cast<int32_t>(mapping.altmap.alloc);
    answer.altmap_align = static_cast<int32_t>(mapping.altmap.align);
    if (mapping.altmap.alloc != 0) ++answer.warnings;
  }
  return answer;
}

Answer LegacyReference::MemunmapPages(Handle handle) {
  requests_.BeginOperation();
  Mapping* const mapping = FindMapping(handle);
  if (mapping == nullptr || mapping->life != Mapping::Life::kLive) return Answer::Of(Answer::Kind::kNone);
  const bool pinned = std::any_of(pins_.begin(), pins_.end(), [&](const Pin& pin) { return pin.map == handle; });
  if (!pinned) return Release(handle);
  mapping->life = Mapping::Life::kDying;
  return Answer::Of(Answer::Kind::kPending);
}

bool LegacyReference::IsReleasing(const HotplugLayer& layer, Handle handle) {
  const auto& mappings = static_cast<const LegacyReference&>(layer).mappings_;
  return mappings.Has(handle) && mappings[handle].life == Mapping::Life::kDying;
}

Answer LegacyReference::PinPage(Pfn pfn) {
  const Handle map = LiveMapping(pfn);
  if ((map == kNoHandle && !IsOnline(pfn)) || pins_.size() >= kMaxPins) return Answer::Of(Answer::Kind::kNone);
  pins_.push_back({pfn, map});
  return Answer::Value(0);
}

Answer LegacyReference::UnpinPage(Pfn pfn) {
  requests_.BeginOperation();
  const auto latest = std::find_if(pins_.rbegin(), pins_.rend(), [&](const Pin& pin) { return pin.pfn == pfn; });
  if (latest == pins_.rend()) return Answer::Of(Answer::Kind::kNone);
  const Handle map = latest->map;
  pins_.erase(std::next(latest).base());
  if (map == kNoHandle || mappings_[map].life != Mapping::Life::kDying) return Answer::Value(0);
  const bool last = std::none_of(pins_.begin(), pins_.end(), [&](const Pin& pin) { return pin.map == map; });
  return last ? Release(map) : Answer::Value(0);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
