// SPDX-License-Identifier: Apache-2.0
// Lockstep: the facts compared after an operation, layer against reference and generation against generation.
#include <algorithm>
#include <bit>

#include "oracle/compare.h"
#include "oracle/compare_pair.h"
#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

// Operations after which the spans of the two generations part by the clause span-timing.
constexpr OpSet kTakesAway =
    Ops(OpKind::kRemovePages, OpKind::kArchRemoveMemory, OpKind::kRemoveMemory, OpKind::kOfflinePages,
        OpKind::kMemunmapPages, OpKind::kUnpinPage, OpKind::kRemovePfnRangeFromZone, OpKind::kMemremapPages,
        OpKind::kNsCreate, OpKind::kNsEnable, OpKind::kNsDisable);

}  // namespace

// Whether facts of this section are compared between the generations; counts it when a mark forbids it. Both must run.
bool Lockstep::Comparable(SectionNr nr) {
  if (nr.value() >= section_limit_) return false;
  if (!divergence_.SectionMarked(nr)) return true;
  CountSuspended(IndexOf(FactClause::kDiverged));
  return false;
}

Finding Lockstep::JudgePair(const PairResult& result, Pfn pfn) {
  ++statistics_.compared;
  if (result.difference) return Pair(*result.difference, pfn);
  if (!result.excuse) return {};
  if (off_[IndexOf(*result.excuse)]) return SwitchedOff(IndexOf(*result.excuse), pfn);
  ++statistics_.clause[IndexOf(*result.excuse)];
  return {};
}

// Each machine is asked for everything before the next one is: its code and data are at hand then.
Finding Lockstep::Probe(const Places& places) {
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    Observe(*world_[side].layer, places, &seen_[side]);
    Observe(*world_[side].reference, places, &expected_);
    if (Finding finding = CompareWithReference(side, places)) return finding;
  }
  return BothRun() ? ComparePlaces(places) : Finding{};
}

void Lockstep::Observe(const HotplugLayer& layer, const Places& places, Observation* seen) {
  for (unsigned i = 0; i < places.sections; ++i) seen->section[i] = layer.Section(places.section[i]);
  for (unsigned i = 0; i < places.pages; ++i) seen->page[i] = layer.Facts(places.page[i]);
}

Finding Lockstep::CompareWithReference(unsigned side, const Places& places) {
  Observation& seen = seen_[side];
  for (unsigned i = 0; i < places.sections; ++i) {
    if (seen.section[i] == expected_.section[i]) [[likely]]
      continue;
    return Reference(side, *Difference(seen.section[i], expected_.section[i]), places.section[i].first_pfn());
  }
  for (unsigned i = 0; i < places.pages; ++i) {
    if (seen.page[i] == expected_.page[i]) [[likely]]
      continue;
    if (auto check = Difference(seen.page[i], expected_.page[i])) return Reference(side, *check, places.page[i]);
    seen.page[i].unspecified = expected_.page[i].unspecified;
  }
  return {};
}

Finding Lockstep::ComparePlaces(const Places& places) {
  const Observation& legacy = seen_[kLeg];
  const Observation& subsection = seen_[kSub];
  for (unsigned i = 0; i < places.sections; ++i) {
    if (!Comparable(places.section[i])) continue;
    const PairResult result =
        legacy.section[i] == subsection.section[i]
            ? PairResult{}
            : ComparePairOf(pair_, trace_->map, places.section[i], legacy.section[i], subsection.section[i]);
    if (Finding finding = JudgePair(result, places.section[i].first_pfn())) return finding;
  }
  for (unsigned i = 0; i < places.pages; ++i) {
    if (Finding finding = ComparePages(legacy.page[i], subsection.page[i], places.page[i])) return finding;
  }
  return {};
}

Finding Lockstep::ComparePages(const PfnFacts& legacy, const PfnFacts& subsection, Pfn pfn) {
  const SectionNr nr = SectionNr::Of(pfn);
  if (!Comparable(nr)) return {};
  if (legacy == subsection) [[likely]]
    return JudgePair({}, pfn);
  if (divergence_.MappingMarked(legacy.map) || divergence_.MappingMarked(subsection.map)) {
    CountSuspended(IndexOf(FactClause::kDiverged));
    return {};
  }
  const SectionFacts section = world_[kSub].layer->Section(nr);
  return JudgePair(ComparePairOf(pair_, trace_->map, pfn, legacy, subsection, section), pfn);
}

// The edges of what the operation touched: first and last page, one before, one after, and their sections.
Lockstep::Places Lockstep::EdgesOf(PfnRange pages) const {
  const Pfn last = pages.empty() ? pages.first : pages.end - 1;
  Places places;
  places.Add(SectionNr::Of(pages.first), section_limit_);
  if (SectionNr::Of(last) != SectionNr::Of(pages.first)) places.Add(SectionNr::Of(last), section_limit_);
  for (const Pfn pfn : {pages.first - 1, pages.first, last, last + 1}) places.Add(pfn);
  return places;
}

