// SPDX-License-Identifier: Apache-2.0
// Landmarks: where they come from and which operation changes them.
#include "trace/landmarks.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Boot sections offered to offline_pages.
constexpr unsigned kBootOnline = 4;
// Sections looked at to find them.
constexpr unsigned kBootTries = 12;
// Sections of the window below the first hot-pluggable one.
constexpr uint64_t kWindowBelow = 1;

bool IsUnmovable(const FirmwareMap& map, PhysRange range) {
  return std::any_of(map.begin(), map.end(), [&](const FirmwareRange& other) {
    return other.kind == FirmwareKind::kUnmovable && other.range.overlaps(range);
  });
}

}  // namespace

void Bank::Push(PhysRange entry) {
  if (count_ == kCapacity) {
    std::copy(entries_.begin() + 1, entries_.end(), entries_.begin());
    --count_;
  }
  entries_[count_++] = entry;
}

bool Bank::Take(PhysRange entry) {
  for (unsigned i = count_; i-- > 0;) {
    if (entries_[i] != entry) continue;
    std::copy(entries_.begin() + i + 1, entries_.begin() + count_, entries_.begin() + i);
    --count_;
    return true;
  }
  return false;
}

void Landmarks::Start(const FirmwareMap& map, bool nvdimm) {
  newest_ = 0;
  nvdimm_ = nvdimm;
  last_extent_ = {};
  next_handle_ = {kNoHandle};
  map_ = &map;
  region_ranges_.Clear();
  for (Bank& bank : banks_) bank.Clear();
  FindWindow(map);
  for (unsigned i = 0; i < kMapRanges; ++i) {
    const unsigned back = map.count == 0 ? 0 : i % map.count;
    sources_[kMapRange + i] = map.count == 0 ? sources_[kWindow] : map.ranges[map.count - 1 - back].range;
  }
  for (unsigned age = 0; age < kRecents; ++age) {
    sources_[(newest_ - age) % kRecentSlots] = sources_[kWindow + (kWindowBelow + age) % kWindowSections];
  }
  sources_[kTableEnd] = {map.physmem_end(), 0};
  sources_[kResourceEnd] = {map.resource_end(), 0};
  sources_[kZero] = {0, 0};
  FindOnline(map);
}

// The window starts just below the first PMEM, or below the end of RAM when there is none.
void Landmarks::FindWindow(const FirmwareMap& map) {
  uint64_t first = 0;
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kRam) first = AlignUp(range.range.end(), kSectionSize) / kSectionSize;
    if (range.kind != FirmwareKind::kPmem) continue;
    first = range.range.start / kSectionSize;
    break;
  }
  const uint64_t table_sections = map.physmem_end() / kSectionSize;
  first = std::min(first - std::min(first, kWindowBelow), table_sections - kWindowSections);
  for (unsigned i = 0; i < kWindowSections; ++i) {
    sources_[kWindow + i] = {SectionNr(first + i).first_byte(), kSectionSize};
  }
}

void Landmarks::FindOnline(const FirmwareMap& map) {
  unsigned tries = 0;
  Bank& online = banks_[static_cast<unsigned>(BankId::kOnline)];
  for (unsigned i = map.count; i-- > 0;) {
    const FirmwareRange& ram = map.ranges[i];
    if (ram.kind != FirmwareKind::kRam) continue;
    PhysRange block{AlignDown(ram.range.end(), kSectionSize), kSectionSize};
    while (block.start >= kSectionSize && ram.range.contains({block.start - kSectionSize, kSectionSize})) {
      if (tries++ == kBootTries || online.count() == kBootOnline) return;
      block.start -= kSectionSize;
      if (block.start >= map.movable_start && !IsUnmovable(map, block)) online.Push(block);
    }
  }
}

void Landmarks::Note(const Op& op) {
  const KindTraits& traits = TraitsOf(op.kind);
  Push(op.range, traits.has_range);
  if (op.has_second) [[unlikely]] {
    Push(op.second);
  }
  next_handle_[static_cast<unsigned>(traits.defines)] += traits.defines == Counter::kNone ? 0 : 1;
  if (traits.takes != BankId::kNone || traits.gives != BankId::kNone) NoteBanks(op, traits);
}

PhysRange Landmarks::Region(Handle handle) const {
  const Bank& regions = bank(BankId::kRegions);
  for (unsigned age = 0; age < regions.count(); ++age) {
    if (regions.At(age).start == handle) return regions.At(age);
  }
  return {};
}

bool Landmarks::RegionIsFree(PhysRange range) const {
  if (range.size == 0 || range.wraps() || range.start >= table_end() || range.size > table_end() - range.start) {
    return false;
  }
  for (unsigned age = 0; age < region_ranges_.count(); ++age) {
    if (region_ranges_.At(age).overlaps(range)) return false;
  }
  return std::none_of(map_->begin(), map_->end(), [&](const FirmwareRange& other) {
    return other.kind == FirmwareKind::kRam && other.range.overlaps(range);
  });
}

// Whether what the operation makes will most likely be there, and using it tells more than that it is not.
bool Landmarks::Offered(const Op& op, const KindTraits& traits, PhysRange entry) const {
  if (op.kind == OpKind::kRegion) return RegionIsFree(op.range);
  if (op.kind == OpKind::kNsCreate) {
    const uint64_t whole = Region(op.region).size;
    return op.extent.size != 0 && op.extent.start < whole && op.extent.size <= whole - op.extent.start;
  }
  if (traits.entry != EntryIs::kRange) return true;
  // Undoing a range that is not whole sections stops a legacy machine: such ranges are not offered.
  return entry.size != 0 && entry.aligned_to(kSectionSize) && entry.end() <= table_end();
}

void Landmarks::NoteBanks(const Op& op, const KindTraits& traits) {
  const bool is_range = traits.entry == EntryIs::kRange;
  const PhysRange entry = is_range ? op.range
                                   : PhysRange{traits.entry == EntryIs::kPfn ? op.pfn.value() : op.handle,
                                               op.kind == OpKind::kRegion ? op.range.size : 0};
  if (op.kind == OpKind::kNsCreate) last_extent_ = op.extent;
  if (traits.takes != BankId::kNone) {
    const bool taken = banks_[static_cast<unsigned>(traits.takes)].Take(entry);
    if (!taken || traits.gives == BankId::kNone) return;
  }
  if (!Offered(op, traits, entry)) return;
  banks_[static_cast<unsigned>(traits.gives)].Push(entry);
  if (op.kind == OpKind::kRegion) region_ranges_.Push(op.range);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
