// SPDX-License-Identifier: Apache-2.0
// The resource tree: requests, releases and questions, as in kernel/resource.c of 6.1.
#include "oracle/reference/mainline_resources.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

void ResourceTree::Clear(uint64_t end) {
  last_ = end - 1;
  nodes_.clear();
}

void ResourceTree::AppendBoot(PhysRange range, bool busy, bool ram) {
  nodes_.push_back({range.start, range.start + (range.size - 1), 0, busy, ram, kNoHandle});
}

size_t ResourceTree::End(size_t node) const {
  size_t end = node + 1;
  while (end < nodes_.size() && nodes_[end].depth > nodes_[node].depth) ++end;
  return end;
}

ResourceTree::Place ResourceTree::Find(size_t parent, uint64_t start, uint64_t last) const {
  const uint64_t parent_start = parent == kTop ? 0 : nodes_[parent].start;
  const uint64_t parent_last = parent == kTop ? last_ : nodes_[parent].last;
  if (last < start || start < parent_start || last > parent_last) return {Place::kOutside, 0};
  const size_t end = parent == kTop ? nodes_.size() : End(parent);
  for (size_t child = parent == kTop ? 0 : parent + 1; child < end; child = End(child)) {
    if (nodes_[child].start > last) return {Place::kFree, child};
    if (nodes_[child].last >= start) return {Place::kChild, child};
  }
  return {Place::kFree, end};
}

bool ResourceTree::RequestRam(PhysRange range) {
  const uint64_t last = range.start + range.size - 1;
  size_t parent = kTop;
  for (;;) {
    const Place place = Find(parent, range.start, last);
    if (place.kind == Place::kFree) {
      InsertAt(place.at, {range.start, last, ChildDepth(parent), true, true, kNoHandle});
      return true;
    }
    if (place.kind == Place::kOutside || nodes_[place.at].busy) return false;
    parent = place.at;
  }
}

void ResourceTree::ReleaseRam(PhysRange range) {
  const uint64_t last = range.start + (range.size - 1);
  const auto own = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    return node.busy && node.start == range.start && node.last == last;
  });
  if (own != nodes_.end()) nodes_.erase(own);
}

bool ResourceTree::ChildrenFit(size_t node, uint64_t start, uint64_t last) const {
  const size_t end = End(node);
  return std::all_of(nodes_.begin() + static_cast<ptrdiff_t>(node) + 1, nodes_.begin() + static_cast<ptrdiff_t>(end),
                     [&](const Node& child) { return child.start >= start && child.last <= last; });
}

// Asked for bounds outside its own when the released range wraps: a node stays inside its parent and meets no sibling.
bool ResourceTree::NeighboursAllow(size_t node, uint64_t start, uint64_t last) const {
  const uint16_t depth = nodes_[node].depth;
  const size_t next = End(node);
  if (next < nodes_.size() && nodes_[next].depth == depth && nodes_[next].start <= last) return false;
  size_t before = node;
  while (before > 0 && nodes_[before - 1].depth > depth) --before;
  if (before > 0 && nodes_[before - 1].depth == depth && nodes_[before - 1].last >= start) return false;
  if (depth == 0) return last <= last_;
  while (nodes_[before - 1].depth >= depth) --before;
  return start >= nodes_[before - 1].start && last <= nodes_[before - 1].last;
}

unsigned ResourceTree::Trim(size_t node, uint64_t start, uint64_t last) {
  if (!ChildrenFit(node, start, last) || !NeighboursAllow(node, start, last)) return 1;
  nodes_[node].start = start;
  nodes_[node].last = last;
  return 0;
}

unsigned ResourceTree::ReleaseAdjustable(PhysRange range) {
  const uint64_t start = range.start;
  const uint64_t last = start + range.size - 1;
  if (last > last_) return 1;
  size_t node = 0;
  size_t end = nodes_.size();
  while (node < end && nodes_[node].start < last) {
    if (nodes_[node].start > start || nodes_[node].last < last) {
      node = End(node);
    } else if (!nodes_[node].busy) {
      end = End(node);
      ++node;
    } else {
      const Node found = nodes_[node];
      if (found.start == start && found.last == last) {
        EraseNodes(node, End(node));
      } else if (found.start == start) {
        return Trim(node, last + 1, found.last);
      } else if (found.last == last) {
        return Trim(node, found.start, start - 1);
      } else {
        if (Trim(node, found.start, start - 1) != 0) return 1;
        InsertAt(End(node), {last + 1, found.last, found.depth, found.busy, found.ram, kNoHandle});
      }
      return 0;
    }
  }
  return 0;
}

