// SPDX-License-Identifier: Apache-2.0
// Building firmware maps: checks and order.
#include "trace/map_builder.h"

#include <algorithm>
#include <tuple>

#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

uint64_t SectionsTouched(PhysRange range) {
  return (range.start + (range.size - 1)) / kSectionSize - range.start / kSectionSize + 1;
}

bool Before(const FirmwareRange& a, const FirmwareRange& b) {
  return std::tie(a.range.start, a.kind, a.range.size) < std::tie(b.range.start, b.kind, b.range.size);
}

MapError Check(const FirmwareRange& range, const FirmwareMap& map) {
  if (map.count == FirmwareMap::kMaxRanges) return MapError::kTooMany;
  if (range.range.size == 0) return MapError::kEmpty;
  if (!range.range.aligned_to(kPageSize)) return MapError::kUnaligned;
  if (range.range.wraps() || (range.range.start + (range.range.size - 1)) >> kMaxPhysBits != 0) {
    return MapError::kTooHigh;
  }
  uint64_t ram_sections = range.kind == FirmwareKind::kRam ? SectionsTouched(range.range) : 0;
  for (const FirmwareRange& other : map) {
    if (other.kind == FirmwareKind::kRam) ram_sections += SectionsTouched(other.range);
    if (range.kind == FirmwareKind::kUnmovable || other.kind == FirmwareKind::kUnmovable) continue;
    if (range.range.overlaps(other.range)) return MapError::kOverlap;
  }
  const bool adds_ram = range.kind == FirmwareKind::kRam;
  return adds_ram && ram_sections > kMaxBootSections ? MapError::kTooMuchRam : MapError::kNone;
}

}  // namespace

MapError InsertRange(FirmwareRange range, FirmwareMap* map) {
  const MapError error = Check(range, *map);
  if (error != MapError::kNone) return error;
  if (range.kind != FirmwareKind::kRam) range.nid = 0;
  FirmwareRange* const end = map->ranges.data() + map->count;
  FirmwareRange* const place = std::upper_bound(map->ranges.data(), end, range, Before);
  std::move_backward(place, end, end + 1);
  *place = range;
  ++map->count;
  return MapError::kNone;
}

std::string_view MapErrorText(MapError error) {
  switch (error) {
    case MapError::kNone: return "";
    case MapError::kTooMany: return "at most 64 ranges in a map";
    case MapError::kEmpty: return "a range that is not empty";
    case MapError::kUnaligned: return "a range of whole pages";
    case MapError::kTooHigh: return "a range below 2^63";
    case MapError::kOverlap: return "a range that overlaps no other ram, pmem or reserved range";
    case MapError::kTooMuchRam: return "at most 8192 sections of RAM, so that booting stays cheap";
  }
  __builtin_unreachable();
}

static_assert(FirmwareMap::kMaxRanges == 64 && kMaxBootSections == 8192, "MapErrorText says so");

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
