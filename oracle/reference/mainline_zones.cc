// SPDX-License-Identifier: Apache-2.0
// Zones and nodes of the mainline reference: spans grow when pages join and shrink, at their edges only, when RAM goes
// offline. ZONE_DEVICE never shrinks.
#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

// An empty span whose start is not 0 (a mapping of less than a page leaves one) keeps its end, as in the kernel.
void Grow(Span* span, PfnRange pages) {
  const Pfn old_end = span->end;
  if (span->start == span->end || pages.first < span->start) span->start = pages.first;
  span->end = std::max(pages.end, old_end);
}

bool Intersects(const Span& span, PfnRange pages) {
  return span.start != span.end && pages.overlaps({span.start, span.end});
}

}  // namespace

bool MainlineModel::Taint(Pfn pfn) {
  if (pfn.value() % kPagesPerSection == 0 || posted()) return true;
  SectionState* section = pfn.byte() < map_->physmem_end() ? Find(SectionNr::Of(pfn)) : nullptr;
  if (section == nullptr) return false;
  section->tainted = true;
  return true;
}

// move_pfn_range_to_zone(). Pages of ZONE_DEVICE are initialised by the mapping later, but for those of its altmap.
Outcome MainlineModel::MoveToZone(Zone zone, Nid nid, PfnRange pages, const AltmapPages* altmap) {
  NodeSpans& node = nodes_[nid];
  Grow(&node.zone[static_cast<unsigned>(zone)], pages);
  Grow(&node.node, pages);
  PfnRange written = pages;
  PageState state = PageState::Reserved(zone, nid);
  if (zone == Zone::kDevice) {
    if (!Taint(pages.first) || !Taint(pages.end)) return kStopped;
    if (altmap == nullptr) return 0;
    written = {altmap->base + altmap->reserve, altmap->data()};
    state.view.map = kForeignHandle;
  } else if (kernel_ == Kernel::k6_12) {
    // Since 503b158fc304 (6.11) RAM that is not yet online is PageOffline instead of reserved.
    state.view.reserved = false;
  }
  if (!AllBacked(written) || LacksBlockTypes(written)) return kStopped;
  pages_.Set(written.first, written.end, state);
  return 0;
}

// Every 2 MiB of initialised pages get a type, which is kept in the usage record of their section; an empty section has
// none, though its memmap may be left.
bool MainlineModel::LacksBlockTypes(PfnRange pages) const {
  for (; !pages.empty(); pages.first = FirstSectionPart(pages).end) {
    const PfnRange part = FirstSectionPart(pages);
    const bool none_begins = part.first.value() % kPagesPerSubsection != 0 &&
                             part.first.value() / kPagesPerSubsection == (part.end.value() - 1) / kPagesPerSubsection;
    if (!none_begins && !Find(SectionNr::Of(part.first))->usage) return true;
  }
  return false;
}

// remove_pfn_range_from_zone(), which the series does not have.
Outcome MainlineModel::RemoveFromZone(Zone zone, Nid nid, PfnRange pages) {
  if (zone == Zone::kDevice || posted()) return 0;
  if (ShrinkZone(zone, nid, pages) == kStopped) return kStopped;
  UpdateNodeSpan(nid);
  return 0;
}

Outcome MainlineModel::ShrinkZone(Zone zone, Nid nid, PfnRange pages) {
  Span& span = nodes_[nid].zone[static_cast<unsigned>(zone)];
  Pfn found;
  Search search = Search::kFound;
  if (span.start == pages.first) {
    search = FindSmallest(zone, nid, {pages.end, span.end}, &found);
    if (search == Search::kFound) span.start = found;
  } else if (span.end == pages.end) {
    search = FindBiggest(zone, nid, {span.start, pages.first}, &found);
    if (search == Search::kFound) span.end = found + 1;
  }
  if (search == Search::kNothing) span.start = span.end = Pfn(0);
  return search == Search::kStopped ? kStopped : 0;
}

