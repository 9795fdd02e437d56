// SPDX-License-Identifier: Apache-2.0
// Device mappings of the mainline reference: memremap_pages, memunmap_pages and the pins that delay it.
#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

// Devices of this model sit on the first node.
constexpr Nid kDeviceNid = 0;
constexpr size_t kMaxPins = 4096;

// Pages of the store: from that of the first byte to that of the last, one more than is mapped when the end is no page
// border.
uint64_t FirstIndex(PhysRange range) { return Pfn::OfByte(range.start).value(); }
uint64_t LastIndex(PhysRange range) { return Pfn::OfByte(range.start + range.size - 1).value(); }

// Page attributes are tracked from a page on, for as many bytes as were asked for, by addresses of as many bits as page
// tables have. Whether the last of these bytes comes before the first.
bool TrackedBytesWrap(PhysRange range) {
  const uint64_t limit = kPhysicalMask + 1;
  const uint64_t first = FirstIndex(range) * kPageSize;
  return (first + range.size - 1) % limit + 1 <= first % limit;
}

}  // namespace

Mapping* MainlineModel::FindMapping(Handle handle, Mapping::State state) {
  return InState(handle, state) ? &mappings_[handle] : nullptr;
}

Answer MainlineModel::DoneMapping(Outcome outcome, const Mapping& mapping) const {
  Answer answer = Done(outcome);
  if (mapping.has_altmap && outcome != kStopped) {
    answer.altmap_alloc = static_cast<int32_t>(mapping.altmap.alloc);
    answer.altmap_align = static_cast<int32_t>(mapping.altmap.align);
  }
  return answer;
}

Answer MainlineModel::MemremapPages(Handle handle, const MemremapRequest& request) {
  Begin();
  if (!mappings_.CanHold(handle)) return Answer::Of(Answer::Kind::kNone);
  Mapping& mapping = mappings_.Make(handle);
  mapping = {};
  mapping.state = Mapping::kLive;
  mapping.type = request.type;
  if (request.altmap.given) {
    mapping.has_altmap = true;
    mapping.altmap = {.base = Pfn::OfByte(request.altmap.base),
                      .reserve = request.altmap.reserve >> kPageShift,
                      .free = request.altmap.free >> kPageShift};
  }
  if (request.type == MemoryType::kUnset) Warn();
  if (Refused(AllocSite::kCounter)) {
    mapping.state = Mapping::kGone;
    return Done(-kENOMEM);
  }
  const PhysRange ranges[] = {request.range, request.second};
  Outcome outcome = 0;
  for (unsigned i = 0; outcome == 0 && i < (request.has_second ? 2U : 1U); ++i) {
    outcome = MapRange(handle, &mapping, ranges[i]);
    if (outcome == 0) mapping.range[mapping.ranges++] = ranges[i];
  }
  if (outcome == 0 && Refused(AllocSite::kAction)) outcome = -kENOMEM;
  if (outcome != 0 && outcome != kStopped) {
    if (UnmapRanges(&mapping) == kStopped) outcome = kStopped;
    mapping.state = Mapping::kGone;
  }
  return DoneMapping(outcome, mapping);
}

// Failures after the store erase the lookup of the whole request, whoever owned it; earlier ones erase nothing, and a
// store that fails half-way stays as it is.
Outcome MainlineModel::MapRange(Handle handle, Mapping* mapping, PhysRange range) {
  const uint64_t last = range.start + range.size - 1;
  if (LiveMapping(Pfn::OfByte(range.start)) != kNoHandle || LiveMapping(Pfn::OfByte(last)) != kNoHandle) {
    Warn();
    return -kENOMEM;
  }
  if (resources_.Intersects(range) != Overlap::kDisjoint) {
    Warn();
    return -kENXIO;
  }
  const uint64_t first = FirstIndex(range);
  if (LastIndex(range) < first) return -kEINVAL;
  if (!lookup_.Store(first, LastIndex(range), handle, requests_)) return -kENOMEM;
  const Outcome outcome = MapPages(handle, mapping, range);
  if (outcome != 0) lookup_.Erase(first, LastIndex(range));
  return outcome;
}

