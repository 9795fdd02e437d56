// SPDX-License-Identifier: Apache-2.0
// DirectMap: large pages, page tables, and what a request asks for (x86 init_memory_mapping and its reverse).
#include "oracle/reference/legacy_direct_map.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

constexpr uint64_t kStep = kPagesPerSubsection;
// Nobody has page tables for more; no request whose numbers fit asks for as much.
constexpr uint64_t kMostSections = uint64_t{1} << 16;
constexpr uint64_t kTableEntries = kPageSize / sizeof(uint64_t);

}  // namespace

void DirectMap::Boot(const FirmwareMap& map) {
  pages_.Clear();
  split_.Clear();
  limit_ = map.physmem_end() >> kPageShift;
  // Levels above the large page, the topmost one apart, which always exists: a fifth where four do not reach.
  constexpr uint64_t kReach = kPagesPerSubsection * kTableEntries * kTableEntries * kTableEntries;
  table_levels_ = limit_ > kReach ? 3 : 2;
  Requests nobody_refuses;
  Add({0, kIsaEnd}, nobody_refuses);
  for (const FirmwareRange& range : map) {
    if (range.kind != FirmwareKind::kRam || range.range.start >= map.physmem_end()) continue;
    Add({range.range.start, std::min(range.range.size, map.physmem_end() - range.range.start)}, nobody_refuses);
  }
}

// A page-granular head up to the first step border, whole steps, a page-granular tail.
bool DirectMap::Add(PhysRange range, Requests& requests) {
  const uint64_t first = range.start >> kPageShift;
  const uint64_t end = std::min(range.end() >> kPageShift, limit_);
  if (first >= end) return true;
  if ((end - first) / kPagesPerSection > kMostSections) return false;
  const uint64_t middle = std::min(AlignUp(first, kStep), end);
  const uint64_t tail = std::max(AlignDown(end, kStep), middle);
  return AddPages(first, middle, requests) && AddSteps(middle, tail, requests) && AddPages(tail, end, requests);
}

bool DirectMap::AddPages(uint64_t first, uint64_t end, Requests& requests) {
  if (first >= end) return true;
  if (!AskForTables(first, end, requests)) return false;
  const uint64_t step = first / kStep;
  if (split_.Find(step) == nullptr) {
    // A large page that stood here is replaced by a table of nothing but these pages.
    if (!requests.Ask(AllocSite::kDirectMap)) return false;
    pages_.Erase(step * kStep, (step + 1) * kStep);
    split_.Set(step, step + 1, {});
  }
  pages_.Set(first, end, {});
  return true;
}

bool DirectMap::AddSteps(uint64_t first, uint64_t end, Requests& requests) {
  if (first >= end) return true;
  if (!AskForTables(first, end, requests)) return false;
  pages_.Set(first, end, {});
  return true;
}

// One table for each unit of address space, on each level, that nothing is mapped in yet.
bool DirectMap::AskForTables(uint64_t first, uint64_t end, Requests& requests) const {
  if (!requests.armed()) return true;
  uint64_t unit = kStep;
  for (unsigned level = 0; level < table_levels_; ++level) {
    unit *= kTableEntries;
    if (!requests.Ask(AllocSite::kDirectMap, UncoveredUnits(first, end, unit))) return false;
  }
  return true;
}

uint64_t DirectMap::UncoveredUnits(uint64_t first, uint64_t end, uint64_t unit) const {
  uint64_t next = first / unit;
  const uint64_t stop = (end - 1) / unit + 1;
  uint64_t uncovered = stop - next;
  for (const auto* run = pages_.From(next * unit); run != pages_.end() && next < stop; ++run) {
    if (run->first >= stop * unit) break;
    const uint64_t from = std::max(run->first / unit, next);
    const uint64_t to = std::min((run->end - 1) / unit + 1, stop);
    if (to <= from) continue;
    uncovered -= to - from;
    next = to;
  }
  return uncovered;
}

// A large page goes only as a whole; single pages only where the range covers them to the last byte.
void DirectMap::Remove(PhysRange range) {
  const uint64_t first = (range.start + kPageSize - 1) >> kPageShift;
  const uint64_t end = range.end() >> kPageShift;
  if (first >= end) return;
  const uint64_t first_step = (first + kStep - 1) / kStep;
  const uint64_t end_step = end / kStep;
  const bool split_head = split_.Find(first / kStep) != nullptr;
  const bool split_tail = split_.Find(end / kStep) != nullptr;
  pages_.Erase(split_head ? first : first_step * kStep, split_tail ? end : end_step * kStep);
  split_.Erase(first_step, end_step);
  for (const uint64_t step : {first / kStep, end / kStep}) {
    if (split_.Find(step) != nullptr && !pages_.AnyIn(step * kStep, (step + 1) * kStep)) split_.Erase(step, step + 1);
  }
}

uint64_t DirectMap::SectionBits(SectionNr nr) const {
  const uint64_t first = nr.first_pfn().value();
  const uint64_t end = first + kPagesPerSection;
  uint64_t bits = 0;
  for (const auto* run = pages_.From(first); run != pages_.end() && run->first < end; ++run) {
    if (run->first <= first && run->end >= end) return kFullBitmap;
    // Steps whose first page lies in the run.
    const uint64_t low = (std::max(run->first, first) - first + kStep - 1) / kStep;
    const uint64_t high = (std::min(run->end, end) - first + kStep - 1) / kStep;
    if (low >= high) continue;
    const uint64_t ones = high - low == 64 ? ~uint64_t{0} : (uint64_t{1} << (high - low)) - 1;
    bits |= ones << low;
  }
  return bits;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
