// SPDX-License-Identifier: Apache-2.0
// Limits on what one operation, and one machine, may cost. The text parser refuses what exceeds them, the byte decoder
// clamps it, so that both forms describe the same set of traces.
#ifndef HPFUZZ_TRACE_OP_LIMITS_H_
#define HPFUZZ_TRACE_OP_LIMITS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/units.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Sections that the range of one operation may touch (1 TiB on x86-64). Every layer walks a range section by section;
// without a bound one operation over a 52-bit address space costs seconds.
inline constexpr uint64_t kMaxRangeSections = 8192;
// Sections that one trace may walk, counted again for every operation. Four machines walk them and remember each;
// without a bound 4096 operations over 52 bits of addresses take minutes and tens of GiB.
inline constexpr uint64_t kMaxTraceSections = 32 * kMaxRangeSections;
// What a reboot counts as: four machines boot, and what earlier operations left on their media, pages and regions by
// the thousand perhaps, is carried over and compared. So a trace has at most 187 of them, and 15 behind 4,000
// operations.
constexpr uint64_t RebootSections(size_t operations_before) {
  return kMaxTraceSections / 256 + 4 * uint64_t{operations_before};
}
// Sections of RAM that a machine may boot with (1 TiB on x86-64). Four machines boot for every trace; with terabytes of
// RAM one input in fifty took nine tenths of a campaign.
inline constexpr uint64_t kMaxBootSections = 8192;

// Ranges that wrap or start beyond the largest section table are refused by every kernel before it walks them, so their
// length costs nothing,
constexpr uint64_t SectionsWalked(PhysRange range) {
  if (range.size == 0 || range.wraps() || range.start >> kPhysmemBits5Level != 0) return 0;
  const uint64_t last = range.start + (range.size - 1);
  return (last >> kSectionShift) - (range.start >> kSectionShift) + 1;
}
// but for those of two operations, which add sections until the table ends: nothing looks at bytes before.
constexpr uint64_t SectionsWalked(OpKind kind, PhysRange range) {
  constexpr uint64_t kTableEnd = uint64_t{1} << kPhysmemBits5Level;
  const bool adds = kind == OpKind::kAddPages || kind == OpKind::kArchAddMemory;
  if (adds && range.wraps() && range.start < kTableEnd) range.size = kTableEnd - range.start;
  return SectionsWalked(range);
}
constexpr uint64_t SectionsWalked(const Op& op) {
  return SectionsWalked(op.kind, op.range) + (op.has_second ? SectionsWalked(op.kind, op.second) : 0);
}
// The largest value that `corrupt` may put into this part of a namespace: a little-endian number of as many bytes, or,
// in more than eight, one byte over and over.
constexpr uint64_t MaxCorruptValue(PhysRange part) {
  constexpr uint64_t kWord = sizeof(uint64_t);
  if (part.size == 0 || part.size > kWord) return 0xff;
  return ~uint64_t{0} >> 8 * (kWord - part.size);
}

// Sections of the namespace that operation `i` makes or names, if it lies in its region; others are refused.
inline uint64_t SectionsOfNamespace(const std::vector<Op>& ops, size_t i) {
  const auto find = [&](OpKind kind, Handle handle) {
    const auto is_it = [&](const Op& op) { return op.kind == kind && op.handle == handle; };
    const auto end = ops.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    const auto found = std::find_if(ops.begin(), end, is_it);
    return found == end ? nullptr : &*found;
  };
  const Op* const ns = find(OpKind::kNsCreate, ops[i].handle);
  const Op* const region = ns == nullptr ? nullptr : find(OpKind::kRegion, ns->region);
  if (region == nullptr || ns->extent.start >= region->range.size) return 0;
  if (ns->extent.size > region->range.size - ns->extent.start) return 0;
  return SectionsWalked(PhysRange{region->range.start + ns->extent.start, ns->extent.size});
}

// What operation `i` walks: its own ranges, or those of the mapping it releases. An unpin may release any mapping that
// holds the page, be it by rounding to sections.
inline uint64_t SectionsWalked(const std::vector<Op>& ops, size_t i) {
  const Op& op = ops[i];
  if (op.kind == OpKind::kReboot) return RebootSections(i);
  if (BindsNamespace(op.kind) || op.kind == OpKind::kNsDisable) {
    return SectionsOfNamespace(ops, i);
  }
  if (op.kind != OpKind::kMemunmapPages && op.kind != OpKind::kUnpinPage) return SectionsWalked(op);
  const auto holds = [nr = SectionNr::Of(op.pfn)](PhysRange range) {
    if (range.size == 0) return false;
    return SectionNr::OfByte(range.start) <= nr && nr <= SectionNr::OfByte(range.start + (range.size - 1));
  };
  uint64_t most = 0;
  for (size_t j = 0; j < i; ++j) {
    const Op& earlier = ops[j];
    if (earlier.kind != OpKind::kMemremapPages) continue;
    const bool released = op.kind == OpKind::kMemunmapPages
                              ? earlier.handle == op.handle
                              : holds(earlier.range) || (earlier.has_second && holds(earlier.second));
    if (released) most = std::max(most, SectionsWalked(earlier));
  }
  return most;
}

constexpr bool ExceedsRangeLimit(OpKind kind, PhysRange range) {
  return SectionsWalked(kind, range) > kMaxRangeSections;
}

// The longest allowed range with the same start, or `range` itself.
constexpr PhysRange ClampToRangeLimit(OpKind kind, PhysRange range) {
  if (!ExceedsRangeLimit(kind, range)) return range;
  const SectionNr end = SectionNr::OfByte(range.start) + kMaxRangeSections;
  return {range.start, end.first_byte() - range.start};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_LIMITS_H_
