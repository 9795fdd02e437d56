// SPDX-License-Identifier: Apache-2.0
// LegacyReference: RAM that comes and goes: add_memory, remove_memory, and memory blocks online and offline.
#include <algorithm>

#include "oracle/reference/legacy_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

// In pages: less than a page of misalignment is not seen.
bool IsBlockAligned(PhysRange range) {
  const PfnRange pages = range.pfns();
  return pages.pages() != 0 && (pages.first.value() | pages.pages()) % kPagesPerSection == 0;
}

PfnRange PagesOf(SectionNr nr) { return {nr.first_pfn(), (nr + 1).first_pfn()}; }

// An empty range that was given to a zone leaves it a start, but no pages.
bool Intersects(const Span& span, PfnRange pages) {
  return span.start != span.end && PfnRange{span.start, span.end}.overlaps(pages);
}

}  // namespace

Answer LegacyReference::AddMemory(Nid nid, PhysRange range) {
  requests_.BeginOperation();
  if (!resources_.RequestRam(range, requests_)) return Answer::Error(kEEXIST);
  const Answer answer = IsBlockAligned(range) ? ArchAdd(nid, range, nullptr, true) : Answer::Error(kEINVAL);
  if (answer.kind == Answer::Kind::kValue && !answer.ok()) resources_.CancelRam(range);
  return answer;
}

Answer LegacyReference::RemoveMemory(Nid, PhysRange range) {
  requests_.BeginOperation();
  if (!IsBlockAligned(range)) return Answer::Of(Answer::Kind::kBug);
  // The walk over blocks rounds the end up to a page, so a sub-page tail names one block more; one of a range that
  // wraps may end before it begins.
  const uint64_t first = range.start >> kSectionShift;
  const uint64_t end_pfn = (range.end() - 1 + (kPageSize - 1)) >> kPageShift;
  for (const auto* run = sections_.From(first);
       run != sections_.end() && std::max(run->first, first) * kPagesPerSection < end_pfn; ++run) {
    if (run->value.block == BlockState::kOnline) return Answer::Of(Answer::Kind::kBug);
  }
  Answer answer = ArchRemove(range, nullptr);
  if (answer.stops()) return answer;
  resources_.ReleaseRam(range, requests_);
  // The function returns nothing.
  return Answer::Value(0, answer.warnings);
}

Zone LegacyReference::ZoneForOnline(SectionNr block, Nid nid, OnlineType type) const {
  if (type == OnlineType::kMovable) return Zone::kMovable;
  // zone_for_pfn_range takes the page number as an unsigned int.
  const Pfn first(static_cast<uint32_t>(block.first_pfn().value()));
  const PfnRange pages{first, first + kPagesPerSection};
  Zone kernel_zone = Zone::kNormal;
  bool in_kernel_zone = false;
  for (const Zone zone : {Zone::kDma, Zone::kDma32, Zone::kNormal}) {
    if (in_kernel_zone || !Intersects(spans_.zone(zone, nid), pages)) continue;
    kernel_zone = zone;
    in_kernel_zone = true;
  }
  const bool keep_movable = type == OnlineType::kKeep && Intersects(spans_.zone(Zone::kMovable, nid), pages);
  return keep_movable && !in_kernel_zone ? Zone::kMovable : kernel_zone;
}

Answer LegacyReference::OnlinePages(SectionNr block, OnlineType type) {
  requests_.BeginOperation();
  const SectionState* found = sections_.Find(block.value());
  if (found == nullptr || found->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (found->block == BlockState::kOnline) return Answer::Of(Answer::Kind::kAlready);
  SectionState section = *found;
  const Nid nid = section.block_nid;
  const Zone zone = ZoneForOnline(block, nid, type);
  const PfnRange pages = PagesOf(block);
  MoveToZone(zone, nid, pages, nullptr);

  // Only pages below a busy System RAM resource reach the allocator; without any, the spans stay grown all the same.
  uint64_t onlined = 0;
  PageState page = PageState::Written(zone, nid);
  page.view.reserved = false;
  page.view.count = 0;
  resources_.ForEachRam(pages, [&](uint64_t first, uint64_t end) {
    pages_.Set(first, end, page);
    onlined += end - first;
  });
  if (onlined == 0) return Answer::Error(kEINVAL);
  spans_.AddPresent(zone, nid, onlined);
  section.online = true;
  section.block = BlockState::kOnline;
  sections_.Set(block.value(), block.value() + 1, section);
  return Answer::Value(0);
}

bool LegacyReference::HasUnmovablePages(PfnRange pages) const {
  for (const Pin& pin : pins_) {
    if (pages.contains(pin.pfn)) return true;
  }
  for (const FirmwareRange& range : *map_) {
    if (range.kind == FirmwareKind::kUnmovable && range.range.pfns().overlaps(pages)) return true;
  }
  return false;
}

Answer LegacyReference::OfflinePages(SectionNr block) {
  requests_.BeginOperation();
  const SectionState* found = sections_.Find(block.value());
  if (found == nullptr || found->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (found->block == BlockState::kOffline) return Answer::Of(Answer::Kind::kAlready);
  const PfnRange pages = PagesOf(block);
  const uint64_t first = pages.first.value();
  const uint64_t end = pages.end.value();
  const PageState zone_of = *pages_.Find(first);
  const PageState last = *pages_.Find(end - 1);
  bool one_zone = last.SameZone(zone_of);
  if (!one_zone) return Answer::Error(kEINVAL);
  bool reserved = false;
  for (const auto* run = pages_.From(first); run != pages_.end() && run->first < end; ++run) {
    const PageState& page = run->value;
    // A page that nobody wrote, a hole of boot RAM, is in no zone.
    one_zone = one_zone && page.view.initialised && page.SameZone(zone_of);
    reserved = reserved || page.view.reserved;
  }
  if (reserved) return Answer::Error(kEBUSY);
  if (!one_zone) return Answer::Error(kEINVAL);
  if (HasUnmovablePages(pages)) return Answer::Error(kEBUSY);

  SectionState section = *found;
  section.online = false;
  section.block = BlockState::kOffline;
  sections_.Set(block.value(), block.value() + 1, section);
  uint64_t offlined = 0;
  resources_.ForEachRam(pages, [&](uint64_t ram_first, uint64_t ram_end) {
    offlined += ram_end - ram_first;
    for (uint64_t pfn = ram_first; pfn < ram_end;) {
      const auto run = *pages_.From(pfn);
      PageState page = run.value;
      page.view.reserved = true;
      pages_.Set(pfn, std::min(run.end, ram_end), page);
      pfn = run.end;
    }
  });
  if (zone_of.zone_number < kZones) spans_.AddPresent(zone_of.view.zone, zone_of.view.nid, -offlined);
  return Answer::Value(0);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
