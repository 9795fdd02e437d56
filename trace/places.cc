// SPDX-License-Identifier: Apache-2.0
// Places: the tables applied, and their inverse by search.
#include "trace/places.h"

#include <algorithm>

#include "trace/op_limits.h"
#include "trace/place_tables.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kCannot = ~0U;

constexpr DeltaUnit UnitOf(Delta delta) { return kDeltaUnits[static_cast<unsigned>(delta)]; }

// One byte or none without a branch: which it is changes with every operation.
uint64_t ReadDelta(ByteReader& in, Delta delta) {
  const DeltaUnit unit = UnitOf(delta);
  if (unit.any) [[unlikely]] {
    return in.ZigZag() << unit.shift;
  }
  const int steps = static_cast<int8_t>(in.ByteIf(unit.mask != 0) & unit.mask) >> unit.fold;
  return static_cast<uint64_t>(int64_t{steps}) << unit.shift;
}

uint64_t UnitsIn(uint64_t distance, unsigned shift) {
  return static_cast<uint64_t>(static_cast<int64_t>(distance) >> shift);
}

// Bytes that the delta takes; kCannot if it cannot say `distance`.
unsigned DeltaLength(Delta delta, uint64_t distance) {
  if (delta == Delta::kNone) return distance == 0 ? 0 : kCannot;
  const DeltaUnit unit = UnitOf(delta);
  if ((distance & ((uint64_t{1} << unit.shift) - 1)) != 0) return kCannot;
  const uint64_t units = UnitsIn(distance, unit.shift);
  if (unit.any) return VarintLength(ZigZagOf(units));
  const auto steps = static_cast<int64_t>(units);
  return steps >= INT8_MIN >> unit.fold && steps <= INT8_MAX >> unit.fold ? 1 : kCannot;
}

void PutDelta(Delta delta, uint64_t distance, Bytes* out) {
  if (delta == Delta::kNone) return;
  const DeltaUnit unit = UnitOf(delta);
  const uint64_t units = UnitsIn(distance, unit.shift);
  if (unit.any) return PutZigZag(units, out);
  out->push_back(static_cast<uint8_t>(units << unit.fold));
}

// Up from `point`, or down to it.
uint64_t ToBorder(uint64_t point, bool before) {
  return before ? point - AlignDown(point - 1, kSectionSize) : AlignUp(point + 1, kSectionSize) - point;
}
// An edge on the wrong side stands for one sub-section.
uint64_t ToEdge(uint64_t point, bool before, uint64_t edge) {
  if (before) return point > edge ? point - edge : kSubsectionSize;
  return edge > point ? edge - point : kSubsectionSize;
}

// Rows without a number of their own behind them.
uint64_t PlainLength(const LengthRow& row, uint64_t point, bool before, const Landmarks& marks) {
  switch (row.is) {
    case LengthIs::kToBorder: return ToBorder(point, before);
    case LengthIs::kToStart: return ToEdge(point, before, marks.Source(row.source).start);
    case LengthIs::kToEnd: return ToEdge(point, before, marks.Source(row.source).end());
    default: return row.size;
  }
}

uint64_t ReadSpecialLength(ByteReader& in, const LengthRow& row, uint64_t point, bool before, const Landmarks& marks) {
  if (row.is == LengthIs::kAnyPages) return in.Varint() << kPageShift;
  if (row.is == LengthIs::kAnyBytes) return in.Varint();
  return PlainLength(row, point, before, marks);
}

struct LengthCode {
  uint8_t code = 0;
  bool literal = false;
  uint64_t number = 0;  // follows when `literal`
  unsigned length = kCannot;
};

LengthCode FindLength(uint64_t size, PlaceStyle style, uint64_t point, bool before, const Landmarks& marks) {
  LengthCode best;
  for (unsigned code = 0; code < kCodes; ++code) {
    const LengthRow& row = kLengths[static_cast<unsigned>(style)][code];
    if (row.is == LengthIs::kAnyPages || row.is == LengthIs::kAnyBytes) {
      const bool pages = row.is == LengthIs::kAnyPages;
      if (pages && size % kPageSize != 0) continue;
      const uint64_t number = pages ? size >> kPageShift : size;
      const unsigned length = 1 + VarintLength(number);
      if (length < best.length) best = {static_cast<uint8_t>(code), true, number, length};
    } else if (PlainLength(row, point, before, marks) == size) {
      return {static_cast<uint8_t>(code), false, 0, 1};
    }
  }
  return best;
}

// Back into the window.
PhysRange Fold(PhysRange range, const Landmarks& marks) {
  range.start = marks.window_start() + range.start % (kWindowSections * kSectionSize);
  range.size = std::min(range.size, marks.table_end() - range.start);
  return range;
}
bool PassesEnd(PhysRange range, uint64_t table_end) {
  return range.start >= table_end || range.size > table_end - range.start;
}

const PlaceRow& RowOf(PlaceStyle style, unsigned code) { return kPlaces[static_cast<unsigned>(style)][code]; }