Finding Lockstep::ProbeAfter(const Op& op) {
  const OpSpec& spec = SpecOf(op.kind);
  const bool both = step_.applied[kLeg] && step_.applied[kSub];
  if (both && step_.clause != kNoClause && Clauses()[step_.clause].diverges) MarkTouched(op);
  // Of one that goes on alone, too, nobody can say which sections such a request touched.
  if (!both && (spec.effects & kSections) != 0 && situation_.beyond_table()) divergence_.MarkEverything();
  ClearEmptied(situation_.rounded);
  if (spec.effects & kSections) {
    if (Finding finding = Probe(EdgesOf(situation_.pages))) return finding;
    if (const PhysRange* second = SecondRange(op)) {
      ClearEmptied(RoundedToSections(*second));
      if (Finding finding = Probe(EdgesOf(second->pfns()))) return finding;
    }
  }
  if (spec.effects & kNamespaces) {
    if (Finding finding = ProbeNvdimm(op)) return finding;
  }
  return ProbeMachine(spec);
}

Finding Lockstep::ProbeMachine(const OpSpec& spec) {
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    if (world_[side].layer->UsemapBalance() != world_[side].reference->UsemapBalance()) {
      return Reference(side, Check::kUsemapBalance);
    }
  }
  if (spec.effects & kSpans) {
    if (Finding finding = CompareSpans()) return finding;
  }
  if (spec.effects & kResources) return CompareResources();
  return {};
}

Finding Lockstep::CompareSpans() {
  bool same = true;
  for (unsigned nid = 0; nid < nodes_; ++nid) {
    for (unsigned side = 0; side < kSides; ++side) {
      if (world_[side].frozen) continue;
      if (!(world_[side].layer->Node(static_cast<Nid>(nid)) == world_[side].reference->Node(static_cast<Nid>(nid)))) {
        return Reference(side, Check::kSpans);
      }
    }
    same &= world_[kLeg].layer->Node(static_cast<Nid>(nid)) == world_[kSub].layer->Node(static_cast<Nid>(nid));
  }
  if (!BothRun()) return {};
  if (same) {
    divergence_.spans = false;
    ++statistics_.compared;
    return {};
  }
  const bool takes_away = !at_end_ && (Ops(step_.op->kind) & kTakesAway) != 0 && pair_ != PairKind::kAlike;
  if (!divergence_.spans && !takes_away) {
    ++statistics_.compared;
    return Pair(Check::kSpans);
  }
  divergence_.spans = true;
  if (pair_ == PairKind::kSeriesMainline && SpanKept()) {
    const ClauseIndex kept = IndexOf(FactClause::kSpanKept);
    if (off_[kept]) return SwitchedOff(kept);
    ++statistics_.clause[kept];
  }
  CountSuspended(IndexOf(FactClause::kSpanTiming));
  return {};
}

// Of the series: whether a zone of RAM keeps a span after its last page. Only what was touched can be hot-added memory
// of it; of a zone that was given pages by hand nobody can tell.
bool Lockstep::SpanKept() const {
  if (situation_.zones_by_hand) return false;
  const HotplugLayer& series = *world_[kLeg].reference;
  for (unsigned nid = 0; nid < nodes_; ++nid) {
    for (unsigned i = 0; i < static_cast<unsigned>(Zone::kDevice); ++i) {
      const Span& span = series.Node(static_cast<Nid>(nid)).zone[i];
      const Span& merged = world_[kSub].reference->Node(static_cast<Nid>(nid)).zone[i];
      if (span.start == span.end || span.present != 0 || merged.start != merged.end) continue;
      const bool left = std::any_of(divergence_.touched().begin(), divergence_.touched().end(), [&](SectionNr nr) {
        const uint64_t bits = series.Section(nr).bitmap;
        if (bits == 0) return false;
        const auto piece = static_cast<uint64_t>(std::countr_zero(bits)) * kPagesPerSubsection;
        return static_cast<unsigned>(series.Facts(nr.first_pfn() + piece).page.zone) == i;
      });
      if (!left) return true;
    }
  }
  return false;
}

// The resource tree of `layer` into `rows`, which grows as needed and keeps its memory.
void Lockstep::ReadResources(const HotplugLayer& layer, ResourceRows* rows) {
  rows->count = layer.Resources(rows->row.data(), rows->row.size());
  if (rows->count <= rows->row.size()) return;
  rows->row.resize(rows->count * 2);
  layer.Resources(rows->row.data(), rows->row.size());
}

Finding Lockstep::CompareResources() {
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    ReadResources(*world_[side].layer, &resources_[side]);
    ReadResources(*world_[side].reference, &reference_resources_);
    if (!(resources_[side] == reference_resources_)) return Reference(side, Check::kResources);
  }
  if (!BothRun()) return {};
  const bool same = resources_[kLeg] == resources_[kSub];
  if (!same && divergence_.resources) {
    CountSuspended(IndexOf(FactClause::kDiverged));
    return {};
  }
  divergence_.resources = false;
  ++statistics_.compared;
  return same ? Finding{} : Pair(Check::kResources);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
