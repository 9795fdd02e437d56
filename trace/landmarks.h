// SPDX-License-Identifier: Apache-2.0
// Landmarks: the ranges that a trace itself has named so far, to which its byte form refers. A function of the firmware
// map and the operations alone, never of what a layer answered.
#ifndef HPFUZZ_TRACE_LANDMARKS_H_
#define HPFUZZ_TRACE_LANDMARKS_H_

#include <array>
#include <cstdint>

#include "hotplug/firmware_map.h"
#include "trace/kind_traits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The newest few things of one sort. An entry is a range; for handles and pages only `start` counts.
class Bank {
 public:
  static constexpr unsigned kCapacity = 8;
  bool empty() const { return count_ == 0; }
  unsigned count() const { return count_; }
  // `age` 0 is the newest; the oldest stands for all that are older.
  PhysRange At(unsigned age) const { return entries_[count_ - 1 - (age < count_ ? age : count_ - 1)]; }
  void Clear() { count_ = 0; }
  // A full bank forgets its oldest entry.
  void Push(PhysRange entry);
  // Removes the newest entry equal to `entry`; false if there is none.
  bool Take(PhysRange entry);

 private:
  std::array<PhysRange, kCapacity> entries_;
  unsigned count_ = 0;
};

// Sources: ranges that places (trace/places.h) are relative to, by number.
inline constexpr unsigned kRecent = 0;    // ranges of operations, the newest first; before there are any, the window
inline constexpr unsigned kRecents = 15;  // with one slot to write the next to, a power of two
inline constexpr unsigned kRecentSlots = kRecents + 1;
inline constexpr unsigned kMapRange = kRecent + kRecentSlots;  // of the firmware map, from the highest down, repeated
inline constexpr unsigned kMapRanges = 8;
inline constexpr unsigned kWindow = kMapRange + kMapRanges;  // sections around the hot-pluggable area
inline constexpr unsigned kWindowSections = 16;
inline constexpr unsigned kTableEnd = kWindow + kWindowSections;  // empty range at the end of the section table
inline constexpr unsigned kResourceEnd = kTableEnd + 1;           // empty range at the end of the resource tree
inline constexpr unsigned kZero = kResourceEnd + 1;               // empty range at 0
inline constexpr unsigned kSources = kZero + 1;

class Landmarks {
 public:
  // `nvdimm`: the trace may speak of NVDIMMs. `map` must outlive the operations.
  void Start(const FirmwareMap& map, bool nvdimm);
  // An operation has been coded.
  void Note(const Op& op);
  // A range that the next place may refer to before its operation is complete. Without a branch: operations with and
  // without a range alternate as the input pleases.
  void Push(PhysRange range, bool really = true) {
    const bool differs = !(sources_[newest_ % kRecentSlots] == range);
    sources_[(newest_ + 1) % kRecentSlots] = range;
    newest_ += static_cast<unsigned>(really & differs);
  }

  PhysRange Source(unsigned number) const {
    return sources_[number < kRecentSlots ? (newest_ - number) % kRecentSlots : number];
  }
  uint64_t table_end() const { return sources_[kTableEnd].start; }
  uint64_t window_start() const { return sources_[kWindow].start; }
  const Bank& bank(BankId id) const { return banks_[static_cast<unsigned>(id)]; }
  bool nvdimm() const { return nvdimm_; }
  // The region with that handle as it was asked for, if it is one of the newest offered; its start is its handle.
  PhysRange Region(Handle handle) const;
  // What the newest namespace was asked to cover.
  PhysRange last_extent() const { return last_extent_; }
  const Defined& defined() const { return next_handle_; }
  // The next handle to be defined; for Counter::kNone kNoHandle.
  Handle NextHandle(Counter counter) const { return next_handle_[static_cast<unsigned>(counter)]; }

 private:
  void FindWindow(const FirmwareMap& map);
  void FindOnline(const FirmwareMap& map);
  void NoteBanks(const Op& op, const KindTraits& traits);
  bool Offered(const Op& op, const KindTraits& traits, PhysRange entry) const;
  bool RegionIsFree(PhysRange range) const;

  std::array<PhysRange, kSources> sources_;
  unsigned newest_ = 0;
  Defined next_handle_ = {kNoHandle};
  std::array<Bank, kBanks> banks_;
  const FirmwareMap* map_ = nullptr;
  Bank region_ranges_;  // of the bank of regions, entry by entry
  bool nvdimm_ = false;
  PhysRange last_extent_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_LANDMARKS_H_
