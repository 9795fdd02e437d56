// SPDX-License-Identifier: Apache-2.0
// Lockstep: the run and the judging of answers. The comparison of facts is in lockstep_facts.cc, armed failures in
// lockstep_failures.cc, the end of a run in lockstep_end.cc.
#include "oracle/lockstep.h"

#include <algorithm>
#include <utility>

#include "machine/struct_pages.h"
#include "oracle/compare.h"
#include "oracle/invariants.h"
#include "trace/apply.h"
#include "trace/kind_traits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

constexpr OpSet kUnderneath = Ops(OpKind::kAddPages, OpKind::kRemovePages, OpKind::kArchAddMemory,
                                  OpKind::kArchRemoveMemory, OpKind::kRemoveMemory, OpKind::kAddMemory);

constexpr OpSet kUsesMemmap =
    Ops(OpKind::kAddPages, OpKind::kArchAddMemory, OpKind::kAddMemory, OpKind::kOnlinePages,
        OpKind::kMovePfnRangeToZone, OpKind::kMemremapPages, OpKind::kNsCreate, OpKind::kNsEnable);

uint8_t SuspensionsOf(const Op& op, const Situation::Survey& survey) {
  const OpKind kind = op.kind;
  uint8_t suspensions = kNever;
  if (survey.memmap_in_part && (kUsesMemmap & Ops(kind)) != 0) suspensions |= kMemmapReused;
  // New memory that holds this byte looks as if sub-sections had left it.
  if (kind == OpKind::kMemmapFill && op.fill == StructPages::kUnusedByte) suspensions |= kMemmapReused;
  if ((kUnderneath & Ops(kind)) != 0) suspensions |= kRemovedUnderneath;
  if (kind == OpKind::kMovePfnRangeToZone || kind == OpKind::kRemovePfnRangeFromZone) suspensions |= kRetired;
  // A mapping that ends inside a page keeps the lookup of that page, and one shorter than a page adds nothing at all.
  const bool sub_page = !op.range.aligned_to(kPageSize) || (op.has_second && !op.second.aligned_to(kPageSize));
  if (kind == OpKind::kMemremapPages && sub_page) suspensions |= kRetired;
  return suspensions;
}

// get_dev_pagemap goes by the address, which page numbers beyond 64 bits of addresses do not fit into.
Pfn LookedUp(Pfn pfn) { return Pfn::OfByte(pfn.byte()); }

bool IsReboot(const Op& op) { return op.kind == OpKind::kReboot; }

}  // namespace

Lockstep::Lockstep(Party legacy, Party subsection)
    : party_{std::move(legacy), std::move(subsection)},
      pair_(PairOf(party_[kLeg].generation, party_[kSub].generation)) {
  statistics_.pair = pair_;
  for (unsigned side = 0; side < kSides; ++side) {
    world_[side] = {party_[side].layer.get(), party_[side].reference.get(), false};
  }
}

Finding Lockstep::Reference(unsigned side, Check check, Pfn pfn) const {
  Finding finding;
  finding.kind = Finding::Kind::kReference;
  finding.side = static_cast<Side>(side);
  finding.generation = Of(party_[side].generation);
  finding.check = check;
  finding.step = step_index_;
  finding.op = step_.op == nullptr ? OpKind::kPfnValid : step_.op->kind;
  finding.at_end = at_end_;
  finding.pfn = pfn;
  return finding;
}

Finding Lockstep::Pair(Check check, Pfn pfn) const {
  if (suspect_ != kNoClause) return SwitchedOff(suspect_, pfn);
  Finding finding = Reference(0, check, pfn);
  finding.kind = Finding::Kind::kPair;
  return finding;
}

Finding Lockstep::SwitchedOff(ClauseIndex clause, Pfn pfn) const {
  Finding finding = Reference(0, Check::kAnswer, pfn);
  finding.kind = Finding::Kind::kClause;
  finding.clause = clause;
  finding.switched_off = true;
  return finding;
}

void Lockstep::CountSuspended(ClauseIndex clause) {
  ++statistics_.clause[clause];
  ++statistics_.suspended;
}

void Lockstep::Boot() {
  nodes_ = 1;
  for (const FirmwareRange& range : trace_->map) nodes_ = std::max(nodes_, range.nid + 1U);
  step_ = {};
  suspect_ = kNoClause;
  step_index_ = 0;
  at_end_ = false;
  torn_down_ = false;
  mappings_.clear();
  held_.clear();
  watch_.Reset();
  std::fill(std::begin(media_rest_), std::end(media_rest_), size_t{0});
  section_limit_ = trace_->map.physmem_end() >> kSectionShift;
  BootWorlds();
}

