// SPDX-License-Identifier: Apache-2.0
// TraceMutator: the steps that change where operations are, and how long.
#include <algorithm>
#include <iterator>

#include "trace/kind_traits.h"
#include "trace/mutate.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool HasPlace(OpKind kind) { return HasArg(kind, Arg::kRange) || HasArg(kind, Arg::kPfn); }

PhysRange PlaceOf(const Op& op) { return HasArg(op.kind, Arg::kPfn) ? PhysRange{op.pfn.byte(), kPageSize} : op.range; }

// With one section at least. Where the range wraps, its sections may be none, or of a length that wraps.
PhysRange SectionsAround(PhysRange range) {
  const uint64_t start = AlignDown(range.start, kSectionSize);
  return {start, AlignUp(std::max<uint64_t>(range.end() - start, 1), kSectionSize)};
}

// What a range leaves of its sections, behind it or before it; all of them where that is nothing.
PhysRange RestOfSections(PhysRange range, bool behind) {
  const PhysRange sections = SectionsAround(range);
  const PhysRange rest = behind ? PhysRange{range.end(), sections.end() - range.end()}
                                : PhysRange{sections.start, range.start - sections.start};
  return rest.size == 0 ? sections : rest;
}

// One end at `edge`: the start where it lies before the range, else the end.
PhysRange Reaching(PhysRange range, uint64_t edge) {
  return edge < range.start ? PhysRange{edge, range.end() - edge} : PhysRange{range.start, edge - range.start};
}

PhysRange Moved(PhysRange range, uint64_t distance) { return {range.start + distance, range.size}; }

}  // namespace

// An operation with a range or a page, from a random one on; the number of operations when there is none.
size_t TraceMutator::AnyRanged() {
  const size_t size = trace_->ops.size();
  if (size == 0) return size;
  const size_t from = AnyOp();
  for (size_t i = 0; i < size; ++i) {
    if (HasPlace(trace_->ops[(from + i) % size].kind)) return (from + i) % size;
  }
  return size;
}

// The operation before it, or any.
size_t TraceMutator::AnyNear(size_t index) { return index > 0 && rng_.Below(2) == 0 ? index - 1 : AnyOp(); }

// An edge that may matter to operation `index`: of another operation's range, the one before it above all, of the
// firmware's ranges, of sections and sub-sections around its own range, of the window.
uint64_t TraceMutator::AnyEdge(size_t index) {
  const auto end_of = [this](PhysRange range) { return rng_.Below(2) == 0 ? range.start : range.end(); };
  const Op& op = trace_->ops[index];
  const uint64_t own = HasArg(op.kind, Arg::kPfn) ? op.pfn.byte() : end_of(op.range);
  switch (rng_.Below(8)) {
    case 0: return AlignDown(own, kSectionSize);
    case 1: return AlignDown(own, kSectionSize) + kSectionSize;
    case 2: return AlignDown(own, kSubsectionSize) + (rng_.Below(2) == 0 ? 0 : kSubsectionSize);
    case 3:
      if (trace_->map.count != 0) return end_of(trace_->map.ranges[rng_.Below(trace_->map.count)].range);
      [[fallthrough]];
    case 4: {
      Landmarks marks;
      marks.Start(trace_->map, nvdimm_);
      return end_of(marks.Source(kWindow + static_cast<unsigned>(rng_.Below(kWindowSections))));
    }
    default: {
      const Op& other = trace_->ops[AnyNear(index)];
      if (other.has_second && rng_.Below(2) == 0) return end_of(other.second);
      return HasArg(other.kind, Arg::kPfn) ? other.pfn.byte() : end_of(other.range);
    }
  }
}

// Where a number that is too narrow for an address, a page number or a section number is cut off, or has its sign;
// where section tables and addresses end. Or anywhere.
uint64_t TraceMutator::AnyHighBit() {
  constexpr unsigned kCut[] = {31,
                               32,
                               kPageShift + 31,
                               kPageShift + 32,
                               kSectionShift + 31,
                               kSectionShift + 32,
                               kPhysmemBits,
                               kPhysmemBits5Level};
  return uint64_t{1} << (rng_.Below(2) == 0 ? kCut[rng_.Below(std::size(kCut))] : rng_.Between(kSectionShift, 63));
}

// Mostly not at all.
uint64_t TraceMutator::Nudge(uint64_t point) {
  constexpr uint64_t kSteps[] = {kPageSize, kSubsectionSize, kSectionSize};
  if (rng_.Below(12) == 0) return point ^ AnyHighBit();
  if (rng_.Below(4) != 0) return point;
  const uint64_t step = kSteps[rng_.Below(std::size(kSteps))];
  return rng_.Below(2) == 0 ? point + step : point - step;
}

