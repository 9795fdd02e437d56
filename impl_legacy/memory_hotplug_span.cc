// SPDX-License-Identifier: Apache-2.0
// Spans when a section goes: shrink_zone_span and shrink_pgdat_span of Linux 5.1.
//
// Both look at one page a section: the one with the same offset as the page they start from, be that the start of a span
// or the page before its end. Pages that nobody initialised count as what their memory happens to say.
#include <cstdint>

#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// Whose span it is. A node's scans do not look at zones.
struct Owner {
  const Kernel& kernel;
  ZoneRef zone;
  bool whole_node;

  bool Owns(Pfn pfn) const {
    const StructPages::Content& page = *kernel.pages.Find(pfn);
    return page.nid == zone.nid && (whole_node || page.zone == zone.number);
  }

  // The first page of `from`, `from` + a section, ... below `end` that is valid and owned, into `*found`. A fault when
  // the steps leave the section table, which nothing checks.
  Status Next(Pfn from, Pfn end, bool* any, Pfn* found) const {
    *any = false;
    const uint64_t offset = from.value() % kPagesPerSection;
    for (SectionNr nr = SectionNr::Of(from); kernel.valid.Next(nr, &nr); ++nr) {
      const Pfn pfn = nr.first_pfn() + offset;
      if (pfn >= end) return 0;
      if (!Owns(pfn)) continue;
      *any = true;
      *found = pfn;
      return 0;
    }
    return from < end && !kernel.InTable(SectionNr::Of(end - 1)) ? kFaultStop : 0;
  }

  // find_biggest_section_pfn: down from the page before `end`. Where that passes the first section without having met
  // `start`, the page number wraps and the section table is left upwards.
  Status Previous(Pfn start, Pfn end, bool* any, Pfn* found) const {
    *any = false;
    if (end == Pfn(0)) return kFaultStop;
    const Pfn from = end - 1;
    const uint64_t offset = from.value() % kPagesPerSection;
    if (from < start) return 0;
    for (SectionNr nr = SectionNr::Of(from); kernel.valid.Previous(nr, &nr); nr = SectionNr(nr.value() - 1)) {
      const Pfn pfn = nr.first_pfn() + offset;
      if (pfn < start) return 0;
      if (Owns(pfn)) {
        *any = true;
        *found = pfn;
        return 0;
      }
      if (nr == SectionNr(0)) break;
    }
    return start.value() <= offset ? kFaultStop : 0;
  }
};

Status ShrinkSpan(const Owner& owner, Pfn start, Span* span) {
  const Pfn end = start + kPagesPerSection;
  const Pfn span_start = span->start;
  const Pfn span_end = span->end;
  bool any = false;
  Pfn found;
  if (span_start == start) {
    if (const Status status = owner.Next(end, span_end, &any, &found); status != 0) return status;
    if (any) span->start = found;
  } else if (span_end == end) {
    if (const Status status = owner.Previous(span_start, start, &any, &found); status != 0) return status;
    if (any) span->end = found + 1;
  }
  // Is anything left? The section that goes is still valid and is told apart by its first page only, so in a span that
  // starts inside a section it is taken for one that stays.
  for (Pfn pfn = span_start; pfn < span_end; pfn = found + kPagesPerSection) {
    if (const Status status = owner.Next(pfn, span_end, &any, &found); status != 0) return status;
    if (!any) break;
    if (found != start) return 0;
  }
  span->start = Pfn(0);
  span->end = Pfn(0);
  return 0;
}

}  // namespace

Status RemoveZone(Kernel& kernel, ZoneRef zone, Pfn start) {
  Span& zone_span = kernel.zones.zone(zone.nid, zone.zone());
  const Status status = ShrinkSpan({kernel, zone, false}, start, &zone_span);
  if (status != 0) return status;
  return ShrinkSpan({kernel, zone, true}, start, &kernel.zones.node_span(zone.nid));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