// What a boot forgets; the first one and every reboot.
void Lockstep::BootWorlds() {
  for (World& world : world_) {
    world.layer->Boot(trace_->map);
    world.reference->Boot(trace_->map);
    world.frozen = false;
  }
  suspensions_ = 0;
  armed_ = 0;
  situation_ = {};
  situation_.map = &trace_->map;
  situation_.pair = pair_;
  situation_.legacy = world_[kLeg].reference;
  situation_.subsection = world_[kSub].reference;
  situation_.nvdimm.watch = &watch_;
  std::fill(held_.begin(), held_.end(), uint8_t{0});
  altmaps_.clear();
  pins_.clear();
  divergence_.Reset(section_limit_, trace_->ops.size());
}

Finding Lockstep::Run(const Trace& trace, StepObserver* observer) {
  trace_ = &trace;
  ++statistics_.traces;
  Boot();
  if (Finding finding = RunOps(observer)) return finding;
  suspect_ = kNoClause;
  at_end_ = true;
  if (Finding finding = CheckTouched(true)) return finding;
  if (Finding finding = TearDown(observer)) return finding;
  return CheckTouched(false);
}

Finding Lockstep::RunOps(StepObserver* observer) {
  for (const Op& op : trace_->ops) {
    ++statistics_.operations;
    if (Finding finding = RunStep(op, observer)) return finding;
    ++step_index_;
    // Only a reboot makes them go on.
    const bool stopped = world_[kLeg].frozen && world_[kSub].frozen;
    if (stopped && std::none_of(&op, trace_->ops.data() + trace_->ops.size(), IsReboot)) break;
  }
  return {};
}

Finding Lockstep::RunStep(const Op& op, StepObserver* observer) {
  step_ = {};
  step_.op = &op;
  suspect_ = kNoClause;
  Prepare(op);
  suspensions_ |= SuspensionsOf(op, situation_.survey);
  Finding finding = IsReboot(op) ? Reboot(op) : ApplyToWorlds(op);
  if (!finding && IsNvdimmOp(op.kind)) GovernNvdimm();
  if (!finding && armed_ != 0 && op.kind != OpKind::kFailAlloc) finding = JudgeFailure();
  if (!finding) finding = JudgeAnswers(op);
  if (observer != nullptr) observer->OnStep(step_);
  if (!finding && SpecOf(op.kind).effects != kNothing) finding = ProbeAfter(op);
  Remember(op);
  return finding;
}

// The operation that made the mapping which `op` makes or releases; nullptr when it is none of a namespace or releases
// none.
const Op* Lockstep::MappingOf(const Op& op) const {
  Handle handle = kNoHandle;
  if (op.kind == OpKind::kMemunmapPages) handle = op.handle;
  if (op.kind == OpKind::kUnpinPage) {
    for (const PinnedPage& pin : pins_) {
      if (pin.pfn == op.pfn) handle = pin.map;
    }
  }
  const bool bound = BindsNamespace(op.kind) || op.kind == OpKind::kNsDisable;
  if (bound || IsNamespaceMapping(handle)) {
    const NvdimmWatch::Namespace* ns = watch_.Find(bound ? op.handle : NamespaceOfMapping(handle));
    return ns != nullptr ? &ns->mapping : nullptr;
  }
  return handle < mappings_.size() ? mappings_[handle] : nullptr;
}

// Whether the operation works on something that an earlier clause let differ.
bool Lockstep::Depends(const Op& op) const {
  if (HasArg(op.kind, Arg::kPfn)) {
    for (const Pfn pfn : {op.pfn, LookedUp(op.pfn)}) {
      if (divergence_.SectionMarked(SectionNr::Of(pfn))) return true;
    }
  }
  if (HasArg(op.kind, Arg::kMapping) && divergence_.MappingMarked(op.handle)) return true;
  OpSet by_resources =
      Ops(OpKind::kAddMemory, OpKind::kRemoveMemory, OpKind::kMemremapPages, OpKind::kInsertResource,
          OpKind::kRemoveResource, OpKind::kRegionIntersects, OpKind::kRegion, OpKind::kNsCreate, OpKind::kNsEnable);
  // offline_pages counts the pages of System RAM since 5.5; beside 5.1 a clause of its own says what that means.
  if (pair_ == PairKind::kSeriesMainline || pair_ == PairKind::kAlike) by_resources |= Ops(OpKind::kOfflinePages);
  if ((by_resources & Ops(op.kind)) != 0 && divergence_.resources) return true;
  if (op.kind == OpKind::kRegion && watch_.AnyRegionRefused()) return true;
  if (const NvdimmWatch::Namespace* ns = watch_.Find(situation_.nvdimm.ns); ns != nullptr && ns->marked) return true;
  // A label does not go while a release of its mapping waits for a page, which another mapping may have been pinned by.
  if (op.kind == OpKind::kNsDestroy && divergence_.MappingMarked(MappingOfNamespace(op.handle))) return true;
  // Without a range `rounded` is section 0, which such an operation has nothing to do with.
  const bool ranged = situation_.mapping != nullptr || HasArg(op.kind, Arg::kRange);
  if (divergence_.everything_marked() || (ranged && divergence_.AnyMarked(situation_.rounded))) return true;
  return MeetsMarkedMapping(op);
}

