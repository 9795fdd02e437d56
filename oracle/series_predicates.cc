// SPDX-License-Identifier: Apache-2.0
// Predicates of clauses about the series as posted.
#include "oracle/series_predicates.h"

#include <algorithm>
#include <bit>

#include "oracle/nvdimm_predicates.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {
namespace {

HotplugLayer& Series(const Situation& s) { return s.pair == PairKind::kLegacySeries ? *s.subsection : *s.legacy; }
HotplugLayer& Other(const Situation& s) { return s.pair == PairKind::kLegacySeries ? *s.legacy : *s.subsection; }

// The sub-sections that section_active_mask names for a part of a section: [first, end) of their numbers.
struct Granules {
  uint64_t first;
  uint64_t end;
};
Granules PostedGranules(PfnRange part) {
  const uint64_t count = (part.pages() + kPagesPerSubsection - 1) / kPagesPerSubsection;
  if (count == kSubsectionsPerSection) return {0, count};
  const uint64_t first = part.first.value() % kPagesPerSection / kPagesPerSubsection;
  return {first, first + count};
}

// The part of boot RAM that lies in the section; empty: none.
PfnRange PartOf(const FirmwareMap& map, const FirmwareRange& entry, SectionNr nr) {
  if (entry.kind != FirmwareKind::kRam) return {};
  PfnRange ram = entry.range.pfns();
  ram.end = std::min(ram.end, Pfn::OfByte(map.physmem_end()));
  const PfnRange part{std::max(ram.first, nr.first_pfn()), std::min(ram.end, (nr + 1).first_pfn())};
  return part.empty() ? PfnRange{} : part;
}

// The first page that a removal reads.
Pfn FirstBehindAltmap(const Situation& s) {
  const Altmap& altmap = s.mapping != nullptr ? s.mapping->altmap : s.op->altmap;
  if (!altmap.given) return MappedPages(s, s.nvdimm.before[0]).first;
  return s.pages.first + ((altmap.reserve >> kPageShift) + (altmap.free >> kPageShift));
}

// A bit is set where no struct page is.
bool LostStructPages(const SectionFacts& section) {
  const auto pages = static_cast<uint64_t>(std::popcount(section.bitmap)) * kMemmapPagesPerSubsection;
  return section.memmap != MemmapKind::kHuge && section.memmap_pages < pages;
}

bool MissingAt(const Situation& s, Pfn pfn, BootBit why) {
  if (!Series(s).Section(SectionNr::Of(pfn)).early) return false;
  return !Series(s).Facts(pfn).valid && Other(s).Facts(pfn).valid && WhyNoBootBit(*s.map, pfn) == why;
}

}  // namespace

BootBit WhyNoBootBit(const FirmwareMap& map, Pfn pfn) {
  const SectionNr nr = SectionNr::Of(pfn);
  const uint64_t granule = pfn.value() % kPagesPerSection / kPagesPerSubsection;
  BootBit why = BootBit::kHole;
  for (const FirmwareRange& entry : map) {
    const PfnRange part = PartOf(map, entry, nr);
    if (part.empty()) continue;
    const Granules posted = PostedGranules(part);
    if (posted.first <= granule && granule < posted.end) return BootBit::kRangeLost;
    if ((SubsectionMask(part) >> granule & 1) != 0) why = BootBit::kGranuleShort;
  }
  return why;
}

template <BootBit kWhy>
bool BootBitMissing(const Situation& s) {
  if (HasArg(s.op->kind, Arg::kPfn)) return MissingAt(s, s.op->pfn, kWhy);
  if (!s.survey.done || !s.survey.any_early) return false;
  // What goes may be the last that the series knows of its section.
  const bool takes = (Ops(s.op->kind) & kTakesAway) != 0;
  for (PfnRange rest = takes ? s.rounded : s.pages; !rest.empty();) {
    const Pfn granule(AlignDown(rest.first.value(), kPagesPerSubsection));
    if (MissingAt(s, rest.first, kWhy)) return true;
    rest.first = granule + kPagesPerSubsection;
  }
  return false;
}
template bool BootBitMissing<BootBit::kRangeLost>(const Situation& s);
template bool BootBitMissing<BootBit::kGranuleShort>(const Situation& s);
template bool BootBitMissing<BootBit::kHole>(const Situation& s);