Outcome MainlineModel::MapPages(Handle handle, Mapping* mapping, PhysRange range) {
  if (TrackedBytesWrap(range)) {
    Warn();
    return -kEINVAL;
  }
  if (Refused(AllocSite::kPat)) return -kENOMEM;
  if (!Allowed(range)) return -kEINVAL;
  AltmapPages* altmap = mapping->has_altmap ? &mapping->altmap : nullptr;
  const bool is_private = mapping->type == MemoryType::kPrivate;
  const PfnRange pages = range.pfns();
  Outcome outcome = is_private ? AddPagesWarned(pages, altmap) : ArchAdd(range, altmap);
  if (outcome == 0) outcome = MoveToZone(Zone::kDevice, kDeviceNid, pages, altmap);
  if (outcome != 0) return outcome;
  PageState state = PageState::Reserved(Zone::kDevice, kDeviceNid);
  if (is_private) state.view.count = 0;
  state.view.map = handle;
  const PfnRange written = {altmap != nullptr ? altmap->data() : pages.first, pages.end};
  // Of what the series passed over some pages may have no memmap.
  if (posted() && !AllBacked(written)) return kStopped;
  pages_.Set(written.first, written.end, state);
  return 0;
}

// memunmap_pages() without the wait. The reference counter is killed first: lookups find the mapping no more.
Outcome MainlineModel::UnmapRanges(Mapping* mapping) {
  mapping->state = Mapping::kDying;
  for (unsigned i = 0; i < mapping->ranges; ++i) {
    if (UnmapRange(mapping, i) == kStopped) return kStopped;
  }
  if (mapping->has_altmap && mapping->altmap.alloc != 0) Warn();
  return 0;
}

Outcome MainlineModel::UnmapRange(Mapping* mapping, unsigned index) {
  const PhysRange range = mapping->range[index];
  AltmapPages* altmap = mapping->has_altmap ? &mapping->altmap : nullptr;
  // The zone is read from the first page that is not the altmap's, wherever that lies.
  const Pfn first = altmap != nullptr ? altmap->data() : Pfn::OfByte(range.start);
  const PageState& page = PageAt(first);
  if (!Backed(first) || page.zone_number >= kZones) return kStopped;
  if (RemoveFromZone(page.view.zone, page.view.nid, range.pfns()) == kStopped) return kStopped;
  if (mapping->type == MemoryType::kPrivate) {
    const Outcome outcome = posted() ? RemovePosted(page.view.zone, page.view.nid, range.pfns(), nullptr)
                                     : RemovePagesOf(range.pfns(), nullptr);
    if (outcome == kStopped) return outcome;
  } else if (ArchRemove(range, altmap) == kStopped) {
    return kStopped;
  }
  lookup_.Erase(FirstIndex(range), LastIndex(range));
  return 0;
}

Answer MainlineModel::MemunmapPages(Handle handle) {
  Begin();
  Mapping* mapping = FindMapping(handle, Mapping::kLive);
  if (mapping == nullptr) return Answer::Of(Answer::Kind::kNone);
  if (mapping->pins != 0) {
    mapping->state = Mapping::kDying;
    return Answer::Of(Answer::Kind::kPending);
  }
  const Outcome outcome = UnmapRanges(mapping);
  mapping->state = Mapping::kGone;
  return DoneMapping(outcome, *mapping);
}

Answer MainlineModel::PinPage(Pfn pfn) {
  const Handle map = LiveMapping(pfn);
  if (pins_.size() >= kMaxPins || (map == kNoHandle && !Online(pfn))) return Answer::Of(Answer::Kind::kNone);
  if (map == kNoHandle && !Backed(pfn)) return Answer::Of(Answer::Kind::kFault);
  if (map != kNoHandle) ++mappings_[map].pins;
  pins_.push_back({pfn, map});
  return Answer::Value(0);
}

Answer MainlineModel::UnpinPage(Pfn pfn) {
  Begin();
  const auto pin =
      std::find_if(pins_.rbegin(), pins_.rend(), [&](const Pin& candidate) { return candidate.pfn == pfn; });
  if (pin == pins_.rend()) return Answer::Of(Answer::Kind::kNone);
  const Handle map = pin->map;
  pins_.erase(std::next(pin).base());
  if (map == kNoHandle) return Answer::Value(0);
  Mapping& mapping = mappings_[map];
  --mapping.pins;
  if (mapping.pins != 0 || mapping.state != Mapping::kDying) return Answer::Value(0);
  const Outcome outcome = UnmapRanges(&mapping);
  mapping.state = Mapping::kGone;
  return DoneMapping(outcome, mapping);
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
