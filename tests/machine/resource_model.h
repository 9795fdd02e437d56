// SPDX-License-Identifier: Apache-2.0
// A resource tree as a set of ranges that nest: what lies in what follows from the ranges alone, and from the order of
// insertion where they are equal. Slow, and without a pointer that could be wrong.
#ifndef HPFUZZ_TESTS_MACHINE_RESOURCE_MODEL_H_
#define HPFUZZ_TESTS_MACHINE_RESOURCE_MODEL_H_

#include <algorithm>
#include <vector>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class ResourceModel {
 public:
  explicit ResourceModel(const FirmwareMap& map) : end_(map.resource_end()) {
    for (const FirmwareRange& entry : map) {
      const bool ram = entry.kind == FirmwareKind::kRam;
      if (entry.kind != FirmwareKind::kUnmovable) nodes_.push_back({entry.range, ram, ram, kNoHandle, 0});
    }
  }

  bool RequestRam(PhysRange range) {
    if (!Fits(range)) return false;
    for (const Node& node : nodes_) {
      if (node.range.overlaps(range) && (node.busy || !node.range.contains(range))) return false;
    }
    nodes_.push_back({range, true, true, kNoHandle, ++innermost_});
    return true;
  }

  // Takes back what RequestRam made last.
  void ReleaseLatest() { nodes_.pop_back(); }

  void ReleaseAdjustable(PhysRange range) {
    // The outermost busy node around the range.
    const Node* found = nullptr;
    for (const Node& node : nodes_) {
      if (node.busy && node.range.contains(range) && (found == nullptr || Inside(*found, node))) found = &node;
    }
    if (found == nullptr) return;
    const Node target = *found;
    const PhysRange low{target.range.start, range.start - target.range.start};
    const PhysRange high{range.end(), target.range.end() - range.end()};
    if (target.range == range) {
      Drop([&](const Node& node) { return Inside(node, target) || Same(node, target); });
      return;
    }
    const PhysRange kept = low.size != 0 ? low : high;
    for (const Node& node : nodes_) {
      if (Inside(node, target) && !kept.contains(node.range)) return;
    }
    for (Node& node : nodes_) {
      if (Same(node, target))
        node = {kept, node.busy, node.ram, node.handle, --outermost_};  // still around its children
    }
    if (low.size != 0 && high.size != 0) nodes_.push_back({high, target.busy, target.ram, kNoHandle, 0});
  }

  bool Insert(Handle handle, PhysRange range, bool busy, bool ram) {
    if (!Fits(range)) return false;
    for (const Node& node : nodes_) {
      if (node.range.overlaps(range) && !node.range.contains(range) && !range.contains(node.range)) return false;
    }
    nodes_.push_back({range, busy, ram, handle, --outermost_});
    return true;
  }

  bool Remove(Handle handle) {
    return handle != kNoHandle && Drop([&](const Node& node) { return node.handle == handle; });
  }

  // By pages: ranges are whole pages here.
  Overlap Intersects(PhysRange range, bool nested) const {
    bool type = false;
    bool other = false;
    for (const Node& top : nodes_) {
      if (Depth(top) != 0 || !top.range.overlaps(range)) continue;
      if (top.ram) {
        type = true;
      } else if (!nested || !AllRamBelow(top, range, &type)) {
        other = true;
      }
    }
    return !type ? Overlap::kDisjoint : other ? Overlap::kMixed : Overlap::kIntersects;
  }

  uint64_t SystemRamPages(PhysRange range) const {
    uint64_t pages = 0;
    for (uint64_t byte = range.start; byte < range.end(); byte += kPageSize) {
      pages += std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
        return node.busy && node.ram && node.range.contains({byte, 1});
      });
    }
    return pages;
  }

  std::vector<ResourceRow> Rows() const {
    std::vector<Node> sorted = nodes_;
    std::sort(sorted.begin(), sorted.end(), [](const Node& a, const Node& b) {
      return a.range.start != b.range.start ? a.range.start < b.range.start : Inside(b, a);
    });
    std::vector<ResourceRow> rows;
    for (const Node& node : sorted) {
      rows.push_back(
          {.range = node.range, .depth = static_cast<uint16_t>(Depth(node)), .busy = node.busy, .ram = node.ram});
    }
    return rows;
  }

  size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    PhysRange range;
    bool busy;
    bool ram;
    Handle handle;
    int rank;  // of equal ranges the lower one is outside
  };

  static bool Same(const Node& a, const Node& b) { return a.range == b.range && a.rank == b.rank; }
  static bool Inside(const Node& inner, const Node& outer) {
    return inner.range == outer.range ? inner.rank > outer.rank : outer.range.contains(inner.range);
  }
  long Depth(const Node& node) const {
    return std::count_if(nodes_.begin(), nodes_.end(), [&](const Node& other) { return Inside(node, other); });
  }
  bool Fits(PhysRange range) const {
    return range.size != 0 && !range.wraps() && range.end() - 1 < end_ && range.end() != 0;
  }

  bool AllRamBelow(const Node& top, PhysRange range, bool* any) const {
    bool all = true;
    for (uint64_t byte = range.start; byte < range.end(); byte += kPageSize) {
      if (!top.range.contains({byte, 1})) continue;
      const bool ram = std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
        return node.ram && Inside(node, top) && node.range.contains({byte, 1});
      });
      *any |= ram;
      all &= ram;
    }
    return all;
  }

  template <typename Predicate>
  bool Drop(Predicate predicate) {
    const auto gone = std::remove_if(nodes_.begin(), nodes_.end(), predicate);
    const bool any = gone != nodes_.end();
    nodes_.erase(gone, nodes_.end());
    return any;
  }

  uint64_t end_;
  std::vector<Node> nodes_;
  int outermost_ = 0;
  int innermost_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_MACHINE_RESOURCE_MODEL_H_
