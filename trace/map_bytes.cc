// SPDX-License-Identifier: Apache-2.0
// A map of its own is: a byte of settings and a count, the settings, and for each range a byte that holds its kind and
// the units of its start and length, its node (RAM only), and the two numbers.
#include "trace/map_bytes.h"

#include <algorithm>

#include "trace/map_builder.h"
#include "trace/presets.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// First bytes: presets; presets of traces that speak of NVDIMMs; maps of their own; such maps of traces that speak of
// NVDIMMs. A byte inside a group means what the group's other bytes mean, or names a preset by its remainder.
constexpr uint8_t kNvdimmPreset = 0xd0;
constexpr uint8_t kOwnMap = 0xf0;
constexpr uint8_t kNvdimmOwnMap = 0xf8;
static_assert(kPresets <= kNvdimmPreset && kPresets <= kOwnMap - kNvdimmPreset);

// The first byte of an own map.
constexpr uint8_t kCountMask = 7;
constexpr uint8_t kLongCount = 7;  // the count is in a byte of its own
constexpr uint8_t kFiveLevelBit = 1 << 3;
constexpr uint8_t kPhysBitsBit = 1 << 4;
constexpr uint8_t kMovableBit = 1 << 5;

// The first byte of a range: kind, unit of the start, unit of the length, whether a node follows.
constexpr unsigned kStartUnitShift = 2;
constexpr unsigned kLengthUnitShift = 4;
constexpr unsigned kNodeShift = 6;
constexpr unsigned kTwoBits = 3;
// Units by number; the fourth needs no number: right behind the range before, up to the next section border.
constexpr unsigned kUnitShifts[] = {kSectionShift, kSubsectionShift, kPageShift};
constexpr unsigned kUnits = 3;
constexpr unsigned kImplied = 3;

uint64_t ToBorder(uint64_t start) { return AlignUp(start + 1, kSectionSize) - start; }

unsigned UnitOf(uint64_t value) {
  unsigned unit = 0;
  while (unit + 1 < kUnits && (value & ((uint64_t{1} << kUnitShifts[unit]) - 1)) != 0) ++unit;
  return unit;
}

void ReadOwnRange(ByteReader& in, uint64_t previous_end, FirmwareMap* map) {
  const uint8_t head = in.Byte();
  FirmwareRange range{.kind = static_cast<FirmwareKind>(head & kTwoBits), .nid = 0, .range = {}};
  if ((head >> kNodeShift & 1) != 0) range.nid = in.Byte() % kMaxNodes;
  const unsigned start_unit = head >> kStartUnitShift & kTwoBits;
  range.range.start = start_unit == kImplied ? previous_end : in.Varint() << kUnitShifts[start_unit];
  const unsigned length_unit = head >> kLengthUnitShift & kTwoBits;
  range.range.size =
      length_unit == kImplied ? ToBorder(range.range.start) : (in.Varint() + 1) << kUnitShifts[length_unit];
  InsertRange(range, map);
}

void PutOwnRange(const FirmwareRange& range, uint64_t previous_end, Bytes* out) {
  const PhysRange bytes = range.range;
  const unsigned start_unit = bytes.start == previous_end ? kImplied : UnitOf(bytes.start);
  const unsigned length_unit = bytes.size == ToBorder(bytes.start) ? kImplied : UnitOf(bytes.size);
  const unsigned node = range.nid != 0 ? 1 : 0;
  out->push_back(static_cast<uint8_t>(static_cast<unsigned>(range.kind) | start_unit << kStartUnitShift |
                                      length_unit << kLengthUnitShift | node << kNodeShift));
  if (node != 0) out->push_back(range.nid);
  if (start_unit != kImplied) PutVarint(bytes.start >> kUnitShifts[start_unit], out);
  if (length_unit != kImplied) PutVarint((bytes.size >> kUnitShifts[length_unit]) - 1, out);
}

uint64_t LastEnd(const FirmwareMap& map) { return map.count == 0 ? 0 : map.ranges[map.count - 1].range.end(); }

void ReadOwnMap(ByteReader& in, FirmwareMap* map) {
  const uint8_t head = in.Byte();
  unsigned count = head & kCountMask;
  if (count == kLongCount) count = in.Byte() % (FirmwareMap::kMaxRanges + 1);
  map->five_level = (head & kFiveLevelBit) != 0;
  if ((head & kPhysBitsBit) != 0) {
    map->phys_bits = static_cast<uint8_t>(kMinPhysBits + in.Byte() % (kMaxPhysBits - kMinPhysBits + 1));
  }
  if ((head & kMovableBit) != 0) map->movable_start = in.Varint() << kPageShift;
  for (unsigned i = 0; i < count; ++i) ReadOwnRange(in, LastEnd(*map), map);
}

void PutOwnMap(const FirmwareMap& map, bool nvdimm, Bytes* out) {
  out->push_back(nvdimm ? kNvdimmOwnMap : kOwnMap);
  const bool phys_bits = map.phys_bits != kPhysmemBits;
  const uint8_t count = std::min(map.count, kLongCount);
  out->push_back(static_cast<uint8_t>(count | (map.five_level ? kFiveLevelBit : 0) | (phys_bits ? kPhysBitsBit : 0) |
                                      (map.movable_start != 0 ? kMovableBit : 0)));
  if (count == kLongCount) out->push_back(map.count);
  if (phys_bits) out->push_back(static_cast<uint8_t>(map.phys_bits - kMinPhysBits));
  if (map.movable_start != 0) PutVarint(map.movable_start >> kPageShift, out);
  FirmwareMap before;
  for (const FirmwareRange& range : map) {
    PutOwnRange(range, LastEnd(before), out);
    InsertRange(range, &before);
  }
}

}  // namespace

bool MapSpeaksOfNvdimms(uint8_t first) { return first >= kNvdimmOwnMap || (first >= kNvdimmPreset && first < kOwnMap); }

uint8_t NvdimmMapByte(uint8_t first) {
  if (MapSpeaksOfNvdimms(first)) return first;
  return static_cast<uint8_t>(first >= kOwnMap ? kNvdimmOwnMap : kNvdimmPreset + first % kPresets);
}

bool ReadMap(ByteReader& in, FirmwareMap* map) {
  const uint8_t first = in.Byte();
  const bool nvdimm = MapSpeaksOfNvdimms(first);
  if (first >= kOwnMap) {
    ReadOwnMap(in, map);
  } else {
    CopyMap(Preset((nvdimm ? first - kNvdimmPreset : first) % kPresets), map);
  }
  return nvdimm;
}

void PutMap(const FirmwareMap& map, bool nvdimm, Bytes* out) {
  for (unsigned i = 0; i < kPresets; ++i) {
    if (Preset(i) == map) return out->push_back(static_cast<uint8_t>(i + (nvdimm ? kNvdimmPreset : 0)));
  }
  PutOwnMap(map, nvdimm, out);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
