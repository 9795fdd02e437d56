// SPDX-License-Identifier: Apache-2.0
// Lockstep: operations for which failures are armed: which request was refused and ended the operation, the clause that
// governs it then, and what must have been undone.
#include "oracle/lockstep.h"
#include "trace/kind_traits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

// Of the sites where requests were refused the one that ended the operation. Base pages replace a large page, and a
// node of the lookup is asked for twice.
AllocSites Fatal(AllocSites refused, const std::array<FailPlan, kAllocSites>& plans) {
  AllocSites got_over = Sites(AllocSite::kMemmap);
  if (!plans[static_cast<unsigned>(AllocSite::kLookup)].from) got_over |= Sites(AllocSite::kLookup);
  return static_cast<AllocSites>(refused & ~got_over);
}

}  // namespace

// Consecutive plans add up until an operation has met them.
void Lockstep::Arm(const FailPlan& plan) {
  if (plan.n == 0) return Disarm();
  armed_ |= Sites(plan.site);
  situation_.plans[static_cast<unsigned>(plan.site)] = plan;
  for (const World& world : world_) {
    if (world.frozen) continue;
    world.layer->ArmFailure(plan);
    world.reference->ArmFailure(plan);
  }
}

void Lockstep::Disarm() {
  armed_ = 0;
  situation_.plans = {};
  for (const World& world : world_) {
    world.layer->ArmFailure({});
    world.reference->ArmFailure({});
  }
}

void Lockstep::RememberUnfailed(const Op& op) {
  for (unsigned side = 0; side < kSides; ++side) {
    Unfailed& unfailed = unfailed_[side];
    unfailed.section.clear();
    const HotplugLayer& layer = *world_[side].layer;
    unfailed.resources = layer.Resources(nullptr, 0);
    // Of a mapping of two ranges the first may have been mapped and released again.
    if (world_[side].frozen || !situation_.survey.done || op.has_second) continue;
    for (SectionNr nr = SectionNr::Of(situation_.rounded.first); nr.first_pfn() < situation_.rounded.end; ++nr) {
      unfailed.section.push_back(layer.Section(nr));
    }
  }
}

// Clauses on refused requests stand before all others; where every one that holds is switched off the clause from
// before the refusal governs.
void Lockstep::GovernFailedStep() {
  ClauseIndex clause = GovernFailure(situation_);
  if (clause == kNoClause) return;
  suspect_ = off_[clause] ? clause : kNoClause;
  while (clause != kNoClause && off_[clause]) clause = GovernFailure(situation_, clause);
  if (clause != kNoClause) step_.clause = clause;
}

// The armed operation is over.
Finding Lockstep::JudgeFailure() {
  AllocSites failed[kSides] = {};
  for (unsigned side = 0; side < kSides; ++side) {
    if (!step_.applied[side]) continue;
    const AllocSites refused = world_[side].reference->FailedSites();
    if (!world_[side].frozen && world_[side].layer->FailedSites() != refused) {
      return Reference(side, Check::kFailedRequests);
    }
    failed[side] = Fatal(refused, situation_.plans);
  }
  situation_.failed_legacy = failed[kLeg];
  situation_.failed_subsection = failed[kSub];
  situation_.over_held = false;
  for (size_t handle = 0; handle < mappings_.size(); ++handle) {
    situation_.over_held |= held_[handle] != 0 && ReachesInto(*mappings_[handle], situation_.rounded);
  }
  const bool both = step_.applied[kLeg] && step_.applied[kSub];
  if (both && (failed[kLeg] | failed[kSub]) != 0) GovernFailedStep();
  Disarm();
  for (unsigned side = 0; side < kSides; ++side) {
    // remove_memory goes on without the resource it asked for.
    if (failed[side] == 0 || OutcomeOf(step_.answer[side]) != kRefuses) continue;
    if (Finding finding = CheckUndone(side, failed[side])) return finding;
  }
  return {};
}

Finding Lockstep::CheckUndone(unsigned side, AllocSites failed) {
  const HotplugLayer& layer = *world_[side].layer;
  const Unfailed& unfailed = unfailed_[side];
  InvariantInput input{.failed = failed};
  input.resources_before = unfailed.resources;
  input.resources = layer.Resources(nullptr, 0);
  const PfnRange asked = MappedPages(situation_, situation_.nvdimm.after[side]);
  SectionNr nr = SectionNr::Of(situation_.rounded.first);
  for (const SectionFacts& before : unfailed.section) {
    const PfnRange section{nr.first_pfn(), (nr + 1).first_pfn()};
    const PfnRange part{std::max(section.first, asked.first), std::min(section.end, asked.end)};
    // A section that holds a pad alone is somebody else's.
    if (part.empty() && situation_.nvdimm.ns != kNoHandle) {
      ++nr;
      continue;
    }
    input.section = layer.Section(nr);
    input.first = layer.Facts(section.first);
    input.last = layer.Facts(section.end - 1);
    input.before = before;
    input.asked = part.empty() ? 0 : SubsectionMask(part);
    if (Finding finding = CheckInvariant(side, input, section.first)) return finding;
    ++nr;
  }
  return {};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