// Whether __remove_pages is told a zone that the first page does not belong to: legacy then leaves the span of the
// page's own zone as it is.
bool Lockstep::NamesAnotherZone(const Op& op) const {
  const PfnFacts facts = world_[kLeg].reference->Facts(situation_.pages.first);
  return !facts.backed || facts.page.zone != op.zone;
}

bool Lockstep::OverNamespaces() const {
  const auto& namespaces = watch_.namespaces();
  return std::any_of(namespaces.begin(), namespaces.end(),
                     [&](const auto& ns) { return ReachesInto(ns.mapping, situation_.rounded); });
}

bool Lockstep::OverAny(const std::vector<const Op*>& earlier, const Op* except) const {
  for (const Op* op : earlier) {
    if (op != except && ReachesInto(*op, situation_.rounded)) return true;
  }
  return false;
}

// Whether the operation looks up a page, or maps over pages, of a mapping that was let differ.
bool Lockstep::MeetsMarkedMapping(const Op& op) const {
  if (!divergence_.any_mapping_marked()) return false;
  const bool by_page = HasArg(op.kind, Arg::kPfn);
  if (!by_page && op.kind != OpKind::kMemremapPages && !BindsNamespace(op.kind)) return false;
  const Pfn page = LookedUp(op.pfn);
  const PfnRange pages = by_page ? PfnRange{page, page + 1} : situation_.rounded;
  bool meets = false;
  ForEachMapping([&](Handle handle, const Op& mapping) {
    meets |= divergence_.MappingMarked(handle) && ReachesInto(mapping, pages);
  });
  return meets;
}

void Lockstep::Prepare(const Op& op) {
  const OpSpec& spec = SpecOf(op.kind);
  situation_.nvdimm.ns = kNoHandle;
  if (IsNvdimmOp(op.kind)) [[unlikely]]
    PrepareNvdimm(op);
  const Op* mapping = MappingOf(op);
  Survey(op, mapping, &situation_);
  if ((armed_ & TraitsOf(op.kind).sites) != 0) RememberUnfailed(op);
  if (spec.effects & kSections) {
    divergence_.Touch(situation_.rounded);
    if (const PhysRange* second = SecondRange(op)) divergence_.Touch(RoundedToSections(*second));
  }
  if ((world_[kLeg].frozen || world_[kSub].frozen) && !IsReboot(op)) {
    step_.clause = IndexOf(FactClause::kStopped);
    return;
  }
  if (op.kind == OpKind::kFailAlloc || op.kind == OpKind::kMemmapFill) return;
  situation_.diverged = Depends(op);
  situation_.over_mapping = OverAny(mappings_, nullptr) || OverNamespaces();
  situation_.over_altmap = OverAny(altmaps_, mapping);
  situation_.zones_by_hand |= op.kind == OpKind::kRemovePages && NamesAnotherZone(op);
  situation_.memmap_reused = (suspensions_ & kMemmapReused) != 0;
  situation_.touched = divergence_.touched();
  situation_.elsewhere = !divergence_.none_marked() || divergence_.everything_marked();
  if (!IsReboot(op) && !BindsNamespace(op.kind)) GovernStep();
}

void Lockstep::GovernStep() {
  step_.clause = Govern(situation_);
  while (step_.clause != kNoClause && off_[step_.clause]) [[unlikely]] {
      if (suspect_ == kNoClause) suspect_ = step_.clause;
      step_.clause = Govern(situation_, step_.clause);
    }
}

