// SPDX-License-Identifier: Apache-2.0
// Lockstep: the facts compared after an operation, layer against reference and generation against generation.
#include "oracle/compare.h"
#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

// Operations after which the spans of the two generations part by the clause span-timing.
constexpr OpSet kTakesAway =
    Ops(OpKind::kRemovePages, OpKind::kArchRemoveMemory, OpKind::kRemoveMemory, OpKind::kOfflinePages,
        OpKind::kMemunmapPages, OpKind::kUnpinPage, OpKind::kRemovePfnRangeFromZone, OpKind::kMemremapPages);

}  // namespace

// Whether facts of this section are compared between the generations; counts it when a mark forbids it.
bool Lockstep::Comparable(SectionNr nr) {
  if (!BothRun() || nr.value() >= trace_->map.physmem_end() >> kSectionShift) return false;
  if (!divergence_.SectionMarked(nr)) return true;
  CountSuspended(IndexOf(FactClause::kDiverged));
  return false;
}

Finding Lockstep::JudgePair(const PairResult& result, Pfn pfn) {
  ++statistics_.compared;
  if (result.difference) return Pair(*result.difference, pfn);
  if (result.excuse) ++statistics_.clause[IndexOf(*result.excuse)];
  return {};
}

Finding Lockstep::ProbeSection(SectionNr nr, InvariantInput* seen) {
  SectionFacts facts[kSides];
  // The direct map of memory that the section table cannot name is nobody's business.
  if (nr.value() >= trace_->map.physmem_end() >> kSectionShift) return {};
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    facts[side] = world_[side].layer->Section(nr);
    const SectionFacts reference = world_[side].reference->Section(nr);
    if (facts[side] != reference) [[unlikely]]
      return Reference(side, *Difference(facts[side], reference), nr.first_pfn());
    if (seen != nullptr) {
      seen[side].side = static_cast<Side>(side);
      seen[side].section = facts[side];
    }
  }
  if (!Comparable(nr)) return {};
  if (facts[kLeg] == facts[kSub]) [[likely]]
    return JudgePair({}, nr.first_pfn());
  return JudgePair(ComparePair(facts[kLeg], facts[kSub]), nr.first_pfn());
}

Finding Lockstep::ProbePage(Pfn pfn, InvariantInput* seen, PfnFacts InvariantInput::*page) {
  PfnFacts facts[kSides];
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    facts[side] = world_[side].layer->Facts(pfn);
    const PfnFacts reference = world_[side].reference->Facts(pfn);
    if (facts[side] != reference) [[unlikely]] {
      if (auto check = Difference(facts[side], reference)) return Reference(side, *check, pfn);
    }
    facts[side].unspecified = reference.unspecified;
    if (seen != nullptr) seen[side].*page = facts[side];
  }
  const SectionNr nr = SectionNr::Of(pfn);
  if (!Comparable(nr)) return {};
  if (facts[kLeg] == facts[kSub]) [[likely]]
    return JudgePair({}, pfn);
  if (divergence_.MappingMarked(facts[kLeg].map) || divergence_.MappingMarked(facts[kSub].map)) {
    CountSuspended(IndexOf(FactClause::kDiverged));
    return {};
  }
  return JudgePair(ComparePair(facts[kLeg], facts[kSub], world_[kSub].layer->Section(nr)), pfn);
}

Finding Lockstep::ProbeAfter(const Op& op) {
  const OpSpec& spec = SpecOf(op.kind);
  const bool both = step_.applied[kLeg] && step_.applied[kSub];
  if (both && step_.clause != kNoClause && Clauses()[step_.clause].diverges) MarkTouched(op);
  ClearEmptied(situation_.rounded);
  if (spec.effects & kSections) {
    const PfnRange pages = situation_.pages;
    const Pfn last = pages.empty() ? pages.first : pages.end - 1;
    const SectionNr first_section = SectionNr::Of(pages.first);
    if (Finding finding = ProbeSection(first_section)) return finding;
    if (SectionNr::Of(last) != first_section) {
      if (Finding finding = ProbeSection(SectionNr::Of(last))) return finding;
    }
    for (Pfn pfn : {pages.first - 1, pages.first, last, last + 1}) {
      if (Finding finding = ProbePage(pfn)) return finding;
    }
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
  if (!divergence_.spans && (at_end_ || (Ops(step_.op->kind) & kTakesAway) == 0)) {
    ++statistics_.compared;
    return Pair(Check::kSpans);
  }
  divergence_.spans = true;
  CountSuspended(IndexOf(FactClause::kSpanTiming));
  return {};
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
