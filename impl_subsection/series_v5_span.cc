// SPDX-License-Identifier: Apache-2.0
// Spans when pages go, as posted in version 5: shrink_zone_span and shrink_pgdat_span look at one page a sub-section,
// in every zone. Of the pages that go, which are still valid then, only the first one looked at is passed over.
#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

constexpr uint64_t kStep = kPagesPerSubsection;
constexpr Pfn kNoPage = Pfn(~uint64_t{0});

// What a scan came to: a page, nothing, or no end: an active page without memmap, or a step below page 0.
struct Found {
  enum class Kind : uint8_t { kNothing, kPage, kLost };
  Kind kind = Kind::kNothing;
  Pfn pfn = {};
  bool lost() const { return kind == Kind::kLost; }
  // The kernel's scans answer 0 for nothing, so that page 0 is not told from it.
  bool new_edge() const { return kind == Kind::kPage && pfn != Pfn(0); }
};

// Whose span it is; a node's scans do not look at zones.
class SpanScan {
 public:
  SpanScan(const Host& host, const Sparse& sparse, ZoneOf zone, bool whole_node)
      : host_(host), sparse_(sparse), zone_(zone), whole_node_(whole_node) {}

  // The first of `from`, `from` + a sub-section, ... below `end` that is valid and owned; `except` is left out.
  Found Smallest(Pfn from, Pfn end, Pfn except = kNoPage) const {
    for (Pfn pfn = from; pfn < end; pfn = pfn + kStep) {
      const SectionNr nr = SectionNr::Of(pfn);
      if (!ValidSection(nr)) {
        const SectionNr next = sparse_.sections().NextInRoots(nr + 1);
        if (next.value() >= sparse_.sections().sections()) break;
        pfn = LastLookBelow(next.first_pfn(), pfn);
      } else if (pfn != except) {
        if (const Found found = Look(pfn); found.kind != Found::Kind::kNothing) return found;
        pfn = LastLookBelow(EndOfStrangers({pfn, (nr + 1).first_pfn()}), pfn);
      }
    }
    return {};
  }

  // find_biggest_section_pfn: down from the page before `end` to `start`. Below page 0 the number wraps, and the loop
  // does not end.
  Found Biggest(Pfn start, Pfn end) const {
    if (end == Pfn(0)) return {Found::Kind::kLost};
    for (Pfn pfn = end - 1; pfn >= start; pfn = pfn - kStep) {
      const SectionNr nr = SectionNr::Of(pfn);
      if (!ValidSection(nr)) {
        pfn = LastLookAbove(FloorBelow(nr), pfn);
      } else if (const Found found = Look(pfn); found.kind != Found::Kind::kNothing) {
        return found;
      } else if (EndOfStrangers({nr.first_pfn(), pfn + 1}) > pfn) {
        pfn = LastLookAbove(nr.first_pfn(), pfn);
      }
      if (pfn.value() < kStep && pfn >= start) return {Found::Kind::kLost};
      if (pfn < start) break;
    }
    return {};
  }

 private:
  bool ValidSection(SectionNr nr) const {
    const MemSection* section = sparse_.Find(nr);
    return section != nullptr && section->valid();
  }

  Found Look(Pfn pfn) const {
    if (!sparse_.PfnValid(pfn)) return {};
    const StructPages::Content* page = host_.struct_pages.Find(pfn);
    if (page == nullptr) return {Found::Kind::kLost};
    return Owns(*page) ? Found{Found::Kind::kPage, pfn} : Found{};
  }

  bool Owns(const StructPages::Content& page) const {
    return page.nid == zone_.nid && (whole_node_ || page.zone == static_cast<uint8_t>(zone_.zone));
  }

  // The end of the pages from the first one of `pages` on that are another's, which no look need be wasted on; all lie
  // in a section.
  Pfn EndOfStrangers(PfnRange pages) const {
    const StructPages::RunOf run = host_.struct_pages.FindRun(pages);
    return run.content == nullptr || Owns(*run.content) ? pages.first + 1 : run.end;
  }

  // The end of the next lower section that has a record; page 0 when there is none.
  Pfn FloorBelow(SectionNr nr) const {
    SectionNr below(nr.value() - 1);
    const bool any = nr.value() != 0 && sparse_.sections().PreviousInRoots(&below);
    return any ? (below + 1).first_pfn() : Pfn(0);
  }
  static Pfn LastLookBelow(Pfn ceiling, Pfn pfn) { return pfn + (ceiling - pfn - 1) / kStep * kStep; }
  static Pfn LastLookAbove(Pfn floor, Pfn pfn) { return pfn - (pfn - floor) / kStep * kStep; }

  const Host& host_;
  const Sparse& sparse_;
  const ZoneOf zone_;
  const bool whole_node_;
};

Status Shrink(const SpanScan& scan, PfnRange pages, Span* span) {
  const Pfn start = span->start;
  const Pfn end = span->end;
  if (start == pages.first) {
    const Found found = scan.Smallest(pages.end, end);
    if (found.lost()) return kStopFault;
    if (found.new_edge()) span->start = found.pfn;
  } else if (end == pages.end) {
    const Found found = scan.Biggest(start, pages.first);
    if (found.lost()) return kStopFault;
    if (found.new_edge()) span->end = found.pfn + 1;
  }
  // Is anything left? The second sub-section of what goes will do.
  const Found left = scan.Smallest(start, end, pages.first);
  if (left.lost()) return kStopFault;
  if (left.kind == Found::Kind::kNothing) span->start = span->end = Pfn(0);
  return 0;
}

}  // namespace

Status MemoryHotplug::RemoveZonePosted(ZoneOf zone, PfnRange pages) {
  const SpanScan of_zone(host_, sparse_, zone, false);
  if (const Status status = Shrink(of_zone, pages, &host_.zones.zone(zone.nid, zone.zone)); status != 0) return status;
  const SpanScan of_node(host_, sparse_, zone, true);
  return Shrink(of_node, pages, &host_.zones.node_span(zone.nid));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
