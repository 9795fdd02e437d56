// SPDX-License-Identifier: Apache-2.0
// Landmarks: where they come from and which operation changes them.
#include "trace/landmarks.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

enum class EntryIs : uint8_t { kNothing, kRange, kHandle, kPfn };

struct KindTraits {
  Keeping keeping;
  EntryIs entry = EntryIs::kNothing;
  bool has_range = false;
  bool new_mapping = false;
  bool new_resource = false;
};

constexpr Keeping KeepingTable(OpKind kind) {
  switch (kind) {
    case OpKind::kAddPages: return {BankId::kNone, BankId::kBare};
    case OpKind::kRemovePages: return {BankId::kBare, BankId::kNone};
    case OpKind::kArchAddMemory: return {BankId::kNone, BankId::kArch};
    case OpKind::kArchRemoveMemory: return {BankId::kArch, BankId::kNone};
    case OpKind::kAddMemory: return {BankId::kNone, BankId::kOffline};
    case OpKind::kRemoveMemory: return {BankId::kOffline, BankId::kNone};
    case OpKind::kOnlinePages: return {BankId::kOffline, BankId::kOnline};
    case OpKind::kOfflinePages: return {BankId::kOnline, BankId::kOffline};
    case OpKind::kMovePfnRangeToZone:
    case OpKind::kRemovePfnRangeFromZone: return {BankId::kBare, BankId::kBare};
    case OpKind::kMemremapPages: return {BankId::kNone, BankId::kMapped};
    case OpKind::kMemunmapPages: return {BankId::kMapped, BankId::kNone};
    case OpKind::kPinPage: return {BankId::kNone, BankId::kPinned};
    case OpKind::kUnpinPage: return {BankId::kPinned, BankId::kNone};
    case OpKind::kInsertResource: return {BankId::kNone, BankId::kInserted};
    case OpKind::kRemoveResource: return {BankId::kInserted, BankId::kNone};
    default: return {};
  }
}

constexpr KindTraits MakeTraits(OpKind kind) {
  KindTraits traits;
  traits.keeping = KeepingTable(kind);
  traits.has_range = HasArg(kind, Arg::kRange);
  traits.new_mapping = HasArg(kind, Arg::kNewMapping);
  traits.new_resource = HasArg(kind, Arg::kNewResource);
  const bool keeps = traits.keeping.takes != BankId::kNone || traits.keeping.gives != BankId::kNone;
  if (!keeps) return traits;
  const bool handle = traits.new_mapping || traits.new_resource || HasArg(kind, Arg::kMapping) ||
                      HasArg(kind, Arg::kResource);
  traits.entry = handle ? EntryIs::kHandle : HasArg(kind, Arg::kPfn) ? EntryIs::kPfn : EntryIs::kRange;
  return traits;
}

constexpr std::array<KindTraits, kOpKinds> MakeAllTraits() {
  std::array<KindTraits, kOpKinds> all;
  for (unsigned i = 0; i < kOpKinds; ++i) all[i] = MakeTraits(static_cast<OpKind>(i));
  return all;
}
constexpr std::array<KindTraits, kOpKinds> kTraits = MakeAllTraits();

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

Keeping KeepingOf(OpKind kind) { return kTraits[static_cast<unsigned>(kind)].keeping; }

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

void Landmarks::Start(const FirmwareMap& map) {
  newest_ = 0;
  mappings_ = 0;
  resources_ = 0;
  for (Bank& bank : banks_) bank.Clear();
  FindWindow(map);
  for (unsigned i = 0; i < kMapRanges; ++i) {
    const unsigned back = map.count == 0 ? 0 : i % map.count;
    sources_[kMapRange + i] = map.count == 0 ? sources_[kWindow] : map.ranges[map.count - 1 - back].range;
  }
  for (unsigned i = 0; i < kRecents; ++i) sources_[i] = sources_[kMapRange + (kRecents - i) % kMapRanges];
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

PhysRange Landmarks::EntryOf(const Op& op) const {
  switch (kTraits[static_cast<unsigned>(op.kind)].entry) {
    case EntryIs::kRange: return op.range;
    case EntryIs::kHandle: return {op.handle, 0};
    case EntryIs::kPfn: return {op.pfn.value(), 0};
    case EntryIs::kNothing: break;
  }
  return {};
}

void Landmarks::Push(PhysRange range) {
  if (sources_[newest_ % kRecents] == range) return;
  ++newest_;
  sources_[newest_ % kRecents] = range;
}

void Landmarks::Note(const Op& op) {
  const KindTraits& traits = kTraits[static_cast<unsigned>(op.kind)];
  if (traits.has_range) Push(op.range);
  if (op.has_second) Push(op.second);
  mappings_ = static_cast<Handle>(mappings_ + (traits.new_mapping ? 1 : 0));
  resources_ = static_cast<Handle>(resources_ + (traits.new_resource ? 1 : 0));
  if (traits.entry == EntryIs::kNothing) return;
  const PhysRange entry = EntryOf(op);
  const Keeping keeping = traits.keeping;
  const bool taken = keeping.takes != BankId::kNone && banks_[static_cast<unsigned>(keeping.takes)].Take(entry);
  if (keeping.gives == BankId::kNone || (keeping.takes != BankId::kNone && !taken)) return;
  // Undoing a range that is not whole sections stops a legacy machine: such ranges are not offered.
  if (traits.entry == EntryIs::kRange &&
      (op.range.size == 0 || !op.range.aligned_to(kSectionSize) || op.range.end() > table_end())) {
    return;
  }
  banks_[static_cast<unsigned>(keeping.gives)].Push(entry);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
