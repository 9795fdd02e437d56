// SPDX-License-Identifier: Apache-2.0
// The preset machines, in units of sections and sub-sections so that every geometry has them. Their order is part of
// the byte form: a new machine goes to the end.
#include "trace/presets.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kS = kSectionSize;
constexpr uint64_t kSub = kSubsectionSize;
// Real-mode RAM ends and high RAM starts here on the recorded machines; small sections scale the hole down.
constexpr uint64_t kLowEnd = kS > 0x100000 ? 0x9f000 : kS / 2 - kPageSize;
constexpr uint64_t kHighStart = kS > 0x100000 ? 0x100000 : kS / 2;
// Address bits of the recorded machines, where the section table reaches further.
constexpr uint8_t kRecordedBits = kPhysmemBits > 40 ? 40 : kPhysmemBits;

constexpr FirmwareRange Range(FirmwareKind kind, Nid nid, uint64_t start, uint64_t end) {
  return {kind, nid, {start, end - start}};
}
constexpr FirmwareRange Ram(uint64_t start, uint64_t end, Nid nid = 0) {
  return Range(FirmwareKind::kRam, nid, start, end);
}
constexpr FirmwareRange Pmem(uint64_t start, uint64_t end) { return Range(FirmwareKind::kPmem, 0, start, end); }
constexpr FirmwareRange Reserved(uint64_t start, uint64_t end) { return Range(FirmwareKind::kReserved, 0, start, end); }
constexpr FirmwareRange Unmovable(uint64_t start, uint64_t end) {
  return Range(FirmwareKind::kUnmovable, 0, start, end);
}

constexpr FirmwareMap Machine(std::initializer_list<FirmwareRange> ranges, uint64_t movable_start = 0,
                              uint8_t phys_bits = kPhysmemBits, bool five_level = false) {
  FirmwareMap map;
  for (const FirmwareRange& range : ranges) map.ranges[map.count++] = range;
  map.movable_start = movable_start;
  map.phys_bits = phys_bits;
  map.five_level = five_level;
  return map;
}

constexpr std::array<FirmwareMap, kPresets> kMachines = {
    // A, B, M: the layouts of the recorded answers.
    Machine({Ram(kPageSize, kLowEnd), Ram(kHighStart, 6 * kS)}, 0, kRecordedBits),
    Machine({Ram(kPageSize, kLowEnd), Ram(kHighStart, 6 * kS + kS / 2)}, 0, kRecordedBits),
    Machine({Ram(kPageSize, kLowEnd), Ram(kHighStart, 8 * kS), Unmovable(7 * kS, 8 * kS)}, 3 * kS + 2 * kSub,
            kRecordedBits),
    // RAM, PMEM, RAM, the last border inside a section: the cover letter of the series, shortened.
    Machine({Ram(kPageSize, 3 * kS), Pmem(3 * kS, 5 * kS + kS / 2), Ram(5 * kS + kS / 2, 7 * kS)}),
    // Two nodes meet inside a section.
    Machine({Ram(kPageSize, 3 * kS + kS / 2), Ram(3 * kS + kS / 2, 6 * kS, 1)}),
    // PMEM half a section off, as firmware that aligns to 64 MiB places it.
    Machine({Ram(kPageSize, 4 * kS), Pmem(4 * kS + kS / 2, 7 * kS + kS / 2)}),
    // A reserved hole in RAM, and PMEM one sub-section off.
    Machine({Ram(kPageSize, 3 * kS), Reserved(3 * kS, 3 * kS + kS / 4), Ram(3 * kS + kS / 4, 5 * kS),
             Pmem(5 * kS + kSub, 6 * kS + kSub)}),
    // The least that boots.
    Machine({Ram(kPageSize, kS)}),
    // Boot RAM that can go offline, with PMEM right behind it.
    Machine({Ram(kPageSize, 4 * kS), Pmem(4 * kS, 6 * kS)}, 2 * kS),
    // Two devices share a section.
    Machine({Ram(kPageSize, 3 * kS), Pmem(3 * kS, 3 * kS + kS / 4), Pmem(3 * kS + kS / 4, 4 * kS)}),
    // Five-level paging: the section table reaches further than with four.
    Machine({Ram(kPageSize, 2 * kS), Pmem(3 * kS, 4 * kS)}, 0, kPhysmemBits5Level, true),
    // Firmware that aligns to half a section: RAM and two devices meet inside sections, each with sections of its own.
    Machine({Ram(kPageSize, 3 * kS + kS / 2), Pmem(3 * kS + kS / 2, 6 * kS + kS / 2), Pmem(6 * kS + kS / 2, 9 * kS)}),
    // A small device with room around it in the first section of a larger one.
    Machine({Ram(kPageSize, 3 * kS), Pmem(3 * kS + kS / 4, 3 * kS + kS / 2), Pmem(3 * kS + 3 * kS / 4, 6 * kS)}),
};

}  // namespace

const FirmwareMap& Preset(unsigned index) { return kMachines[index]; }

void CopyMap(const FirmwareMap& from, FirmwareMap* to) {
  std::copy(from.begin(), from.end(), to->ranges.begin());
  to->count = from.count;
  to->phys_bits = from.phys_bits;
  to->five_level = from.five_level;
  to->movable_start = from.movable_start;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
