// SPDX-License-Identifier: Apache-2.0
// Resources: inserting, requesting and releasing (kernel/resource.c of Linux 5.1).
#include "oracle/reference/legacy_resources.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

void Resources::Boot(const FirmwareMap& map) {
  last_ = map.resource_end() - 1;
  rows_.clear();
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kUnmovable) continue;
    const bool ram = range.kind == FirmwareKind::kRam;
    rows_.push_back({range.range.start, range.range.end() - 1, 0, ram, ram, kNoHandle});
  }
}

ResourceRow Resources::row(size_t i) const {
  const Row& row = rows_[i];
  return {.range = {row.first, row.last - row.first + 1}, .depth = row.depth, .busy = row.busy, .ram = row.ram};
}

size_t Resources::SubtreeEnd(size_t i) const {
  size_t end = i + 1;
  while (end < rows_.size() && rows_[end].depth > rows_[i].depth) ++end;
  return end;
}

void Resources::EraseRows(size_t begin, size_t end) {
  rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(begin), rows_.begin() + static_cast<std::ptrdiff_t>(end));
}

// The first child that overlaps; `level.end` when none does. A release that wraps leaves children that overlap and are
// out of order: what stands behind one above the range is not found then.
size_t Resources::FirstOverlap(const Level& level, uint64_t first, uint64_t last) const {
  for (size_t i = level.begin; i < level.end; ++i) {
    if (rows_[i].depth != level.depth) continue;
    if (rows_[i].first > last) break;
    if (rows_[i].last >= first) return i;
  }
  return level.end;
}

size_t Resources::InsertionPoint(const Level& level, uint64_t first) const {
  size_t i = level.begin;
  while (i < level.end && (rows_[i].depth != level.depth || rows_[i].first < first)) ++i;
  return i;
}

bool Resources::Insert(Handle handle, PhysRange range, bool busy, bool ram) {
  if (!InTree(range)) return false;
  Row row{range.start, range.end() - 1, 0, busy, ram, handle};
  Level level{0, rows_.size(), 0};
  size_t i = FirstOverlap(level, row.first, row.last);
  // Down while a node holds the range and more.
  while (i != level.end && rows_[i].first <= row.first && rows_[i].last >= row.last &&
         (rows_[i].first != row.first || rows_[i].last != row.last)) {
    level = Below(i);
    i = FirstOverlap(level, row.first, row.last);
  }
  row.depth = level.depth;
  if (i == level.end) {
    InsertAt(InsertionPoint(level, row.first), row);
    return true;
  }
  size_t end = i;
  while (end < level.end && rows_[end].first <= row.last) {
    if (rows_[end].first < row.first || rows_[end].last > row.last) return false;
    end = SubtreeEnd(end);
  }
  for (size_t child = i; child < end; ++child) ++rows_[child].depth;
  InsertAt(i, row);
  return true;
}

bool Resources::Remove(Handle handle) {
  const auto it = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) { return row.handle == handle; });
  if (it == rows_.end()) return false;
  const size_t i = static_cast<size_t>(it - rows_.begin());
  const size_t end = SubtreeEnd(i);
  for (size_t child = i + 1; child < end; ++child) --rows_[child].depth;
  EraseRows(i, i + 1);
  return true;
}

bool Resources::RequestRam(PhysRange range, Requests& requests) {
  if (!requests.Ask(AllocSite::kResource) || !InTree(range)) return false;
  Row row{range.start, range.end() - 1, 0, true, true, kNoHandle};
  Level level{0, rows_.size(), 0};
  for (;;) {
    const size_t i = FirstOverlap(level, row.first, row.last);
    if (i == level.end) break;
    if (rows_[i].busy || rows_[i].first > row.first || rows_[i].last < row.last) return false;
    level = Below(i);
  }
  row.depth = level.depth;
  InsertAt(InsertionPoint(level, row.first), row);
  return true;
}

void Resources::CancelRam(PhysRange range) {
  // Nothing busy stands above what was requested, and what stands behind it may be as large after a release that wraps.
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    if (row.busy && row.ram && row.first == range.start && row.last == range.end() - 1) return EraseRows(i, i + 1);
  }
}

void Resources::ReleaseRam(PhysRange range, Requests& requests) {
  const uint64_t first = range.start;
  const uint64_t last = range.end() - 1;
  if (last > last_) return;
  const bool spare_node = requests.Ask(AllocSite::kResource);
  Level level{0, rows_.size(), 0};
  size_t i = level.begin;
  while (i < level.end && rows_[i].first < last) {
    if (rows_[i].first > first || rows_[i].last < last) {
      i = SubtreeEnd(i);
    } else if (!rows_[i].ram) {
      return;  // a device's, which is taken to release its own (65c78784135f)
    } else if (!rows_[i].busy) {
      level = Below(i);
      i = level.begin;
    } else {
      break;
    }
  }
  if (i >= level.end || rows_[i].first >= last) return;

  const Row old = rows_[i];
  if (old.first == first && old.last == last) {
    EraseRows(i, SubtreeEnd(i));
  } else if (old.first == first) {
    Adjust(i, last + 1, old.last);
  } else if (old.last == last) {
    Adjust(i, old.first, first - 1);
  } else if (spare_node) {
    if (!Adjust(i, old.first, first - 1)) return;
    Row upper = old;
    upper.first = last + 1;
    upper.handle = kNoHandle;
    InsertAt(SubtreeEnd(i), upper);
  }
}

// Whether row `i` with these bounds would stay inside its parent and apart from its neighbours. It is asked for bounds
// outside its own when the released range wraps.
bool Resources::FitsAmongNeighbours(size_t i, uint64_t first, uint64_t last) const {
  const unsigned depth = rows_[i].depth;
  const size_t next = SubtreeEnd(i);
  if (next < rows_.size() && rows_[next].depth == depth && rows_[next].first <= last) return false;
  bool nearest = true;
  for (size_t before = i; before-- > 0;) {
    if (rows_[before].depth < depth) return first >= rows_[before].first && last <= rows_[before].last;
    if (rows_[before].depth != depth) continue;
    if (nearest && first <= rows_[before].last) return false;
    if (depth == 0) break;
    nearest = false;
  }
  return last <= last_;
}

// A node keeps its bounds when a child would not fit into the new ones.
bool Resources::Adjust(size_t i, uint64_t first, uint64_t last) {
  for (size_t child = i + 1; child < SubtreeEnd(i); ++child) {
    if (rows_[child].first < first || rows_[child].last > last) return false;
  }
  if (!FitsAmongNeighbours(i, first, last)) return false;
  rows_[i].first = first;
  rows_[i].last = last;
  return true;
}

// Counts as the kernel does: where the range starts, where it ends, and what lies wholly inside. An empty or wrapping
// range thus meets whatever holds its first or its (wrapped) last byte.
Overlap Resources::IntersectsRam(PhysRange range) const {
  const uint64_t first = range.start;
  const uint64_t last = range.end() - 1;
  bool ram = false;
  bool other = false;
  for (const Row& row : rows_) {
    if (row.depth != 0) continue;
    const bool met = (first >= row.first && first <= row.last) || (last >= row.first && last <= row.last) ||
                     (row.first >= first && row.last <= last);
    if (met) (row.ram ? ram : other) = true;
  }
  if (!ram) return Overlap::kDisjoint;
  return other ? Overlap::kMixed : Overlap::kIntersects;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
