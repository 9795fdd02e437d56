// SPDX-License-Identifier: Apache-2.0
// Limits on what one operation, and one machine, may cost. The text parser refuses what exceeds them, the byte decoder
// clamps it, so that both forms describe the same set of traces.
#ifndef HPFUZZ_TRACE_OP_LIMITS_H_
#define HPFUZZ_TRACE_OP_LIMITS_H_

#include <cstdint>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Sections that the range of one operation may touch (1 TiB on x86-64). Every layer walks a range section by section;
// without a bound one operation over a 52-bit address space costs seconds.
inline constexpr uint64_t kMaxRangeSections = 8192;
// Sections of RAM that a machine may boot with (1 TiB on x86-64). Four machines boot for every trace; with terabytes of
// RAM one input in fifty took nine tenths of a campaign.
inline constexpr uint64_t kMaxBootSections = 8192;

// Ranges that wrap or start beyond the largest section table are refused by every kernel before it walks them, so their
// length costs nothing.
constexpr bool ExceedsRangeLimit(PhysRange range) {
  if (range.size == 0 || range.wraps() || range.start >> kPhysmemBits5Level != 0) return false;
  const uint64_t last = range.start + (range.size - 1);
  return (last >> kSectionShift) - (range.start >> kSectionShift) >= kMaxRangeSections;
}

// The longest allowed range with the same start, or `range` itself.
constexpr PhysRange ClampToRangeLimit(PhysRange range) {
  if (!ExceedsRangeLimit(range)) return range;
  const SectionNr end = SectionNr::OfByte(range.start) + kMaxRangeSections;
  return {range.start, end.first_byte() - range.start};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_LIMITS_H_
