// SPDX-License-Identifier: Apache-2.0
// Resources: the tree of physical address ranges, as rows in depth-first order.
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_RESOURCES_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_RESOURCES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "oracle/reference/requests.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

using reference::Requests;

class Resources {
 public:
  void Boot(const FirmwareMap& map);

  // insert_resource: false when the range overlaps another one in part, or is none.
  bool Insert(Handle handle, PhysRange range, bool busy, bool ram);
  // remove_resource: what stood below moves up. False when there is no such node.
  bool Remove(Handle handle);
  // add_memory: busy System RAM, possibly inside idle nodes. False on conflict or when no node could be had.
  bool RequestRam(PhysRange range, Requests& requests);
  // add_memory that failed: takes back exactly what RequestRam inserted, as long as nothing else changed.
  void CancelRam(PhysRange range);
  // remove_memory: trims, splits or frees the busy node that holds the range, if one node holds all of it.
  void ReleaseRam(PhysRange range, Requests& requests);

  // region_intersects against System RAM, top-level nodes only.
  Overlap IntersectsRam(PhysRange range) const;
  // Calls visit(first, end) with those of `pages` that lie in busy System RAM, at any depth, with every byte; not with
  // what stands behind such RAM above `pages` (see FirstOverlap).
  template <typename Visit>
  void ForEachRam(PfnRange pages, Visit visit) const;

  size_t size() const { return rows_.size(); }
  ResourceRow row(size_t i) const;

 private:
  struct Row {
    uint64_t first;
    uint64_t last;  // inclusive
    uint16_t depth;
    bool busy;
    bool ram;
    Handle handle;
  };
  // The children of one node: rows [begin, end) with those at `depth` as roots.
  struct Level {
    size_t begin;
    size_t end;
    uint16_t depth;
  };

  bool InTree(PhysRange range) const { return range.size != 0 && !range.wraps() && range.end() - 1 <= last_; }
  Level Below(size_t i) const { return {i + 1, SubtreeEnd(i), static_cast<uint16_t>(rows_[i].depth + 1)}; }
  size_t SubtreeEnd(size_t i) const;
  size_t FirstOverlap(const Level& level, uint64_t first, uint64_t last) const;
  size_t InsertionPoint(const Level& level, uint64_t first) const;
  void InsertAt(size_t i, const Row& row) { rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(i), row); }
  void EraseRows(size_t begin, size_t end);
  bool Adjust(size_t i, uint64_t first, uint64_t last);
  bool FitsAmongNeighbours(size_t i, uint64_t first, uint64_t last) const;

  uint64_t last_ = 0;  // last byte of the tree
  std::vector<Row> rows_;
};

template <typename Visit>
void Resources::ForEachRam(PfnRange pages, Visit visit) const {
  uint64_t next = pages.first.byte();
  const uint64_t last = pages.end.byte() - 1;
  for (const Row& row : rows_) {
    if (!row.busy || !row.ram) continue;
    if (row.first > last) break;
    if (row.last < next) continue;
    const uint64_t first = (std::max(row.first, next) + kPageSize - 1) >> kPageShift;
    const uint64_t end = (std::min(row.last, last) + 1) >> kPageShift;
    if (first < end) visit(first, end);
    if (row.last >= last) break;
    next = row.last + 1;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_RESOURCES_H_
