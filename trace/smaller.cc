// SPDX-License-Identifier: Apache-2.0
// The families of steps.
#include "trace/smaller.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "trace/cost.h"
#include "trace/op_limits.h"
#include "trace/smaller_args.h"
#include "trace/without.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Whether the text parser and the byte decoder would have let it pass. What only lost operations needs not be asked.
bool KeepsLimits(const Trace& trace) {
  uint64_t sections = 0;
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    const Op& op = trace.ops[i];
    if (ExceedsRangeLimit(op.kind, op.range) || ExceedsRangeLimit(op.kind, op.second)) return false;
    if (op.kind == OpKind::kCorrupt && op.number > MaxCorruptValue(op.extent)) return false;
    sections += SectionsWalked(trace.ops, i);
  }
  return sections <= kMaxTraceSections;
}

bool Offer(const Trace& trace, const Trace& candidate, Visit visit) {
  return CostOf(candidate) < CostOf(trace) && KeepsLimits(candidate) && visit(candidate);
}

// --- Operations, one or two of them.

size_t Operations(const Trace& trace) { return trace.ops.size(); }

bool EachOperation(const Trace& trace, size_t item, Visit visit) { return visit(WithoutOps(trace, item, 1)); }

size_t FirstsOfPairs(const Trace& trace) {
  return trace.ops.size() > kMaxOpsForPairs || trace.ops.empty() ? 0 : trace.ops.size() - 1;
}

bool EachPair(const Trace& trace, size_t item, Visit visit) {
  for (size_t other = item + 1; other < trace.ops.size(); ++other) {
    if (visit(WithoutOps(WithoutOps(trace, other, 1), item, 1))) return true;
  }
  return false;
}

// --- An operation, where another one can have what the machine has from boot instead.

size_t OperationsOfFew(const Trace& trace) { return trace.ops.size() > kMaxOpsForPairs ? 0 : trace.ops.size(); }

// Where RAM and devices begin and end, and what is movable.
std::vector<uint64_t> PlacesOf(const FirmwareMap& map) {
  std::vector<uint64_t> places;
  for (const FirmwareRange& range : map) {
    const uint64_t last = range.range.start + (range.range.size - 1);
    for (const uint64_t place :
         {AlignUp(range.range.start, kSectionSize), AlignDown(last, kSectionSize), range.range.start}) {
      places.push_back(place);
    }
  }
  if (map.movable_start != 0) places.push_back(AlignUp(map.movable_start, kSectionSize));
  return places;
}

bool EachReplaced(const Trace& trace, size_t item, Visit visit) {
  const Trace shorter = WithoutOps(trace, item, 1);
  Trace candidate = shorter;
  for (size_t i = 0; i < shorter.ops.size(); ++i) {
    const bool ranged = HasArg(shorter.ops[i].kind, Arg::kRange);
    if (!ranged && !HasArg(shorter.ops[i].kind, Arg::kPfn)) continue;
    for (const uint64_t place : PlacesOf(trace.map)) {
      Op& op = candidate.ops[i];
      if (ranged) op.range.start = place;
      if (!ranged) op.pfn = Pfn::OfByte(place);
      if (Offer(trace, candidate, visit)) return true;
      op = shorter.ops[i];
    }
  }
  return false;
}

// --- Expected answers.

size_t Expectations(const Trace& trace) { return CostOf(trace).expectations; }

bool EachExpectation(const Trace& trace, size_t item, Visit visit) {
  return Offer(trace, WithoutExpectation(trace, item), visit);
}

// --- Slices of the address space: those between any two places where something begins or ends.

void AddEdges(PhysRange range, std::vector<uint64_t>* edges) {
  if (range.size == 0 || range.wraps()) return;
  for (const uint64_t edge : {range.start, range.start + (range.size - 1)}) {
    edges->push_back(edge >> kSectionShift);
    edges->push_back((edge >> kSectionShift) + 1);
  }
}

