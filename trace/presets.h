// SPDX-License-Identifier: Apache-2.0
// Preset machines: small firmware maps that the byte form names with one byte.
#ifndef HPFUZZ_TRACE_PRESETS_H_
#define HPFUZZ_TRACE_PRESETS_H_

#include "hotplug/firmware_map.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Machines whose answers were recorded from real kernels, by the name of their layout.
inline constexpr unsigned kPresetA = 0;  // RAM ends on a section border
inline constexpr unsigned kPresetB = 1;  // RAM ends inside a section
inline constexpr unsigned kPresetM = 2;  // boot RAM partly in Movable
inline constexpr unsigned kPresets = 13;

const FirmwareMap& Preset(unsigned index);

// Copies what `from` holds, not the whole table behind it.
void CopyMap(const FirmwareMap& from, FirmwareMap* to);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_PRESETS_H_