bool ActiveInEither(const Situation& s) { return s.survey.legacy_any_active || s.survey.subsection_any_active; }

bool MapsActive(const Situation& s) {
  return !s.conflicts.subsection_live && !s.conflicts.subsection_ram && s.survey.subsection_any_active;
}

bool BlocksMisaligned(const Situation& s) { return s.op->memblock && !s.section_aligned(); }
bool BlockStands(const Situation& s) {
  return s.survey.any_block && (s.op->memblock || s.op->kind == OpKind::kAddMemory);
}

bool InPiecesFromRam(const Situation& s) {
  if (((s.pages.first.value() | s.pages.pages()) & (kPagesPerSection - 1)) == 0) return false;
  if (s.op->kind == OpKind::kRemovePages) return s.op->zone != Zone::kDevice;
  return Series(s).Facts(FirstBehindAltmap(s)).page.zone != Zone::kDevice;
}

bool ReleasesRam(const Situation& s) {
  if (s.mapping == nullptr) return false;
  const auto ram = [&](Pfn first) { return Series(s).Facts(first).page.zone != Zone::kDevice; };
  return ram(FirstBehindAltmap(s)) || (s.mapping->has_second && ram(s.mapping->second.pfns().first));
}

bool ZoneUnknown(const Situation& s) {
  if (s.mapping == nullptr && !HasArg(s.op->kind, Arg::kRange)) return false;
  const PfnFacts facts = Series(s).Facts(FirstBehindAltmap(s));
  return !facts.backed || !facts.page.initialised;
}

bool SpanScanElsewhere(const Situation& s) {
  if (s.elsewhere) return true;
  return s.memmap_reused && std::any_of(s.touched.begin(), s.touched.end(),
                                        [&](SectionNr nr) { return LostStructPages(Series(s).Section(nr)); });
}

bool ZoneByOtherSpans(const Situation& s) {
  if (s.op->online == OnlineType::kMovable) return false;
  for (unsigned nid = 0; nid < kMaxNodes; ++nid) {
    if (!(s.legacy->Node(static_cast<Nid>(nid)) == s.subsection->Node(static_cast<Nid>(nid)))) return true;
  }
  return false;
}

bool SpanSearchLost(const Situation& s) {
  if (s.pages.empty()) return false;
  const HotplugLayer& series = Series(s);
  const uint64_t offset = (s.pages.first.value() - 1) % kPagesPerSubsection;
  const PfnFacts lowest[] = {series.Facts(Pfn(offset)), series.Facts(Pfn(kPagesPerSubsection - 1))};
  for (unsigned nid = 0; nid < kMaxNodes; ++nid) {
    const NodeSpans& node = series.Node(static_cast<Nid>(nid));
    for (unsigned i = 0; i <= kZones; ++i) {
      const Span& span = i < kZones ? node.zone[i] : node.node;
      if (span.start == span.end) continue;
      const auto owned = [&](const PfnFacts& facts) {
        return facts.valid && facts.page.nid == nid && (i == kZones || static_cast<unsigned>(facts.page.zone) == i);
      };
      if (s.pages.first == Pfn(0) && span.start != Pfn(0) && span.end <= Pfn(kPagesPerSection)) return true;
      if (span.start.value() < kPagesPerSubsection && !(owned(lowest[0]) && owned(lowest[1]))) return true;
    }
  }
  return false;
}

bool OnlineDiffers(const Situation& s) {
  return s.legacy->Facts(s.op->pfn).online != s.subsection->Facts(s.op->pfn).online;
}

bool CreatesCut(const Situation& s) {
  if (!NewBlock(s)) return false;
  const uint64_t align = std::max<uint64_t>(AlignOfNewBlock(s), kSubsectionSize);
  return s.range.end() % align != 0 || AlignOfNewBlock(s) < kSubsectionSize;
}

bool OneCreatesNothing(const Situation& s) {
  if (!NewBlock(s)) return false;
  const auto nothing = [](const PfnView& view) { return view.setup == 0 && view.npfns == 0; };
  return Legacy(s).setup != Subsection(s).setup || nothing(Legacy(s)) || nothing(Subsection(s));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates
