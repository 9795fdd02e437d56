// SPDX-License-Identifier: Apache-2.0
// ResourceTree: requesting, inserting, releasing and searching resources.
#include "machine/resource_tree.h"

#include <algorithm>

#include "hotplug/attributes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void ResourceTree::Boot(const FirmwareMap& map) {
  nodes_.clear();
  nodes_.push_back({0, map.resource_end() - 1, kNoHandle, false, false});
  Index previous = kNil;
  for (const FirmwareRange& entry : map) {
    if (entry.kind == FirmwareKind::kUnmovable) continue;
    const bool ram = entry.kind == FirmwareKind::kRam;
    const Index node = New(entry.range, ram, ram, kNoHandle);
    nodes_[node].parent = kRoot;
    (previous == kNil ? nodes_[kRoot].child : nodes_[previous].sibling) = node;
    previous = node;
  }
}

ResourceTree::Index ResourceTree::New(PhysRange range, bool busy, bool ram, Handle handle) {
  nodes_.push_back({range.start, range.start + (range.size - 1), handle, busy, ram});
  return static_cast<Index>(nodes_.size() - 1);
}

// __request_resource: links `node` below `parent` and answers kNil, or answers the node in its way (`parent` itself
// when the range does not fit in it).
ResourceTree::Index ResourceTree::RequestUnder(Index parent, Index node) {
  Node& wanted = nodes_[node];
  if (wanted.last < wanted.start || wanted.start < nodes_[parent].start || wanted.last > nodes_[parent].last) {
    return parent;
  }
  Index* link = &nodes_[parent].child;
  while (*link != kNil && nodes_[*link].last < wanted.start) link = &nodes_[*link].sibling;
  if (*link != kNil && nodes_[*link].start <= wanted.last) return *link;
  wanted.sibling = *link;
  wanted.parent = parent;
  *link = node;
  return kNil;
}

bool ResourceTree::RequestRam(PhysRange range) {
  const Index node = New(range, true, true, kNoHandle);
  for (Index parent = kRoot;;) {
    const Index conflict = RequestUnder(parent, node);
    if (conflict == kNil) return true;
    if (conflict == parent || nodes_[conflict].busy) break;
    parent = conflict;
  }
  nodes_.pop_back();
  return false;
}

void ResourceTree::Unlink(Index node) {
  Index* link = &nodes_[nodes_[node].parent].child;
  while (*link != node) link = &nodes_[*link].sibling;
  *link = nodes_[node].sibling;
}

void ResourceTree::ReleaseRam(PhysRange range) {
  for (Index parent = kRoot;;) {
    Index node = nodes_[parent].child;
    while (node != kNil && !Overlaps(node, range.start, range.start)) node = nodes_[node].sibling;
    if (node == kNil) return;
    const Node& found = nodes_[node];
    if (found.busy && found.ram && found.start == range.start && found.last == range.start + (range.size - 1)) {
      Unlink(node);
      return;
    }
    parent = node;
  }
}

// __adjust_resource: refuses to leave a child or a neighbour outside or inside.
bool ResourceTree::Adjust(Index node, uint64_t start, uint64_t last) {
  // Bounds only ever move inwards, but for a range that wraps: __adjust_resource tests its neighbours then, too.
  const Node& parent = nodes_[nodes_[node].parent];
  if (start < parent.start || last > parent.last) return false;
  const Index next = nodes_[node].sibling;
  if (next != kNil && nodes_[next].start <= last) return false;
  for (Index before = parent.child; before != node; before = nodes_[before].sibling) {
    if (nodes_[before].sibling == node && start <= nodes_[before].last) return false;
  }
  for (Index child = nodes_[node].child; child != kNil; child = nodes_[child].sibling) {
    if (nodes_[child].start < start || nodes_[child].last > last) return false;
  }
  nodes_[node].start = start;
  nodes_[node].last = last;
  return true;
}

// Leaves what is below `start` to the node and gives what is above `last` to a new one.
bool ResourceTree::Split(Index node, uint64_t start, uint64_t last) {
  const uint64_t end = nodes_[node].last;
  if (!Adjust(node, nodes_[node].start, start - 1)) return false;
  const Index upper = New({last + 1, end - last}, nodes_[node].busy, nodes_[node].ram, kNoHandle);
  nodes_[upper].parent = nodes_[node].parent;
  nodes_[upper].sibling = nodes_[node].sibling;
  nodes_[node].sibling = upper;
  return true;
}

bool ResourceTree::ReleaseAdjustable(PhysRange range, PageAllocator* allocator) {
  const uint64_t start = range.start;
  const uint64_t last = range.start + (range.size - 1);
  if (start < nodes_[kRoot].start || last > nodes_[kRoot].last) return false;
  const bool spare_node = allocator == nullptr || allocator->Get(AllocSite::kResource);
  for (Index node = nodes_[kRoot].child; node != kNil && nodes_[node].start < last;) {
    const Node& found = nodes_[node];
    if (found.start > start || found.last < last) {
      node = found.sibling;
    } else if (allocator != nullptr && !found.ram) {
      return true;
    } else if (!found.busy) {
      node = found.child;
    } else if (found.start == start && found.last == last) {
      Unlink(node);
      return true;
    } else if (found.start == start) {
      return Adjust(node, last + 1, found.last);
    } else if (found.last == last) {
      return Adjust(node, found.start, start - 1);
    } else {
      return spare_node && Split(node, start, last);
    }
  }
  return true;
}

bool ResourceTree::Insert(Handle handle, PhysRange range, bool busy, bool ram) {
  const Index node = New(range, busy, ram, handle);
  const uint64_t start = nodes_[node].start;
  const uint64_t last = nodes_[node].last;
  Index parent = kRoot;
  Index first = kNil;
  // __insert_resource: descend while a node contains the range and is larger than it.
  for (;; parent = first) {
    first = RequestUnder(parent, node);
    if (first == kNil) return true;
    if (first == parent) break;
    if (nodes_[first].start > start || nodes_[first].last < last) break;
    if (nodes_[first].start == start && nodes_[first].last == last) break;
  }
  bool fits = first != parent;
  Index end = first;  // the last node that comes to lie below the new one
  while (fits) {
    fits = nodes_[end].start >= start && nodes_[end].last <= last;
    const Index next = nodes_[end].sibling;
    if (next == kNil || nodes_[next].start > last) break;
    end = next;
  }
  if (!fits) {
    nodes_.pop_back();
    return false;
  }
  nodes_[node].parent = parent;
  nodes_[node].sibling = nodes_[end].sibling;
  nodes_[node].child = first;
  nodes_[end].sibling = kNil;
  for (Index child = first; child != kNil; child = nodes_[child].sibling) nodes_[child].parent = node;
  Index* link = &nodes_[parent].child;
  while (*link != first) link = &nodes_[*link].sibling;
  *link = node;
  return true;
}

bool ResourceTree::Remove(Handle handle) {
  if (handle == kNoHandle) return false;  // what boot and add_memory made
  Index node = nodes_[kRoot].child;
  while (node != kNil && nodes_[node].handle != handle) node = NextBelow(kRoot, node);
  if (node == kNil) return false;
  const Node gone = nodes_[node];
  Index* link = &nodes_[gone.parent].child;
  while (*link != node) link = &nodes_[*link].sibling;
  if (gone.child == kNil) {
    *link = gone.sibling;
    return true;
  }
  *link = gone.child;
  Index child = gone.child;
  for (;; child = nodes_[child].sibling) {
    nodes_[child].parent = gone.parent;
    if (nodes_[child].sibling == kNil) break;
  }
  nodes_[child].sibling = gone.sibling;
  return true;
}

Overlap ResourceTree::IntersectsTopLevel(PhysRange range) const {
  const uint64_t start = range.start;
  const uint64_t last = range.start + (range.size - 1);
  bool type = false;
  bool other = false;
  for (Index i = nodes_[kRoot].child; i != kNil; i = nodes_[i].sibling) {
    const Node& node = nodes_[i];
    // Three tests rather than one of overlap: a range of length 0 ends before it starts and still counts inside a node.
    const bool hit = (start >= node.start && start <= node.last) || (last >= node.start && last <= node.last) ||
                     (node.start >= start && node.last <= last);
    if (hit) (node.ram ? type : other) = true;
  }
  if (!type) return Overlap::kDisjoint;
  return other ? Overlap::kMixed : Overlap::kIntersects;
}

