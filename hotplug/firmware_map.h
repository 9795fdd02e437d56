// SPDX-License-Identifier: Apache-2.0
// FirmwareMap: what a machine boots with. Not covered: reading it from text (trace/text.h) or from /proc/iomem.
#ifndef HPFUZZ_HOTPLUG_FIRMWARE_MAP_H_
#define HPFUZZ_HOTPLUG_FIRMWARE_MAP_H_

#include <array>
#include <cstdint>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class FirmwareKind : uint8_t {
  kRam,        // System RAM: given to the page allocator at boot; a busy resource
  kPmem,       // Persistent Memory: an idle resource, no memmap
  kReserved,   // an idle resource, no memmap
  kUnmovable,  // no resource of its own: part of RAM that can never be offlined
};

struct FirmwareRange {
  FirmwareKind kind = FirmwareKind::kRam;
  Nid nid = 0;      // kRam only
  PhysRange range;  // page-aligned, not empty, does not wrap
  bool operator==(const FirmwareRange&) const = default;
};

// Ranges stand in ascending order of start; kRam, kPmem and kReserved ranges do not overlap each other; kUnmovable
// ranges may lie anywhere. The readers (text, bytes, iomem) establish this; layers rely on it.
struct FirmwareMap {
  static constexpr unsigned kMaxRanges = 64;

  std::array<FirmwareRange, kMaxRanges> ranges;
  uint8_t count = 0;
  // Bits of a physical address: the resource tree ends at 2^phys_bits. At least kPageShift + 1, at most 63.
  uint8_t phys_bits = kPhysmemBits;
  // Five-level paging: the section table reaches to 2^kPhysmemBits5Level instead of 2^kPhysmemBits.
  bool five_level = false;
  // Boot RAM from this byte up is in Movable; 0 = none. Page-aligned.
  uint64_t movable_start = 0;

  // First byte that the section table cannot name.
  uint64_t physmem_end() const { return uint64_t{1} << (five_level ? kPhysmemBits5Level : kPhysmemBits); }
  uint64_t resource_end() const { return uint64_t{1} << phys_bits; }

  const FirmwareRange* begin() const { return ranges.data(); }
  const FirmwareRange* end() const { return ranges.data() + count; }
  bool operator==(const FirmwareMap& other) const;
};

inline bool FirmwareMap::operator==(const FirmwareMap& other) const {
  if (count != other.count || phys_bits != other.phys_bits || five_level != other.five_level ||
      movable_start != other.movable_start) {
    return false;
  }
  for (unsigned i = 0; i < count; ++i) {
    if (!(ranges[i] == other.ranges[i])) return false;
  }
  return true;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_FIRMWARE_MAP_H_
