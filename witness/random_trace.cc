// SPDX-License-Identifier: Apache-2.0
// Random traces: ranges from a small set of places, operations by weight.
#include "witness/random_trace.h"

#include <algorithm>
#include <array>
#include <vector>

#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Sections that a trace is about; the machine's RAM ends before the first, or in the middle of it.
constexpr uint64_t kSections = 5;
constexpr uint64_t kFirst = uint64_t{4} << 30;

struct Weight {
  OpKind kind;
  unsigned weight;
};
constexpr Weight kPagesWeights[] = {
    {OpKind::kAddPages, 45},       {OpKind::kRemovePages, 35}, {OpKind::kPfnValid, 10},
    {OpKind::kPfnToOnlinePage, 5}, {OpKind::kStructPage, 5},
};
constexpr Weight kMemoryWeights[] = {
    {OpKind::kMemremapPages, 26},   {OpKind::kMemunmapPages, 22}, {OpKind::kAddMemory, 10},
    {OpKind::kRemoveMemory, 9},     {OpKind::kOnlinePages, 8},    {OpKind::kOfflinePages, 8},
    {OpKind::kAddPages, 3},         {OpKind::kRemovePages, 3},    {OpKind::kArchAddMemory, 3},
    {OpKind::kArchRemoveMemory, 3}, {OpKind::kInsertResource, 2}, {OpKind::kRemoveResource, 2},
    {OpKind::kRegionIntersects, 2}, {OpKind::kPfnValid, 2},       {OpKind::kPfnToOnlinePage, 2},
    {OpKind::kGetDevPagemap, 2},    {OpKind::kStructPage, 2},
};

class Maker {
 public:
  Maker(uint64_t seed, RandomKind kind) : rng_(seed), kind_(kind) {}
  Trace Run(unsigned ops) &&;

 private:
  FirmwareMap Map();
  PhysRange Fresh();
  PhysRange Range(OpKind kind);
  OpKind PickKind();
  Op Make(OpKind kind);
  void SetArgs(Op* op);

  Rng rng_;
  const RandomKind kind_;
  std::vector<PhysRange> known_;
  Handle mappings_ = 0;
  Handle resources_ = 0;
};

FirmwareMap Maker::Map() {
  FirmwareMap map;
  map.phys_bits = 40;
  const bool hole = rng_.Percent(25);
  map.ranges[map.count++] = {FirmwareKind::kRam, 0, {kPageSize, kFirst - kPageSize + (hole ? kSectionSize / 2 : 0)}};
  return map;
}

// Any whole sub-sections: one, a few, up to the border of the section, over it, or whole sections.
PhysRange Maker::Fresh() {
  const uint64_t section = rng_.Below(kSections);
  const uint64_t at = rng_.Below(kSubsectionsPerSection);
  uint64_t count = 1;
  switch (rng_.Below(8)) {
    case 0: count = kSubsectionsPerSection - at; break;
    case 1: count = rng_.Between(1, 2 * kSubsectionsPerSection); break;
    case 2:
    case 3: return {kFirst + section * kSectionSize, rng_.Between(1, 2) * kSectionSize};
    default: count = rng_.Between(1, 4); break;
  }
  const uint64_t start = section * kSubsectionsPerSection + at;
  count = std::min(count, (kSections + 1) * kSubsectionsPerSection - start);
  return {kFirst + start * kSubsectionSize, count * kSubsectionSize};
}

PhysRange Maker::Range(OpKind kind) {
  PhysRange range = known_.empty() || rng_.Percent(50) ? Fresh() : known_[rng_.Below(known_.size())];
  const bool blocks = kind == OpKind::kAddMemory || kind == OpKind::kRemoveMemory || kind == OpKind::kOnlinePages ||
                      kind == OpKind::kOfflinePages;
  if (blocks && rng_.Percent(90)) {
    range = {AlignDown(range.start, kSectionSize), AlignUp(range.size, kSectionSize)};
  }
  if (rng_.Percent(3)) range.start += kPageSize;
  if (rng_.Percent(3)) range.size -= kPageSize;
  if (rng_.Percent(1)) range.size = 0;
  if (rng_.Percent(1)) range.start += kPageSize / 2;
  known_.push_back(range);
  if (known_.size() > 12) known_.erase(known_.begin());
  return range;
}

OpKind Maker::PickKind() {
  const auto pick = [this](const auto& weights) {
    unsigned total = 0;
    for (const Weight& w : weights) total += w.weight;
    uint64_t roll = rng_.Below(total);
    const Weight* w = std::begin(weights);
    for (; roll >= w->weight; ++w) roll -= w->weight;
    return w->kind;
  };
  return kind_ == RandomKind::kPages ? pick(kPagesWeights) : pick(kMemoryWeights);
}

void Maker::SetArgs(Op* op) {
  // Blocks of Normal fill with what cannot be moved: hardly one goes offline again.
  if (op->kind == OpKind::kOnlinePages)
    op->online = rng_.Percent(85) ? OnlineType::kMovable : static_cast<OnlineType>(rng_.Below(3));
  if (op->kind == OpKind::kInsertResource) {
    op->busy = rng_.Percent(50);
    op->ram = rng_.Percent(20);
  }
  if (op->kind == OpKind::kArchAddMemory || op->kind == OpKind::kArchRemoveMemory) op->memblock = rng_.Percent(30);
  if (op->kind != OpKind::kMemremapPages) return;
  if (rng_.Percent(20)) op->type = MemoryType::kFsDax;
  if (rng_.Percent(2)) op->type = MemoryType::kUnset;
  if (op->range.size < kSectionSize || !rng_.Percent(15)) return;
  op->altmap = {true, op->range.start, rng_.Below(3) * kPageSize,
                (op->range.size / kSectionSize + rng_.Below(2)) * kMemmapPagesPerSection * kPageSize};
}

Op Maker::Make(OpKind kind) {
  Op op;
  op.kind = kind;
  if (HasArg(kind, Arg::kRange)) op.range = Range(kind);
  if (HasArg(kind, Arg::kPfn)) {
    const PhysRange near = Range(kind);
    op.pfn = Pfn::OfByte(near.start + (rng_.Percent(50) ? near.size : 0)) - rng_.Below(2);
  }
  switch (kind) {
    case OpKind::kMemremapPages: op.handle = mappings_++; break;
    case OpKind::kInsertResource: op.handle = resources_++; break;
    // Mostly the newest ones: the older are gone.
    case OpKind::kMemunmapPages:
      op.handle = static_cast<Handle>(mappings_ - 1 - rng_.Below(std::min<uint64_t>(mappings_, 6)));
      break;
    case OpKind::kRemoveResource: op.handle = static_cast<Handle>(rng_.Below(resources_)); break;
    default: break;
  }
  SetArgs(&op);
  return op;
}

Trace Maker::Run(unsigned ops) && {
  Trace trace;
  trace.map = Map();
  while (trace.ops.size() < ops) {
    const OpKind kind = PickKind();
    if (kind == OpKind::kMemunmapPages && mappings_ == 0) continue;
    if (kind == OpKind::kRemoveResource && resources_ == 0) continue;
    trace.ops.push_back(Make(kind));
  }
  return trace;
}

}  // namespace

Trace RandomTrace(uint64_t seed, RandomKind kind, unsigned ops) {
  return Maker(seed, kind).Run(std::min(ops, kMaxOps));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