std::vector<uint64_t> EdgesOf(const Trace& trace) {
  std::vector<uint64_t> edges{0};
  for (const FirmwareRange& range : trace.map) AddEdges(range.range, &edges);
  AddEdges({trace.map.movable_start, 1}, &edges);
  for (const Op& op : trace.ops) {
    AddEdges(op.range, &edges);
    AddEdges(op.second, &edges);
    if (op.altmap.given) AddEdges({op.altmap.base, 1}, &edges);
    if (HasArg(op.kind, Arg::kPfn)) AddEdges({op.pfn.byte(), 1}, &edges);
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

size_t Slices(const Trace& trace) { return EdgesOf(trace).size() - 1; }

// All of it, all but a section, then half of it, a quarter and so on down to one section.
bool EachSlice(const Trace& trace, size_t item, Visit visit) {
  const std::vector<uint64_t> edges = EdgesOf(trace);
  const uint64_t first = edges[item];
  const uint64_t end = edges[item + 1];
  Trace candidate;
  const auto offer = [&](uint64_t from) {
    return from != end && WithoutSlice(trace, {SectionNr(from), SectionNr(end)}, &candidate) &&
           Offer(trace, candidate, visit);
  };
  if (offer(first) || offer(first + 1)) return true;
  for (uint64_t part = (end - first) / 2; part != 0; part /= 2) {
    if (offer(end - part)) return true;
  }
  return false;
}

// --- The machine: its ranges, one by one, and its settings.

size_t FirmwareRanges(const Trace& trace) { return trace.map.count; }

bool EachFirmwareRange(const Trace& trace, size_t item, Visit visit) {
  const std::vector<FirmwareRange> ranges(trace.map.begin(), trace.map.end());
  Trace candidate;
  const auto offer = [&](const std::vector<FirmwareRange>& others) {
    return OnRanges(trace, others, &candidate) && Offer(trace, candidate, visit);
  };
  std::vector<FirmwareRange> others = ranges;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(item));
  if (offer(others)) return true;
  others = ranges;
  others[item].nid = 0;
  if (offer(others)) return true;
  others = ranges;
  for (const PhysRange smaller : SmallerRanges(ranges[item].range)) {
    others[item].range = smaller;
    if (offer(others)) return true;
  }
  return false;
}

size_t TheMachine(const Trace&) { return 1; }

bool EachSetting(const Trace& trace, size_t, Visit visit) {
  Trace candidate = trace;
  const auto offer = [&](auto FirmwareMap::*setting, auto value) {
    candidate.map.*setting = value;
    const bool enough = Offer(trace, candidate, visit);
    candidate.map.*setting = trace.map.*setting;
    return enough;
  };
  if (offer(&FirmwareMap::phys_bits, static_cast<uint8_t>(kPhysmemBits))) return true;
  if (offer(&FirmwareMap::five_level, false)) return true;
  for (const uint64_t start : {uint64_t{0}, AlignDown(trace.map.movable_start, kSectionSize),
                               AlignDown(trace.map.movable_start, kSubsectionSize)}) {
    if (offer(&FirmwareMap::movable_start, start)) return true;
  }
  return false;
}

// --- A range wherever it is named; what lies inside it moves along.

std::vector<PhysRange> RangesOf(const Trace& trace) {
  std::vector<PhysRange> ranges;
  for (const FirmwareRange& range : trace.map) ranges.push_back(range.range);
  for (const Op& op : trace.ops) {
    if (HasArg(op.kind, Arg::kRange)) ranges.push_back(op.range);
    if (op.has_second) ranges.push_back(op.second);
  }
  const auto before = [](PhysRange a, PhysRange b) { return std::tie(a.start, a.size) < std::tie(b.start, b.size); };
  std::sort(ranges.begin(), ranges.end(), before);
  ranges.erase(std::unique(ranges.begin(), ranges.end()), ranges.end());
  return ranges;
}

class Replacing {
 public:
  Replacing(PhysRange old, PhysRange fresh) : old_(old), fresh_(fresh) {}

  bool Apply(const Trace& trace, Trace* out) const {
    std::vector<FirmwareRange> ranges(trace.map.begin(), trace.map.end());
    for (FirmwareRange& range : ranges) Move(&range.range);
    if (!OnRanges(trace, ranges, out)) return false;
    for (Op& op : out->ops) {
      const PhysRange page{op.pfn.byte(), kPageSize};
      if (HasArg(op.kind, Arg::kRange)) Move(&op.range);
      if (op.has_second) Move(&op.second);
      if (op.altmap.given) op.altmap.base = Moved({op.altmap.base, 1}).start;
      if (HasArg(op.kind, Arg::kPfn) && Pfn::OfByte(page.start) == op.pfn) op.pfn = Pfn::OfByte(Moved(page).start);
    }
    return true;
  }

 private:
  void Move(PhysRange* range) const { *range = *range == old_ ? fresh_ : Moved(*range); }
  PhysRange Moved(PhysRange part) const {
    const PhysRange moved{part.start + (fresh_.start - old_.start), part.size};
    return old_.contains(part) && fresh_.contains(moved) ? moved : part;
  }

  PhysRange old_;
  PhysRange fresh_;
};

size_t Ranges(const Trace& trace) { return RangesOf(trace).size(); }

bool EachRange(const Trace& trace, size_t item, Visit visit) {
  const PhysRange range = RangesOf(trace)[item];
  Trace candidate;
  for (const PhysRange smaller : SmallerRanges(range)) {
    if (Replacing(range, smaller).Apply(trace, &candidate) && Offer(trace, candidate, visit)) return true;
  }
  return false;
}

// --- One argument of one operation.

bool EachArgument(const Trace& trace, size_t item, Visit visit) {
  Trace candidate = trace;
  for (const Op& smaller : SmallerOps(trace.ops[item])) {
    candidate.ops[item] = smaller;
    if (Offer(trace, candidate, visit)) return true;
  }
  return false;
}

constexpr Family kFamilies[] = {
    {"operation", true, Operations, EachOperation},
    {"pair of operations", true, FirstsOfPairs, EachPair},
    {"operation replaced", false, OperationsOfFew, EachReplaced},
    {"expected answer", false, Expectations, EachExpectation},
    {"setting", false, TheMachine, EachSetting},
    {"firmware range", false, FirmwareRanges, EachFirmwareRange},
    {"slice", false, Slices, EachSlice},
    {"range", false, Ranges, EachRange},
    {"argument", false, Operations, EachArgument},
};

}  // namespace

absl::Span<const Family> Families() { return kFamilies; }

bool EachSmaller(const Trace& trace, Visit visit) {
  for (const Family& family : kFamilies) {
    for (size_t item = 0; item < family.items(trace); ++item) {
      if (family.each(trace, item, visit)) return true;
    }
  }
  return false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
