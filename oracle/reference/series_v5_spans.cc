// SPDX-License-Identifier: Apache-2.0
// Spans of the series as posted: they shrink when memory goes, those of devices too. The kernel looks at one page in
// 2 MiB; here the active sub-sections are gone through, each with the one page of it that would be looked at.
#include <algorithm>
#include <bit>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

// Whether the active page belongs to the zone, or to the node when `zone` is null. Its struct page may be gone.
MainlineModel::Search MainlineModel::Owned(Pfn pfn, const Zone* zone, Nid nid) const {
  if (!Backed(pfn)) return Search::kStopped;
  const PageState& page = PageAt(pfn);
  const bool owned = zone != nullptr ? page.IsIn(*zone, nid) : page.view.nid == nid;
  return owned ? Search::kFound : Search::kNothing;
}

// Whether the pages, of one section, are there and of one content: what a look at one says it says of all.
bool MainlineModel::AllAlike(PfnRange pages) const {
  const auto* run = pages_.From(pages.first);
  return run != pages_.end() && run->first <= pages.first && run->end >= pages.end && AllBacked(pages);
}

// The lowest look at a page of the owner in `pages`; the looks are as far into their sub-sections as the first one.
MainlineModel::Search MainlineModel::Lowest(const Zone* zone, Nid nid, PfnRange pages, const Pfn* except,
                                            Pfn* found) const {
  if (pages.empty()) return Search::kNothing;
  const uint64_t offset = pages.first.value() % kPagesPerSubsection;
  const SectionNr end = std::min(SectionNr::Of(pages.end - 1) + 1, Limit());
  for (SectionNr nr = NextKnown(SectionNr::Of(pages.first), end); nr < end; nr = NextKnown(nr + 1, end)) {
    const SectionState* section = Find(nr);
    for (uint64_t bits = section == nullptr ? 0 : section->bits; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<uint64_t>(std::countr_zero(bits));
      *found = nr.first_pfn() + (bit * kPagesPerSubsection + offset);
      if (!pages.contains(*found) || (except != nullptr && *found == *except)) continue;
      if (const Search search = Owned(*found, zone, nid); search != Search::kNothing) return search;
      if (AllAlike({*found, (nr + 1).first_pfn()})) break;
    }
  }
  return Search::kNothing;
}

// The highest; the looks end where the last page of `pages` ends its sub-section, and do not end at all where they go
// on below page 0.
MainlineModel::Search MainlineModel::Highest(const Zone* zone, Nid nid, PfnRange pages, Pfn* found) const {
  if (pages.end == Pfn(0)) return Search::kStopped;
  const uint64_t offset = (pages.end.value() - 1) % kPagesPerSubsection;
  if (pages.empty()) return Search::kNothing;
  for (SectionNr end = std::min(SectionNr::Of(pages.end - 1) + 1, Limit()); end > SectionNr(0);) {
    end = std::min(end, EndOfKnown(SectionNr(end.value() - 1)));
    if (end == SectionNr(0) || end.first_pfn() <= pages.first) break;
    const SectionNr nr(end.value() - 1);
    end = nr;
    const SectionState* section = Find(nr);
    for (uint64_t bits = section == nullptr ? 0 : section->bits; bits != 0;) {
      const auto bit = static_cast<uint64_t>(63 - std::countl_zero(bits));
      bits &= ~(uint64_t{1} << bit);
      *found = nr.first_pfn() + (bit * kPagesPerSubsection + offset);
      if (!pages.contains(*found)) continue;
      if (const Search search = Owned(*found, zone, nid); search != Search::kNothing) return search;
      if (AllAlike({nr.first_pfn(), *found + 1})) break;
    }
  }
  return pages.first <= Pfn(offset) ? Search::kStopped : Search::kNothing;
}

Outcome MainlineModel::ShrinkSpanPosted(const Zone* zone, Nid nid, PfnRange pages) {
  NodeSpans& node = nodes_[nid];
  Span& span = zone != nullptr ? node.zone[static_cast<unsigned>(*zone)] : node.node;
  const PfnRange before = {span.start, span.end};
  Pfn found;
  Search search = Search::kNothing;
  // Page 0 is never a new edge: it is what the kernel's searches answer for nothing.
  if (before.first == pages.first) {
    search = Lowest(zone, nid, {pages.end, before.end}, nullptr, &found);
    if (search == Search::kFound && found != Pfn(0)) span.start = found;
  } else if (before.end == pages.end) {
    search = Highest(zone, nid, {before.first, pages.first}, &found);
    if (search == Search::kFound && found != Pfn(0)) span.end = found + 1;
  }
  if (search == Search::kStopped) return kStopped;
  // What goes is active still; of its pages only the first does not count as left.
  search = Lowest(zone, nid, before, &pages.first, &found);
  if (search == Search::kNothing) span.start = span.end = Pfn(0);
  return search == Search::kStopped ? kStopped : 0;
}

Outcome MainlineModel::ShrinkPosted(Zone zone, Nid nid, PfnRange pages) {
  if (ShrinkSpanPosted(&zone, nid, pages) == kStopped) return kStopped;
  return ShrinkSpanPosted(nullptr, nid, pages);
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