bool ResourceTree::Insert(Handle handle, PhysRange range, bool busy, bool ram) {
  if (range.size == 0 || range.wraps()) return false;
  const uint64_t start = range.start;
  const uint64_t last = start + (range.size - 1);
  size_t parent = kTop;
  Place place = Find(parent, start, last);
  while (place.kind == Place::kChild) {
    const Node& child = nodes_[place.at];
    const bool contains = child.start <= start && child.last >= last;
    if (!contains || (child.start == start && child.last == last)) break;
    parent = place.at;
    place = Find(parent, start, last);
  }
  if (place.kind == Place::kOutside) return false;
  size_t end = place.at;
  if (place.kind == Place::kChild) {
    const size_t parent_end = parent == kTop ? nodes_.size() : End(parent);
    while (end < parent_end && nodes_[end].start <= last) {
      if (nodes_[end].start < start || nodes_[end].last > last) return false;
      end = End(end);
    }
  }
  for (size_t adopted = place.at; adopted < end; ++adopted) ++nodes_[adopted].depth;
  InsertAt(place.at, {start, last, ChildDepth(parent), busy, ram, handle});
  return true;
}

bool ResourceTree::Remove(Handle handle) {
  if (handle == kNoHandle) return false;
  for (size_t node = 0; node < nodes_.size(); ++node) {
    if (nodes_[node].handle != handle) continue;
    const size_t end = End(node);
    for (size_t child = node + 1; child < end; ++child) --nodes_[child].depth;
    EraseNodes(node, node + 1);
    return true;
  }
  return false;
}

bool ResourceTree::RamBelowCovers(size_t node, uint64_t start, uint64_t last, unsigned* found) const {
  const size_t end = End(node);
  for (size_t child = node + 1; child < end;) {
    const Node& at = nodes_[child];
    if (at.start > last || at.last < start) {
      child = End(child);
      continue;
    }
    if (!at.ram) {
      ++child;
      continue;
    }
    ++*found;
    if (at.start > start) return false;
    if (at.last >= last) return true;
    start = std::max(start, at.last + 1);
    child = End(child);
  }
  return false;
}

Overlap ResourceTree::Intersects(PhysRange range) const {
  const uint64_t start = range.start;
  const uint64_t last = start + range.size - 1;
  unsigned ram = 0;
  unsigned other = 0;
  for (size_t node = 0; node < nodes_.size(); node = End(node)) {
    const Node& at = nodes_[node];
    if (at.start > last || at.last < start) continue;
    if (at.ram) {
      ++ram;
    } else if (!RamBelowCovers(node, std::max(start, at.start), std::min(last, at.last), &ram)) {
      ++other;
    }
  }
  if (ram == 0) return Overlap::kDisjoint;
  return other == 0 ? Overlap::kIntersects : Overlap::kMixed;
}

bool ResourceTree::BusyRamCovers(PfnRange pages) const {
  uint64_t next = pages.first.byte();
  const uint64_t last = pages.end.byte() - 1;
  for (const Node& node : nodes_) {
    if (node.start > last) break;
    if (!node.busy || !node.ram || node.last < next) continue;
    if (node.start > next) return false;
    if (node.last >= last) return true;
    next = node.last + 1;
  }
  return false;
}

size_t ResourceTree::Rows(ResourceRow* rows, size_t capacity) const {
  for (size_t i = 0; i < std::min(capacity, nodes_.size()); ++i) {
    const Node& node = nodes_[i];
    rows[i] = {
        .range = {node.start, node.last - node.start + 1}, .depth = node.depth, .busy = node.busy, .ram = node.ram};
  }
  return nodes_.size();
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
