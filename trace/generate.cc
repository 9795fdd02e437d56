// SPDX-License-Identifier: Apache-2.0
// Seeded random traces: a generator that keeps a list of what it made and goes on with it.
#include "trace/generate.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "trace/ground.h"
#include "trace/kind_traits.h"
#include "trace/op_limits.h"
#include "trace/presets.h"
#include "trace/rng.h"
#include "trace/wild.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What a new range keeps others out of. A legacy machine refuses a second mapping in a section only while the first
// covers one of its ends; else it maps twice and stops at the second release.
PhysRange Footprint(PhysRange range) {
  const PhysRange section{AlignDown(range.start, kSectionSize), kSectionSize};
  const bool interior = range.start != section.start && section.contains(range) && range.end() != section.end();
  return interior ? section : range;
}

class Generator {
 public:
  Generator(uint64_t seed, const GenerateOptions& options)
      : rng_(seed), options_(options), trace_(Boot()), ground_(trace_.map) {}
  Trace Run() &&;

 private:
  // What one operation made and another undoes.
  struct Thing {
    PhysRange range;
    Handle handle = kNoHandle;
    Pfn pfn;
  };
  using Things = std::vector<Thing>;

  // Operations that carry on, by weight. Those with nothing to carry on with are passed over.
  struct Step {
    OpKind kind;
    unsigned weight;
  };
  static constexpr Step kSteps[] = {
      {OpKind::kMemremapPages, 18},     {OpKind::kMemunmapPages, 16},
      {OpKind::kAddMemory, 12},         {OpKind::kOnlinePages, 14},
      {OpKind::kOfflinePages, 8},       {OpKind::kRemoveMemory, 10},
      {OpKind::kAddPages, 4},           {OpKind::kRemovePages, 4},
      {OpKind::kArchAddMemory, 4},      {OpKind::kArchRemoveMemory, 4},
      {OpKind::kMovePfnRangeToZone, 2}, {OpKind::kInsertResource, 2},
      {OpKind::kRemoveResource, 2},     {OpKind::kPinPage, 2},
      {OpKind::kUnpinPage, 2},          {OpKind::kMemmapFill, 1},
  };

  Trace Boot();
  void Emit(Op op);
  Things& bank(BankId id) { return banks_[static_cast<unsigned>(id)]; }

  void DoStep();
  void DoFailing();
  FailPlan PlanFor(OpKind kind);
  bool TryStep(OpKind kind);
  bool Make(OpKind kind);
  bool CarryOn(OpKind kind);
  void SetSmallArgs(Op* op);
  std::optional<PhysRange> PlaceFor(OpKind kind);
  void DoQuery();
  void DoOdd();
  PhysRange OddRange(OpKind kind);
  PhysRange KnownRange();

  Rng rng_;
  const GenerateOptions options_;
  Trace trace_;
  Ground ground_;
  std::vector<Things> banks_ = std::vector<Things>(kBanks);
  std::vector<PhysRange> known_;
  Defined next_ = {kNoHandle};
  bool armed_ = false;  // the next operation may run out of memory
};

Trace Generator::Boot() {
  Trace trace;
  const bool any = options_.preset == GenerateOptions::kAnyPreset;
  if (any && rng_.Percent(options_.own_map_percent)) {
    MakeWildMap(rng_, &trace.map);
  } else {
    CopyMap(Preset(any ? static_cast<unsigned>(rng_.Below(kPresets)) : static_cast<unsigned>(options_.preset)),
            &trace.map);
  }
  return trace;
}

void Generator::Emit(Op op) {
  const KindTraits& traits = TraitsOf(op.kind);
  if (traits.defines != Counter::kNone) ++next_[static_cast<unsigned>(traits.defines)];
  if (traits.has_range) known_.push_back(op.range);
  armed_ = op.kind == OpKind::kFailAlloc;
  trace_.ops.push_back(op);
}

void Generator::DoStep() {
  unsigned total = 0;
  for (const Step& step : kSteps) total += step.weight;
  for (;;) {
    uint64_t roll = rng_.Below(total);
    const Step* step = kSteps;
    for (; roll >= step->weight; ++step) roll -= step->weight;
    if (TryStep(step->kind)) return;
  }
}

// A step that asks for memory, if there is room for one, and a failure or two that it can meet.
void Generator::DoFailing() {
  const size_t first = trace_.ops.size();
  const unsigned plans = rng_.Percent(25) ? 2 : 1;
  for (unsigned i = 0; i < plans; ++i) Emit({.kind = OpKind::kFailAlloc});
  bool done = false;
  for (unsigned tries = 0; !done && tries < 8; ++tries) {
    const OpKind kind = kSteps[rng_.Below(std::size(kSteps))].kind;
    done = TraitsOf(kind).sites != 0 && TryStep(kind);
  }
  if (!done) DoStep();
  const OpKind kind = trace_.ops.back().kind;
  for (unsigned i = 0; i < plans; ++i) trace_.ops[first + i].fail = PlanFor(kind);
  if (plans == 2 && rng_.Percent(50)) {
    // A memmap fails only together with the base pages that would replace it.
    trace_.ops[first].fail.site = AllocSite::kMemmap;
    trace_.ops[first + 1].fail.site = AllocSite::kMemmapBase;
  }
}

