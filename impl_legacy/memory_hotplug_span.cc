// SPDX-License-Identifier: Apache-2.0
// Spans when a section goes: shrink_zone_span and shrink_pgdat_span of Linux 5.1.
//
// Both look at one page a section: the one with the same offset as the page they start from, be that the start of a
// span or the page before its end. Pages that nobody initialised count as what their memory happens to say.
#include <cstdint>

#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// What a scan came to: a page, nothing, or a step out of the section table, which no check guards. No scan can come to
// page 0.
struct Found {
  enum class Kind : uint8_t { kPage, kNothing, kLost };
  Pfn pfn;
  Kind kind = Kind::kNothing;

  static Found At(Pfn pfn) { return {pfn, Kind::kPage}; }
  static Found Lost() { return {Pfn(0), Kind::kLost}; }
  bool page() const { return kind == Kind::kPage; }
  bool lost() const { return kind == Kind::kLost; }
};

// Whose span it is. A node's scans do not look at zones.
struct Owner {
  const Kernel& kernel;
  ZoneRef zone;
  bool whole_node;

  bool Owns(Pfn pfn) const {
    const StructPages::Content& page = *kernel.pages.Find(pfn);
    return page.nid == zone.nid && (whole_node || page.zone == zone.number);
  }

  // The first of the pages `from`, `from` + a section, ... below `end` that is valid and owned.
  Found Next(Pfn from, Pfn end) const {
    if (from >= end) return {};
    const uint64_t offset = from.value() % kPagesPerSection;
    SectionNr nr = kernel.valid.Next(SectionNr::Of(from));
    for (; nr != SectionRuns::kNone; nr = kernel.valid.Next(nr + 1)) {
      const Pfn pfn = nr.first_pfn() + offset;
      if (pfn >= end) return {};
      if (Owns(pfn)) return Found::At(pfn);
    }
    const Pfn last_look = end - 1 - (end - 1 - from) % kPagesPerSection;
    return kernel.InTable(SectionNr::Of(last_look)) ? Found{} : Found::Lost();
  }

  // find_biggest_section_pfn: down from the page before `end`, the first of a section, to `start`. Where that passes
  // the first section the page number wraps, and the table is left upwards.
  Found Previous(Pfn start, Pfn end) const {
    if (end == Pfn(0)) return Found::Lost();
    constexpr uint64_t kLastPage = kPagesPerSection - 1;
    SectionNr nr = kernel.valid.Previous(SectionNr::Of(end - 1));
    while (nr != SectionRuns::kNone) {
      const Pfn pfn = nr.first_pfn() + kLastPage;
      if (pfn < start) return {};
      if (Owns(pfn)) return Found::At(pfn);
      nr = nr == SectionNr(0) ? SectionRuns::kNone : kernel.valid.Previous(SectionNr(nr.value() - 1));
    }
    return start <= Pfn(kLastPage) ? Found::Lost() : Found{};
  }
};

Status ShrinkSpan(const Owner& owner, Pfn start, Span* span) {
  const Pfn end = start + kPagesPerSection;
  const Pfn span_start = span->start;
  const Pfn span_end = span->end;
  if (span_start == start) {
    const Found next = owner.Next(end, span_end);
    if (next.lost()) return kFaultStop;
    if (next.page()) span->start = next.pfn;
  } else if (span_end == end) {
    const Found previous = owner.Previous(span_start, start);
    if (previous.lost()) return kFaultStop;
    if (previous.page()) span->end = previous.pfn + 1;
  }
  // Is anything left? The section that goes is still valid and is told apart by its first page only, so in a span that
  // starts inside a section it is taken for one that stays.
  for (Found next = owner.Next(span_start, span_end); next.kind != Found::Kind::kNothing;
       next = owner.Next(next.pfn + kPagesPerSection, span_end)) {
    if (next.lost()) return kFaultStop;
    if (next.pfn != start) return 0;
  }
  span->start = Pfn(0);
  span->end = Pfn(0);
  return 0;
}

}  // namespace

Status RemoveZone(Kernel& kernel, ZoneRef zone, Pfn start) {
  const Status status = ShrinkSpan({kernel, zone, false}, start, &kernel.zones.zone(zone.nid, zone.zone()));
  if (status != 0) return status;
  return ShrinkSpan({kernel, zone, true}, start, &kernel.zones.node_span(zone.nid));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