Finding Lockstep::ApplyToWorlds(const Op& op) {
  if (op.kind == OpKind::kFailAlloc) Arm(op.fail);
  for (unsigned side = 0; side < kSides; ++side) {
    World& world = world_[side];
    if (world.frozen) continue;
    step_.applied[side] = true;
    step_.answer[side] = Apply(op, *world.layer);
    step_.expected[side] = Apply(op, *world.reference);
  }
  for (unsigned side = 0; side < kSides; ++side) {
    if (!step_.applied[side]) continue;
    if (!SameAnswerAsReference(step_.answer[side], step_.expected[side])) return Reference(side, Check::kAnswer);
    world_[side].frozen = step_.answer[side].stops();
  }
  return {};
}

// How often a machine warned before it stopped is between it and its reference, but for 5.1 and mainline, where it was
// measured.
bool Lockstep::SameAnswers() const {
  const Answer& left = step_.answer[kLeg];
  const Answer& right = step_.answer[kSub];
  if (left.stops() && left.kind == right.kind && pair_ != PairKind::kLegacyMainline) return true;
  return SameAnswer(left, right);
}

Finding Lockstep::JudgeAnswers(const Op& op) {
  if (!step_.applied[kLeg] || !step_.applied[kSub]) {
    CountSuspended(step_.clause);
    return {};
  }
  ++statistics_.applied_both;
  if (SpecOf(op.kind).effects != kNothing) ++statistics_.changed;
  if (step_.clause == kNoClause) {
    ++statistics_.compared;
    return SameAnswers() ? Finding{} : Pair(Check::kAnswer);
  }
  const Clause& clause = Clauses()[step_.clause];
  if (clause.relation == Relation::kUnspecified) {
    CountSuspended(step_.clause);
  } else {
    ++statistics_.clause[step_.clause];
    ++statistics_.compared;
  }
  if (clause.legacy.Allows(step_.answer[kLeg]) && clause.subsection.Allows(step_.answer[kSub])) return {};
  Finding finding = Pair(Check::kAnswer);
  finding.kind = Finding::Kind::kClause;
  finding.clause = step_.clause;
  return finding;
}

// The second range of the mapping that the operation makes or releases; nullptr when there is none.
const PhysRange* Lockstep::SecondRange(const Op& op) const {
  const Op& mapped = situation_.mapping != nullptr ? *situation_.mapping : op;
  return mapped.has_second ? &mapped.second : nullptr;
}

void Lockstep::RememberMapping(const Op& op) {
  if (op.kind == OpKind::kMemremapPages) {
    mappings_.push_back(&op);
    held_.push_back(static_cast<uint8_t>(step_.expected[kLeg].ok() << kLeg | step_.expected[kSub].ok() << kSub));
  }
  if (op.kind != OpKind::kMemunmapPages || op.handle >= held_.size()) return;
  bool gone = true;
  for (unsigned side = 0; side < kSides; ++side) {
    const bool released = step_.applied[side] && step_.expected[side].kind != Answer::Kind::kPending;
    if (released) held_[op.handle] &= static_cast<uint8_t>(~(1U << side));
    gone &= released;
  }
  // A mapping that both have released, or never had, differs no more.
  if (gone) divergence_.ClearMapping(op.handle);
}

void Lockstep::Remember(const Op& op) {
  RememberMapping(op);
  if (IsNvdimmOp(op.kind)) RememberNvdimm(op);
  if (op.altmap.given && op.kind != OpKind::kArchRemoveMemory) altmaps_.push_back(&op);
  situation_.zones_by_hand |= (Ops(op.kind) & Ops(OpKind::kMovePfnRangeToZone, OpKind::kRemovePfnRangeFromZone)) != 0;
  situation_.resources_inserted |= op.kind == OpKind::kInsertResource;
  if (op.kind == OpKind::kPinPage && step_.expected[kSub].ok()) {
    const PfnFacts facts = world_[kSub].reference->Facts(op.pfn);
    pins_.push_back({op.pfn, facts.map});
  }
  // A reference that one side alone holds outlives the section it was taken in.
  const bool by_pin = op.kind == OpKind::kPinPage || op.kind == OpKind::kUnpinPage;
  if (by_pin && step_.applied[kLeg] && step_.applied[kSub] && step_.expected[kLeg] != step_.expected[kSub]) {
    divergence_.MarkSectionForGood(SectionNr::Of(op.pfn));
  }
  if (op.kind == OpKind::kUnpinPage) {
    for (size_t i = pins_.size(); i-- > 0;) {
      if (pins_[i].pfn != op.pfn) continue;
      pins_.erase(pins_.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