// At a site where the kind asks, about as early as it does.
FailPlan Generator::PlanFor(OpKind kind) {
  FailPlan plan{.site = AllocSite::kRoot, .from = rng_.Percent(30), .n = static_cast<uint32_t>(rng_.Between(1, 3))};
  const AllocSites sites = TraitsOf(kind).sites;
  do {
    plan.site = static_cast<AllocSite>(rng_.Below(kAllocSites));
  } while (sites != 0 && (sites & Sites(plan.site)) == 0);
  constexpr AllocSites kOnce = Sites(AllocSite::kRoot, AllocSite::kPat, AllocSite::kResource, AllocSite::kAction,
                                     AllocSite::kCounter, AllocSite::kDirectMap);
  if ((kOnce & Sites(plan.site)) != 0 && rng_.Percent(90)) plan.n = 1;
  if (plan.site == AllocSite::kMemmapBase && rng_.Percent(50)) {
    plan.n = static_cast<uint32_t>(rng_.Between(1, 2 * kMemmapPagesPerSection));
  }
  if (plan.site == AllocSite::kLookup && rng_.Percent(50)) plan.from = true;
  return plan;
}

bool Generator::TryStep(OpKind kind) {
  if (kind == OpKind::kMemmapFill) {
    Op op;
    op.kind = kind;
    // A legacy machine reads the zone of pages that nobody initialised; 0xff names none.
    op.fill = static_cast<int16_t>(rng_.Percent(50) ? kFillKeep : options_.stops ? 0xff : 0);
    Emit(op);
    return true;
  }
  return TraitsOf(kind).takes == BankId::kNone ? Make(kind) : CarryOn(kind);
}

// Something new in a free place.
bool Generator::Make(OpKind kind) {
  const KindTraits& traits = TraitsOf(kind);
  const std::optional<PhysRange> place = PlaceFor(kind);
  if (!place) return false;
  Op op;
  op.kind = kind;
  Thing thing;
  if (kind == OpKind::kPinPage) {
    op.pfn = thing.pfn = Pfn::OfByte(place->start) + rng_.Below(2) * (place->pfns().pages() - 1);
  } else {
    op.range = thing.range = *place;
    op.handle = thing.handle = next_[static_cast<unsigned>(traits.defines)];
    if (kind != OpKind::kInsertResource) ground_.Use(Footprint(*place));
  }
  SetSmallArgs(&op);
  // Undoing memory whose making failed stops a legacy machine.
  if (!armed_ || traits.entry != EntryIs::kRange) bank(traits.gives).push_back(thing);
  Emit(op);
  return true;
}

// Something with what was made before.
bool Generator::CarryOn(OpKind kind) {
  const KindTraits& traits = TraitsOf(kind);
  Things& from = bank(traits.takes);
  if (from.empty()) return false;
  const auto at = from.begin() + static_cast<std::ptrdiff_t>(rng_.Below(from.size()));
  const Thing thing = *at;
  from.erase(at);
  Op op;
  op.kind = kind;
  if (traits.entry == EntryIs::kRange) op.range = thing.range;
  if (traits.entry == EntryIs::kHandle) op.handle = thing.handle;
  if (traits.entry == EntryIs::kPfn) op.pfn = thing.pfn;
  SetSmallArgs(&op);
  if (traits.gives != BankId::kNone) {
    bank(traits.gives).push_back(thing);
  } else if (kind != OpKind::kRemoveResource) {
    ground_.Free(Footprint(thing.range));
  }
  Emit(op);
  return true;
}

void Generator::SetSmallArgs(Op* op) {
  switch (op->kind) {
    case OpKind::kOnlinePages:
      op->online = rng_.Percent(60) ? OnlineType::kMovable : rng_.Percent(60) ? OnlineType::kKeep : OnlineType::kKernel;
      break;
    case OpKind::kMemremapPages:
      if (rng_.Percent(20)) op->type = rng_.Percent(60) ? MemoryType::kFsDax : MemoryType::kPrivate;
      if (op->type == MemoryType::kPrivate || op->range.size < kSectionSize || !rng_.Percent(10)) break;
      op->altmap = {true, op->range.start, rng_.Below(3) * kPageSize,
                    (op->range.size / kSectionSize + 1) * kMemmapPagesPerSection * kPageSize};
      break;
    case OpKind::kRemovePages: op->zone = rng_.Percent(70) ? Zone::kNormal : Zone::kMovable; break;
    case OpKind::kMovePfnRangeToZone: op->zone = rng_.Percent(70) ? Zone::kNormal : Zone::kMovable; break;
    case OpKind::kInsertResource:
      op->busy = rng_.Percent(50);
      op->ram = rng_.Percent(20);
      break;
    default: break;
  }
}

