// SPDX-License-Identifier: Apache-2.0
// ResourceTree: the tree of physical address ranges (/proc/iomem) as a flat array in depth-first order.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_RESOURCES_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_RESOURCES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/facts.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

class ResourceTree {
 public:
  // An empty tree of the bytes [0, end).
  void Clear(uint64_t end);
  // Appends a top-level node behind all others.
  void AppendBoot(PhysRange range, bool busy, bool ram);

  // __request_region() for busy System RAM: idle nodes that contain the range are descended into. Returns false on
  // conflict.
  bool RequestRam(PhysRange range);
  // Undoes the RequestRam of exactly this range.
  void ReleaseRam(PhysRange range);
  // release_mem_region_adjustable(): removes, trims or splits the one busy node that contains the range. Returns the
  // warnings that fired.
  unsigned ReleaseAdjustable(PhysRange range);

  bool Insert(Handle handle, PhysRange range, bool busy, bool ram);
  // Children move up. False: that handle is not in the tree.
  bool Remove(Handle handle);

  // region_intersects() against System RAM, in the kernel's arithmetic: the last byte is start + size - 1 modulo 2^64.
  Overlap Intersects(PhysRange range) const;
  // Busy System RAM covers every page of `pages`.
  bool BusyRamCovers(PfnRange pages) const;

  size_t Rows(ResourceRow* rows, size_t capacity) const;

 private:
  struct Node {
    uint64_t start;
    uint64_t last;
    uint16_t depth;
    bool busy;
    bool ram;
    Handle handle;
  };
  // Where a range stands among the children of one node.
  struct Place {
    enum { kFree, kChild, kOutside } kind;
    size_t at;  // kFree: where to insert; kChild: the first child that overlaps
  };
  static constexpr size_t kTop = ~size_t{0};  // the root, which has no node

  uint16_t ChildDepth(size_t parent) const {
    return parent == kTop ? uint16_t{0} : static_cast<uint16_t>(nodes_[parent].depth + 1);
  }
  // Index behind the last descendant.
  size_t End(size_t node) const;
  Place Find(size_t parent, uint64_t start, uint64_t last) const;
  void InsertAt(size_t at, const Node& node) { nodes_.insert(nodes_.begin() + static_cast<ptrdiff_t>(at), node); }
  void EraseNodes(size_t first, size_t end) {
    nodes_.erase(nodes_.begin() + static_cast<ptrdiff_t>(first), nodes_.begin() + static_cast<ptrdiff_t>(end));
  }
  // All children of `node` lie inside [start, last].
  bool ChildrenFit(size_t node, uint64_t start, uint64_t last) const;
  bool NeighboursAllow(size_t node, uint64_t start, uint64_t last) const;
  unsigned Trim(size_t node, uint64_t start, uint64_t last);
  // RAM below `node` covers all of [start, last]; `found` counts the RAM nodes met on the way.
  bool RamBelowCovers(size_t node, uint64_t start, uint64_t last, unsigned* found) const;

  uint64_t last_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_RESOURCES_H_