void MainlineModel::UpdateNodeSpan(Nid nid) {
  NodeSpans& node = nodes_[nid];
  Pfn start;
  Pfn end;
  for (const Span& zone : node.zone) {
    if (zone.start == zone.end) continue;
    start = end == Pfn(0) ? zone.start : std::min(start, zone.start);
    end = std::max(end, zone.end);
  }
  node.node.start = start;
  node.node.end = end;
}

// Whether the page is online and in that zone. The struct page of an active one may be gone: see RemoveMemmap().
MainlineModel::Search MainlineModel::Look(Pfn pfn, Zone zone, Nid nid) const {
  if (!Online(pfn)) return Search::kNothing;
  if (!Backed(pfn)) return Search::kStopped;
  return PageAt(pfn).IsIn(zone, nid) ? Search::kFound : Search::kNothing;
}

// The kernel probes one page in every sub-section, counted from the first; page 0 is taken for "nothing found".
MainlineModel::Search MainlineModel::FindSmallest(Zone zone, Nid nid, PfnRange pages, Pfn* found) const {
  for (Pfn pfn = pages.first; pfn < pages.end;) {
    const SectionState* section = Find(SectionNr::Of(pfn));
    if (section == nullptr || !section->online) {
      const Pfn next = NextKnown(SectionNr::Of(pfn) + 1, SectionNr::Of(pages.end) + 1).first_pfn();
      pfn = pfn + AlignUp(next - pfn, kPagesPerSubsection);
      continue;
    }
    if (const Search search = Look(pfn, zone, nid); search != Search::kNothing) {
      *found = pfn;
      return pfn != Pfn(0) || search == Search::kStopped ? search : Search::kNothing;
    }
    pfn = pfn + kPagesPerSubsection;
  }
  return Search::kNothing;
}

MainlineModel::Search MainlineModel::FindBiggest(Zone zone, Nid nid, PfnRange pages, Pfn* found) const {
  uint64_t end = pages.end.value();
  while (end > pages.first.value()) {
    const Pfn pfn(end - 1);
    const SectionState* section = Find(SectionNr::Of(pfn));
    uint64_t step = kPagesPerSubsection;
    if (section == nullptr || !section->online) {
      const SectionNr nr = SectionNr::Of(pfn);
      const SectionNr below = nr == SectionNr(0) ? nr : EndOfKnown(SectionNr(nr.value() - 1));
      step = AlignUp(end - below.first_pfn().value(), kPagesPerSubsection);
    } else if (const Search search = Look(pfn, zone, nid); search != Search::kNothing) {
      *found = pfn;
      return pfn != Pfn(0) || search == Search::kStopped ? search : Search::kNothing;
    }
    end = end > step ? end - step : 0;
  }
  return Search::kNothing;
}

// zone_for_pfn_range() with the online policy "contig-zones".
Zone MainlineModel::ZoneForOnline(OnlineType type, Nid nid, PfnRange pages) const {
  if (type == OnlineType::kMovable) return Zone::kMovable;
  const NodeSpans& node = nodes_[nid];
  Zone kernel = Zone::kNormal;
  for (Zone zone : {Zone::kDma, Zone::kDma32}) {
    if (!Intersects(node.zone[static_cast<unsigned>(zone)], pages)) continue;
    kernel = zone;
    break;
  }
  if (type == OnlineType::kKernel) return kernel;
  const bool in_kernel = Intersects(node.zone[static_cast<unsigned>(kernel)], pages);
  const bool in_movable = Intersects(node.zone[static_cast<unsigned>(Zone::kMovable)], pages);
  return in_movable && !in_kernel ? Zone::kMovable : kernel;
}

Answer MainlineModel::MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) {
  Begin();
  return Done(MoveToZone(zone, nid, range.pfns(), nullptr));
}

Answer MainlineModel::RemovePfnRangeFromZone(Zone zone, Nid nid, PhysRange range) {
  Begin();
  if (posted()) return Answer::Of(Answer::Kind::kNone);
  return Done(RemoveFromZone(zone, nid, range.pfns()));
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