bool TraceMutator::Move() {
  const size_t index = AnyRanged();
  if (index == trace_->ops.size()) return false;
  Op& op = trace_->ops[index];
  const uint64_t point = Nudge(AnyEdge(index));
  if (HasArg(op.kind, Arg::kPfn)) {
    op.pfn = Pfn::OfByte(point) - rng_.Below(2);
  } else {
    PhysRange& range = op.has_second && rng_.Below(2) == 0 ? op.second : op.range;
    const uint64_t old = range.start;
    range.start = rng_.Below(2) == 0 ? point : point - range.size;
    if (TraitsOf(op.kind).whole_blocks && rng_.Below(16) != 0) range.start = AlignDown(range.start, kSectionSize);
    range = ClampToRangeLimit(op.kind, range);
    // An altmap lies in the range.
    if (op.altmap.given && rng_.Below(8) != 0) op.altmap.base += range.start - old;
  }
  Changed(index);
  return true;
}

// All that lies where an operation does, by one distance: what they are to each other stays. To an edge, or to where a
// number that is too narrow takes it for what it was, or for what lies at an edge.
bool TraceMutator::MoveTogether() {
  const size_t index = AnyRanged();
  if (index == trace_->ops.size()) return false;
  const PhysRange place = SectionsAround(PlaceOf(trace_->ops[index]));
  uint64_t distance = 0;
  switch (rng_.Below(3)) {
    case 0: distance = AnyHighBit(); break;
    case 1: distance = AnyEdge(index) - place.start; break;
    default: distance = (AnyEdge(index) ^ AnyHighBit()) - place.start; break;
  }
  if (rng_.Below(4) != 0) distance = AlignDown(distance, kSectionSize);
  for (size_t i = 0; i < trace_->ops.size(); ++i) {
    Op& op = trace_->ops[i];
    if (!HasPlace(op.kind)) continue;
    bool moves = PlaceOf(op).overlaps(place);
    if (moves && HasArg(op.kind, Arg::kPfn)) {
      op.pfn = op.pfn + (distance >> kPageShift);
    } else if (moves) {
      op.range = ClampToRangeLimit(op.kind, Moved(op.range, distance));
      if (op.altmap.given) op.altmap.base += distance;
    }
    if (op.has_second && op.second.overlaps(place)) {
      op.second = ClampToRangeLimit(op.kind, Moved(op.second, distance));
      moves = true;
    }
    if (moves) Changed(i);
  }
  return true;
}

// An operation takes what one, maybe itself, leaves of its sections: together they are whole sections.
bool TraceMutator::TakeRest() {
  const size_t index = AnyRanged();
  if (index == trace_->ops.size() || !HasArg(trace_->ops[index].kind, Arg::kRange)) return false;
  const Op& other = trace_->ops[AnyNear(index)];
  if (!HasPlace(other.kind)) return false;
  Op& op = trace_->ops[index];
  const uint64_t old = op.range.start;
  PhysRange rest = RestOfSections(PlaceOf(other), rng_.Below(2) == 0);
  if (TraitsOf(op.kind).whole_blocks && rng_.Below(16) != 0) rest = SectionsAround(rest);
  op.range = ClampToRangeLimit(op.kind, rest);
  if (op.altmap.given && rng_.Below(8) != 0) op.altmap.base += op.range.start - old;
  Changed(index);
  return true;
}

bool TraceMutator::Resize() {
  const size_t index = AnyRanged();
  if (index == trace_->ops.size() || !HasArg(trace_->ops[index].kind, Arg::kRange)) return false;
  Op& op = trace_->ops[index];
  PhysRange& range = op.has_second && rng_.Below(2) == 0 ? op.second : op.range;
  const uint64_t end = range.end();
  const bool blocks = TraitsOf(op.kind).whole_blocks && rng_.Below(16) != 0;
  const uint64_t unit = blocks ? kSectionSize : rng_.Below(8) == 0 ? kPageSize : kSubsectionSize;
  switch (rng_.Below(8)) {
    case 0: range.size = unit; break;
    case 1: range.size = kSectionSize; break;
    case 2: range.size += rng_.Below(4) == 0 ? kSectionSize : unit; break;
    case 3: range.size -= std::min(range.size, rng_.Below(4) == 0 ? kSectionSize : unit); break;
    case 4: range.size = AlignUp(range.start + 1, kSectionSize) - range.start; break;
    case 5: range.size = AlignUp(range.size / 2, unit); break;
    default: range = Reaching(range, AlignDown(Nudge(AnyEdge(index)), blocks ? kSectionSize : 1)); break;
  }
  // At the other end.
  if (rng_.Below(4) == 0) range.start = end - range.size;
  range = ClampToRangeLimit(op.kind, range);
  Changed(index);
  return true;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