// The node after `node` in depth-first order below `top`; kNil at the end.
ResourceTree::Index ResourceTree::NextBelow(Index top, Index node) const {
  if (nodes_[node].child != kNil) return nodes_[node].child;
  while (node != top && nodes_[node].sibling == kNil) node = nodes_[node].parent;
  return node == top ? kNil : nodes_[node].sibling;
}

// Whether RAM below `top` covers what of [start, last] lies in it; `*any`: some RAM was found there.
bool ResourceTree::CoveredByRam(Index top, uint64_t start, uint64_t last, bool* any) const {
  uint64_t from = std::max(start, nodes_[top].start);
  const uint64_t to = std::min(last, nodes_[top].last);
  for (Index i = nodes_[top].child; i != kNil; i = NextBelow(top, i)) {
    if (!nodes_[i].ram || !Overlaps(i, start, last)) continue;
    *any = true;
    if (nodes_[i].start > from) return false;
    if (nodes_[i].last >= to) return true;
    from = std::max(from, nodes_[i].last + 1);
  }
  return false;
}

Overlap ResourceTree::IntersectsNested(PhysRange range) const {
  const uint64_t start = range.start;
  const uint64_t last = range.start + (range.size - 1);
  bool type = false;
  bool other = false;
  for (Index i = nodes_[kRoot].child; i != kNil; i = nodes_[i].sibling) {
    if (!Overlaps(i, start, last)) continue;
    if (nodes_[i].ram) {
      type = true;
    } else if (!CoveredByRam(i, start, last, &type)) {
      other = true;
    }
  }
  if (!type) return Overlap::kDisjoint;
  return other ? Overlap::kMixed : Overlap::kIntersects;
}

// find_next_iomem_res. A release that wraps leaves nodes that overlap and are out of order: what stands behind one
// above the range is not found then.
bool ResourceTree::FindSystemRam(PhysRange* rest, PfnRange* ram, EndsSearch ends) const {
  if (rest->size == 0) return false;
  const uint64_t last = rest->start + (rest->size - 1);
  for (Index i = nodes_[kRoot].child; i != kNil; i = NextBelow(kRoot, i)) {
    const Node& node = nodes_[i];
    const bool wanted = node.busy && node.ram;
    if (node.start > last && (wanted || ends == EndsSearch::kAnyNode)) return false;
    if (!wanted || !Overlaps(i, rest->start, last)) continue;
    const uint64_t from = std::max(rest->start, node.start);
    const uint64_t to = std::min(last, node.last);
    ram->first = Pfn::OfByte(from + (kPageSize - 1));
    ram->end = std::max(ram->first, Pfn::OfByte(to + 1));
    *rest = {to + 1, last - to};
    return true;
  }
  return false;
}

bool ResourceTree::NextSystemRam(PhysRange* rest, PfnRange* ram) const {
  return FindSystemRam(rest, ram, EndsSearch::kWantedNode);
}

uint64_t ResourceTree::SystemRamPages(PhysRange range) const {
  uint64_t pages = 0;
  for (PfnRange ram; FindSystemRam(&range, &ram, EndsSearch::kAnyNode);) pages += ram.pages();
  return pages;
}

HPFUZZ_UNCOVERED size_t ResourceTree::Rows(ResourceRow* rows, size_t capacity) const {
  size_t count = 0;
  uint16_t depth = 0;
  for (Index i = nodes_[kRoot].child; i != kNil;) {
    const Node* node = &nodes_[i];
    if (count < capacity) {
      rows[count] = {
          .range = {node->start, node->last - node->start + 1}, .depth = depth, .busy = node->busy, .ram = node->ram};
    }
    ++count;
    if (node->child != kNil) {
      i = node->child;
      ++depth;
      continue;
    }
    // Up to the first that has something beside it; the root has not.
    for (; node->sibling == kNil && node->parent != kNil; --depth) node = &nodes_[node->parent];
    i = node->sibling;
  }
  return count;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
