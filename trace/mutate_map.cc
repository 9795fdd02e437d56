// SPDX-License-Identifier: Apache-2.0
// MutateMap: the steps and how often each is taken.
#include "trace/mutate_map.h"

#include <iterator>

#include "trace/map_builder.h"
#include "trace/op.h"
#include "trace/presets.h"
#include "trace/wild.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kTries = 4;
constexpr uint64_t kUnits[] = {kPageSize, kSubsectionSize, kSectionSize};
constexpr uint64_t kMostUnits = 8;

uint64_t AnyUnit(Rng& rng) { return kUnits[rng.Below(std::size(kUnits))]; }

void CopySettings(const FirmwareMap& from, FirmwareMap* to) {
  to->phys_bits = from.phys_bits;
  to->five_level = from.five_level;
  to->movable_start = from.movable_start;
}

// The map with `changed` in place of range `index`; the others have the room that they had.
bool Replace(const FirmwareMap& from, unsigned index, const FirmwareRange& changed, FirmwareMap* to) {
  CopySettings(from, to);
  for (unsigned i = 0; i < from.count; ++i) {
    if (i != index) InsertRange(from.ranges[i], to);
  }
  return InsertRange(changed, to) == MapError::kNone;
}

// Each makes another map of a map, or returns false when that came to nothing.

bool AnyPreset(Rng& rng, const FirmwareMap&, FirmwareMap* to) {
  CopyMap(Preset(static_cast<unsigned>(rng.Below(kPresets))), to);
  return true;
}

bool AnyWild(Rng& rng, const FirmwareMap&, FirmwareMap* to) {
  MakeWildMap(rng, to);
  return true;
}

// By some pages, sub-sections or sections, or to any page of its section.
bool MoveEnd(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  if (from.count == 0) return false;
  const auto index = static_cast<unsigned>(rng.Below(from.count));
  FirmwareRange range = from.ranges[index];
  const bool first = rng.Below(2) == 0;
  const uint64_t old = first ? range.range.start : range.range.end();
  uint64_t point = old;
  if (rng.Below(2) == 0) {
    point = AlignDown(old, kSectionSize) + rng.Below(kPagesPerSection) * kPageSize;
  } else {
    const uint64_t step = AnyUnit(rng) * rng.Between(1, kMostUnits);
    point = rng.Below(2) == 0 ? old + step : old - step;
  }
  const uint64_t start = first ? point : range.range.start;
  const uint64_t end = first ? range.range.end() : point;
  if (end <= start) return false;
  range.range = {start, end - start};
  return Replace(from, index, range, to);
}

bool SetNode(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  if (from.count == 0) return false;
  const auto index = static_cast<unsigned>(rng.Below(from.count));
  FirmwareRange range = from.ranges[index];
  range.nid = static_cast<Nid>(rng.Below(kMaxNodes));
  return Replace(from, index, range, to);
}

bool SetKind(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  if (from.count == 0) return false;
  const auto index = static_cast<unsigned>(rng.Below(from.count));
  FirmwareRange range = from.ranges[index];
  range.kind = static_cast<FirmwareKind>(rng.Below(4));
  return Replace(from, index, range, to);
}

bool Drop(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  if (from.count == 0) return false;
  CopySettings(from, to);
  const uint64_t index = rng.Below(from.count);
  for (unsigned i = 0; i < from.count; ++i) {
    if (i != index) InsertRange(from.ranges[i], to);
  }
  return true;
}

// Behind a range, with a gap or without.
bool Add(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  CopyMap(from, to);
  FirmwareRange range;
  if (from.count != 0) range = from.ranges[rng.Below(from.count)];
  const uint64_t unit = AnyUnit(rng);
  range.range = {range.range.end() + unit * rng.Below(kMostUnits), AnyUnit(rng) * rng.Between(1, kMostUnits)};
  if (rng.Below(2) == 0) range.kind = static_cast<FirmwareKind>(rng.Below(4));
  return InsertRange(range, to) == MapError::kNone;
}

bool SetSetting(Rng& rng, const FirmwareMap& from, FirmwareMap* to) {
  CopyMap(from, to);
  switch (rng.Below(3)) {
    case 0: to->phys_bits = static_cast<uint8_t>(rng.Between(kMinPhysBits, kMaxPhysBits)); break;
    case 1: to->five_level = !from.five_level; break;
    default: {
      const bool none = from.count == 0 || rng.Below(4) == 0;
      to->movable_start =
          none ? 0 : from.ranges[rng.Below(from.count)].range.start + AnyUnit(rng) * rng.Below(kMostUnits);
      break;
    }
  }
  return true;
}

struct StepRow {
  bool (*step)(Rng& rng, const FirmwareMap& from, FirmwareMap* to);
  unsigned weight;
};
constexpr StepRow kSteps[] = {{AnyPreset, 4}, {AnyWild, 2}, {MoveEnd, 6}, {SetNode, 2},
                              {SetKind, 1},   {Drop, 1},    {Add, 2},     {SetSetting, 2}};

}  // namespace

void MutateMap(Rng& rng, FirmwareMap* map) {
  unsigned total = 0;
  for (const StepRow& row : kSteps) total += row.weight;
  for (unsigned i = 0; i < kTries; ++i) {
    uint64_t at = rng.Below(total);
    const StepRow* row = kSteps;
    for (; at >= row->weight; ++row) at -= row->weight;
    FirmwareMap changed;
    if (!row->step(rng, *map, &changed) || changed == *map) continue;
    CopyMap(changed, map);
    return;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
