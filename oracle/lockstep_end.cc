// SPDX-License-Identifier: Apache-2.0
// Lockstep: the end of a run. Every section ever touched is compared and every invariant judged; then everything the
// trace made is taken down again, each side by what its reference says is there, and what is left must be what the
// reference says stays.
#include "oracle/compare.h"
#include "oracle/invariants.h"
#include "oracle/lockstep.h"
#include "trace/apply.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

PhysRange SectionRange(SectionNr nr) { return {nr.first_byte(), kSectionSize}; }

}  // namespace

Finding Lockstep::CheckTouched(bool invariants) {
  for (const SectionNr nr : divergence_.touched()) {
    Places places;
    places.Add(nr, section_limit_);
    places.Add(nr.first_pfn());
    if (invariants) places.Add((nr + 1).first_pfn() - 1);
    if (Finding finding = Probe(places)) return finding;
    if (!invariants) continue;
    if (Finding finding = CheckInvariants(nr)) return finding;
  }
  for (unsigned side = 0; side < kSides && !watch_.none(); ++side) {
    if (world_[side].frozen) continue;
    for (Handle ns = 0; ns < watch_.namespaces().size(); ++ns) {
      if (Finding finding = ProbeNamespace(side, ns)) return finding;
      if (Finding finding = CheckData(side, ns)) return finding;
    }
    if (Finding finding = CompareMedia(side)) return finding;
  }
  if (invariants) {
    if (Finding finding = CheckUsemaps()) return finding;
  }
  if (Finding finding = CompareSpans()) return finding;
  if (Finding finding = CompareResources()) return finding;
  return ProbeMachine(SpecOf(OpKind::kPfnValid));
}

// Of the section whose first and last page were probed last.
Finding Lockstep::CheckInvariants(SectionNr nr) const {
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    const Observation& seen = seen_[side];
    const InvariantInput input{.section = seen.section[0], .first = seen.page[0], .last = seen.page[1]};
    if (Finding finding = CheckInvariant(side, input, nr.first_pfn())) return finding;
  }
  return {};
}

// Of the whole machine. Nobody can say which sections a request beyond the table touched.
Finding Lockstep::CheckUsemaps() const {
  if (divergence_.everything_marked()) return {};
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    InvariantInput input{.usemaps = world_[side].layer->UsemapBalance()};
    for (const SectionNr nr : divergence_.touched()) {
      if (!world_[side].layer->Section(nr).valid) continue;
      ++(HoldsBootRam(nr) ? input.boot_sections : input.hot_sections);
    }
    if (Finding finding = CheckInvariant(side, input, Pfn())) return finding;
  }
  return {};
}

Finding Lockstep::CheckInvariant(unsigned side, InvariantInput input, Pfn pfn) const {
  const Generation generation = party_[side].generation;
  input.side = generation == Generation::kLegacy ? Side::kLegacy : Side::kSubsection;
  input.posted = generation == Generation::kSeries;
  const int broken = BrokenInvariant(input, suspensions_);
  if (broken < 0) return {};
  Finding finding = Reference(side, Check::kSectionFlags, pfn);
  finding.kind = Finding::Kind::kInvariant;
  finding.invariant = static_cast<InvariantIndex>(broken);
  return finding;
}

bool Lockstep::HoldsBootRam(SectionNr nr) const {
  for (const FirmwareRange& boot : trace_->map) {
    if (boot.kind == FirmwareKind::kRam && boot.range.overlaps(SectionRange(nr))) return true;
  }
  return false;
}

Finding Lockstep::ApplyAlone(unsigned side, const Op& op, StepObserver* observer) {
  World& world = world_[side];
  if (world.frozen) return {};
  step_ = {};
  step_.op = &op;
  step_.teardown = true;
  step_.applied[side] = true;
  step_.answer[side] = Apply(op, *world.layer);
  step_.expected[side] = Apply(op, *world.reference);
  if (observer != nullptr) observer->OnStep(step_);
  if (!SameAnswerAsReference(step_.answer[side], step_.expected[side])) return Reference(side, Check::kAnswer);
  world.frozen = step_.answer[side].stops();
  return {};
}

Finding Lockstep::TearDown(StepObserver* observer) {
  at_end_ = false;
  // What a mapping that was let differ lets go of, at an unpin perhaps, differs as much.
  ForEachMapping([this](Handle handle, const Op& mapping) {
    if (!divergence_.MappingMarked(handle)) return;
    divergence_.MarkSections(RoundedToSections(mapping.range));
    if (mapping.has_second) divergence_.MarkSections(RoundedToSections(mapping.second));
  });
  for (unsigned side = 0; side < kSides; ++side) {
    for (const PinnedPage& pin : pins_) {
      if (Finding finding = ApplyAlone(side, {.kind = OpKind::kUnpinPage, .pfn = pin.pfn}, observer)) return finding;
    }
    for (size_t handle = 0; handle < mappings_.size(); ++handle) {
      if ((held_[handle] >> side & 1) == 0) continue;
      const Op release{.kind = OpKind::kMemunmapPages, .handle = static_cast<Handle>(handle)};
      if (Finding finding = ApplyAlone(side, release, observer)) return finding;
    }
    for (Handle ns = 0; ns < watch_.namespaces().size(); ++ns) {
      const Disposition disposition = world_[side].reference->Nvdimm().Namespace(ns).disposition;
      if (disposition == Disposition::kAbsent || disposition == Disposition::kIdle) continue;
      if (Finding finding = ApplyAlone(side, {.kind = OpKind::kNsDisable, .handle = ns}, observer)) return finding;
    }
    Handle resources = 0;
    for (const Op& op : trace_->ops) {
      if (op.kind != OpKind::kInsertResource) continue;
      const Op removal{.kind = OpKind::kRemoveResource, .handle = resources++};
      if (Finding finding = ApplyAlone(side, removal, observer)) return finding;
    }
    for (SectionNr nr : divergence_.touched()) {
      if (Finding finding = TearDownSection(side, nr, observer)) return finding;
    }
  }
  step_ = {};
  at_end_ = true;
  torn_down_ = true;
  return {};
}

// Takes down hot-added memory of one section. Boot sections stay: their blocks are in use as far as anybody knows.
Finding Lockstep::TearDownSection(unsigned side, SectionNr nr, StepObserver* observer) {
  const HotplugLayer& reference = *world_[side].reference;
  const PhysRange whole = SectionRange(nr);
  if (HoldsBootRam(nr)) return {};
  SectionFacts facts = reference.Section(nr);
  if (facts.block == BlockState::kOnline) {
    if (Finding finding = ApplyAlone(side, {.kind = OpKind::kOfflinePages, .range = whole}, observer)) return finding;
    facts = reference.Section(nr);
  }
  if (facts.block == BlockState::kOffline && facts.valid) {
    return ApplyAlone(side, {.kind = OpKind::kRemoveMemory, .range = whole}, observer);
  }
  // What stands without a block goes the way it came, run of sub-sections by run.
  for (uint64_t bits = facts.bitmap; bits != 0;) {
    const unsigned first = static_cast<unsigned>(__builtin_ctzll(bits));
    const uint64_t from = bits >> first;
    const unsigned length = ~from == 0 ? kSubsectionsPerSection : static_cast<unsigned>(__builtin_ctzll(~from));
    const PhysRange run{whole.start + first * kSubsectionSize, length * kSubsectionSize};
    if (Finding finding = ApplyAlone(side, {.kind = OpKind::kArchRemoveMemory, .range = run}, observer)) return finding;
    bits = length + first >= 64 ? 0 : bits & ~((uint64_t{1} << (first + length)) - 1);
  }
  return {};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
