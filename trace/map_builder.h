// SPDX-License-Identifier: Apache-2.0
// Building firmware maps range by range: the one place that enforces what FirmwareMap promises. Not covered: where the
// ranges come from.
#ifndef HPFUZZ_TRACE_MAP_BUILDER_H_
#define HPFUZZ_TRACE_MAP_BUILDER_H_

#include <cstdint>
#include <string_view>

#include "hotplug/firmware_map.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class MapError : uint8_t { kNone, kTooMany, kEmpty, kUnaligned, kTooHigh, kOverlap, kTooMuchRam };

// Puts `range` at its place: ascending by start, then kind, then size, so that the same ranges make the same map in
// whatever order they come. On error the map stays as it was. The node of anything but RAM is dropped.
MapError InsertRange(FirmwareRange range, FirmwareMap* map);

// What a range that is refused should have been.
std::string_view MapErrorText(MapError error);

inline constexpr uint8_t kMinPhysBits = kPageShift + 1;
inline constexpr uint8_t kMaxPhysBits = 63;

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MAP_BUILDER_H_