std::optional<PhysRange> Generator::PlaceFor(OpKind kind) {
  switch (kind) {
    case OpKind::kPinPage: {
      const BankId id = rng_.Percent(70) ? BankId::kMapped : BankId::kOnline;
      if (bank(id).empty()) return std::nullopt;
      return bank(id)[rng_.Below(bank(id).size())].range;
    }
    case OpKind::kInsertResource: return ground_.AnySection(rng_);
    case OpKind::kMemremapPages:
      if (rng_.Percent(55)) return ground_.FindPart(rng_, rng_.Percent(75));
      return ground_.FindSections(rng_, rng_.Between(1, 3), false);
    default: return ground_.FindSections(rng_, rng_.Between(1, 2), true);
  }
}

void Generator::DoQuery() {
  static constexpr OpKind kQueries[] = {OpKind::kPfnValid, OpKind::kPfnToOnlinePage, OpKind::kGetDevPagemap,
                                        OpKind::kStructPage, OpKind::kRegionIntersects};
  Op op;
  op.kind = kQueries[rng_.Below(std::size(kQueries))];
  const PhysRange range = KnownRange();
  if (op.kind == OpKind::kRegionIntersects) {
    op.range = range;
  } else {
    op.pfn = Pfn::OfByte(range.start + (rng_.Percent(50) ? range.size : 0)) - rng_.Below(2);
  }
  Emit(op);
}

PhysRange Generator::KnownRange() {
  if (known_.empty() || rng_.Percent(10)) return ground_.AnySection(rng_);
  const uint64_t recent = std::min<uint64_t>(known_.size(), 8);
  return known_[known_.size() - 1 - rng_.Below(recent)];
}

// A request that is likely to be refused, by a kind that a legacy machine survives refusing; what it may have made is
// forgotten, and stays.
void Generator::DoOdd() {
  static constexpr OpKind kOddKinds[] = {OpKind::kAddMemory,     OpKind::kOnlinePages,   OpKind::kOfflinePages,
                                         OpKind::kMemremapPages, OpKind::kMemunmapPages, OpKind::kInsertResource};
  if (options_.stops) {
    return Emit(MakeWildOp(rng_, next_));
  }
  Op op;
  op.kind = kOddKinds[rng_.Below(std::size(kOddKinds))];
  if (op.kind == OpKind::kMemunmapPages) return Emit(op);
  op.range = OddRange(op.kind);
  op.handle = next_[static_cast<unsigned>(TraitsOf(op.kind).defines)];
  Emit(op);
}

// Mappings over RAM, or over whole sections that are in use, so that no generation maps twice.
PhysRange Generator::OddRange(OpKind kind) {
  if (kind == OpKind::kMemremapPages) {
    const Things& mapped = bank(BankId::kMapped);
    const PhysRange live = mapped.empty() ? PhysRange{} : mapped[rng_.Below(mapped.size())].range;
    return live.size != 0 && live.aligned_to(kSectionSize) ? live : PhysRange{0, kSectionSize};
  }
  PhysRange range = KnownRange();
  if (kind != OpKind::kAddMemory) return range;
  if (rng_.Percent(30)) range.start += kSubsectionSize;
  if (rng_.Percent(30)) range.size += kPageSize;
  if (rng_.Percent(10)) range.size = 0;
  return range;
}

Trace Generator::Run() && {
  const uint64_t low = std::min(options_.min_ops, kMaxOps);
  const uint64_t high = std::clamp<uint64_t>(options_.max_ops, low, kMaxOps);
  const uint64_t count = rng_.Between(low, high);
  while (trace_.ops.size() < count) {
    if (rng_.Percent(options_.failure_percent) && trace_.ops.size() + 2 < count) {
      DoFailing();
    } else if (rng_.Percent(options_.query_percent)) {
      DoQuery();
    } else if (rng_.Percent(options_.odd_percent)) {
      DoOdd();
    } else {
      DoStep();
    }
  }
  uint64_t sections = 0;
  for (size_t i = 0; i < trace_.ops.size(); ++i) {
    sections += SectionsWalked(trace_.ops, i);
    if (sections > kMaxTraceSections) trace_.ops.resize(i);
  }
  return std::move(trace_);
}

}  // namespace

Trace GenerateTrace(uint64_t seed, const GenerateOptions& options) { return Generator(seed, options).Run(); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