struct PlaceCode {
  uint8_t code = 0;
  uint64_t delta = 0;
  LengthCode length;
  unsigned total = kCannot;
};

// How row `code` says `range`, if it can in fewer than `limit` bytes.
PlaceCode TryPlace(unsigned code, PhysRange range, PlaceStyle style, const Landmarks& marks, unsigned limit) {
  const PlaceRow& row = RowOf(style, code);
  PlaceCode result{.code = static_cast<uint8_t>(code), .delta = 0, .length = {}, .total = kCannot};
  const PhysRange source = marks.Source(row.source);
  const uint64_t edge = row.end ? source.end() : source.start;
  const uint64_t point = range.start + (row.before ? range.size : 0);
  if (row.grow && point != edge) return result;
  if (row.same_length && !row.grow && source.size != range.size) return result;
  result.delta = row.grow ? range.size - source.size : point - edge;
  const unsigned delta_length = DeltaLength(row.delta, result.delta);
  if (delta_length == kCannot || 1 + delta_length + (row.same_length ? 0 : 1) >= limit) return result;
  result.length.length = 0;
  if (!row.same_length) result.length = FindLength(range.size, style, point, row.before, marks);
  result.total = 1 + delta_length + result.length.length;
  return result;
}

}  // namespace

PhysRange ReadRange(ByteReader& in, PlaceStyle style, const Landmarks& marks) {
  const PlaceRow& row = RowOf(style, in.Byte());
  const PhysRange source = marks.Source(row.source);
  const uint64_t delta = ReadDelta(in, row.delta);
  const uint64_t point = (row.end ? source.end() : source.start) + (row.grow ? 0 : delta);
  const LengthRow& length = kLengths[static_cast<unsigned>(style)][in.ByteIf(!row.same_length)];
  uint64_t size = row.same_length ? source.size + (row.grow ? delta : 0) : length.size;
  if (!row.same_length & (length.is != LengthIs::kFixed)) [[unlikely]] {
    size = ReadSpecialLength(in, length, point, row.before, marks);
  }
  PhysRange range{point - (row.before ? size : 0), size};
  if (!row.beyond && PassesEnd(range, marks.table_end())) [[unlikely]] {
    range = Fold(range, marks);
  }
  return range;
}

void PutRange(PhysRange range, PlaceStyle style, const Landmarks& marks, Bytes* out) {
  const bool passes = PassesEnd(range, marks.table_end());
  const PlaceOrder& order = kPlaceOrders[static_cast<unsigned>(style)];
  PlaceCode best;
  for (unsigned i = 0; i < order.count; ++i) {
    if (i == order.whole && best.total == 1) break;
    const unsigned code = order.codes[i];
    if (passes && !RowOf(style, code).beyond) continue;
    const PlaceCode found = TryPlace(code, range, style, marks, best.total);
    if (found.total < best.total) best = found;
  }
  const PlaceRow& row = RowOf(style, best.code);
  out->push_back(best.code);
  PutDelta(row.delta, best.delta, out);
  if (row.same_length) return;
  out->push_back(best.length.code);
  if (best.length.literal) PutVarint(best.length.number, out);
}

// Deltas of pages count pages: a page frame number may exceed what a byte address can say.
Pfn ReadPfn(ByteReader& in, const Landmarks& marks) {
  const PointRow& row = kPoints[in.Byte()];
  const PhysRange source = marks.Source(row.source);
  const Pfn edge = Pfn::OfByte(row.end ? source.end() : source.start) - (row.last ? 1 : 0);
  if (row.delta == Delta::kAnyPages) return edge + in.ZigZag();
  return edge + UnitsIn(ReadDelta(in, row.delta), kPageShift);
}

void PutPfn(Pfn pfn, const Landmarks& marks, Bytes* out) {
  unsigned best_code = 0;
  unsigned best_length = kCannot;
  uint64_t best_distance = 0;
  for (unsigned code = 0; code < kCodes && best_length != 0; ++code) {
    const PointRow& row = kPoints[code];
    if (code > 0 && row == kPoints[code - 1]) continue;
    const PhysRange source = marks.Source(row.source);
    const Pfn edge = Pfn::OfByte(row.end ? source.end() : source.start) - (row.last ? 1 : 0);
    const uint64_t pages = pfn - edge;
    const bool any = row.delta == Delta::kAnyPages;
    if (!any && UnitsIn(pages << kPageShift, kPageShift) != pages) continue;
    const unsigned length = any ? VarintLength(ZigZagOf(pages)) : DeltaLength(row.delta, pages << kPageShift);
    if (length >= best_length) continue;
    best_code = code;
    best_length = length;
    best_distance = pages;
  }
  out->push_back(static_cast<uint8_t>(best_code));
  const Delta delta = kPoints[best_code].delta;
  if (delta == Delta::kAnyPages) return PutZigZag(best_distance, out);
  PutDelta(delta, best_distance << kPageShift, out);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
