// SPDX-License-Identifier: Apache-2.0
// PfnStore: the radix tree behind the lookup of device mappings.
#include "machine/pfn_store.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void PfnStore::Reset() {
  arena_.Reset();
  root_ = nullptr;
  head_ = kNoHandle;
  lowest_ = Pfn(~uint64_t{0});
  highest_ = Pfn(0);
}

// xas_set_range: the longest naturally placed run of slots that starts at `first` and stays below `last`.
PfnStore::Piece PfnStore::PieceAt(uint64_t first, uint64_t last) {
  Piece piece{.index = first, .shift = 0, .sibs = 0};
  uint64_t sibs = last - first;
  uint64_t offset = kChunkMask;
  while ((first & kChunkMask) == 0) {
    if (sibs < kChunkMask || (sibs == kChunkMask && offset < kChunkMask)) break;
    piece.shift += kChunkShift;
    if (offset == kChunkMask) offset = sibs & kChunkMask;
    sibs >>= kChunkShift;
    first >>= kChunkShift;
  }
  offset = first & kChunkMask;
  sibs = std::min(sibs, kChunkMask - offset);
  if (((first + sibs + 1) << piece.shift) - 1 > last) --sibs;
  piece.sibs = static_cast<unsigned>(sibs);
  return piece;
}

// xas_descend: the slot of `index` in `node`, moved to the first slot of the entry it belongs to.
unsigned PfnStore::Descend(const Node& node, uint64_t index) {
  const unsigned offset = static_cast<unsigned>(index >> node.shift & kChunkMask);
  const Slot slot = node.slots[offset];
  return slot.kind() == Slot::Kind::kSibling ? slot.sibling() : offset;
}

PfnStore::Node* PfnStore::NewNode(unsigned shift, PageAllocator& allocator) {
  if (!allocator.Get(AllocSite::kLookup) && !allocator.Get(AllocSite::kLookup)) return nullptr;
  Node* node = arena_.New<Node>();
  node->shift = shift;
  node->offset = 0;
  node->count = 0;
  node->parent = nullptr;
  for (Slot& slot : node->slots) slot = {};
  return node;
}

// xas_expand: makes the tree tall enough for `max_index`. Index 0 alone needs no node.
bool PfnStore::Expand(uint64_t max_index, PageAllocator& allocator) {
  if (root_ == nullptr) {
    if (max_index == 0) return true;
    // An empty tree starts as tall as it must be, an entry in the head moves to a node of its own first.
    unsigned shift = 0;
    while (head_ == kNoHandle && max_index >> shift >= kChunk) shift += kChunkShift;
    root_ = NewNode(shift, allocator);
    if (root_ == nullptr) return false;
    if (head_ != kNoHandle) {
      root_->count = 1;
      root_->slots[0] = Slot::OfMapping(head_);
      head_ = kNoHandle;
    }
  }
  while (max_index >> root_->shift >= kChunk) {
    Node* node = NewNode(root_->shift + kChunkShift, allocator);
    if (node == nullptr) return false;
    node->count = 1;
    node->slots[0] = Slot::OfNode(root_);
    root_->parent = node;
    root_->offset = 0;
    root_ = node;
  }
  return true;
}

// xas_create: the slot that `piece` goes to, with the nodes above it; no node: the head. Stops early at an entry that
// is there already.
bool PfnStore::Create(const Piece& piece, PageAllocator& allocator, Place* place) {
  const uint64_t mask = ((uint64_t{piece.sibs} + 1) << piece.shift) - 1;
  // xas_max: a piece of several indices at 0 must not fill the tree, it needs a node above it.
  const uint64_t max_index = piece.index == 0 && mask != 0 ? mask + 1 : piece.index | mask;
  if (!Expand(max_index, allocator)) return false;
  Node* node = root_;
  if (node == nullptr) {
    *place = {nullptr, 0};
    return true;
  }
  unsigned offset = Descend(*node, piece.index);
  while (node->shift > piece.shift) {
    const Slot slot = node->slots[offset];
    Node* child;
    if (slot.empty()) {
      child = NewNode(node->shift - kChunkShift, allocator);
      if (child == nullptr) return false;
      child->parent = node;
      child->offset = static_cast<uint16_t>(offset);
      node->slots[offset] = Slot::OfNode(child);
      ++node->count;
    } else if (slot.kind() == Slot::Kind::kNode) {
      child = slot.node();
    } else {
      break;
    }
    node = child;
    offset = Descend(*node, piece.index);
  }
  *place = {node, offset};
  return true;
}

void PfnStore::Free(Node* node) {
  for (const Slot slot : node->slots) {
    if (slot.kind() == Slot::Kind::kNode) Free(slot.node());
  }
  Arena::Retire(node);
}

void PfnStore::StorePiece(const Place& place, unsigned sibs, Handle map) {
  if (place.node == nullptr) {
    head_ = map;
    return;
  }
  Node& node = *place.node;
  for (unsigned offset = place.offset; offset <= place.offset + sibs && offset < kChunk; ++offset) {
    Slot& slot = node.slots[offset];
    if (slot.empty()) ++node.count;
    if (slot.kind() == Slot::Kind::kNode) Free(slot.node());
    slot = offset == place.offset ? Slot::OfMapping(map) : Slot::OfSibling(place.offset);
  }
}

bool PfnStore::Store(Pfn first, Pfn last, Handle map, PageAllocator& allocator) {
  lowest_ = std::min(lowest_, first);
  highest_ = std::max(highest_, last);
  // The kernel makes the node of the range's end first, so that the loop below finds the tree tall enough.
  const uint64_t end = last.value() + 1;
  const unsigned order = end == 0 ? 63 : static_cast<unsigned>(__builtin_ctzll(end));
  const Piece tail{.index = last.value() >> order << order,
                   .shift = order - order % kChunkShift,
                   .sibs = (1U << order % kChunkShift) - 1};
  Place place{};
  if (!Create(tail, allocator, &place)) return false;

  for (uint64_t index = first.value();;) {
    Piece piece = PieceAt(index, last.value());
    // A range of one piece has its place already.
    const bool placed = index == first.value() && piece == tail;
    if (!placed && !Create(piece, allocator, &place)) return false;
    if (place.node != nullptr && piece.shift < place.node->shift) piece.sibs = 0;
    StorePiece(place, piece.sibs, map);
    const uint64_t size = (uint64_t{piece.sibs} + 1) << piece.shift;
    if (last.value() - index < size) return true;
    index += size;
  }
}

// xas_delete_node and xas_shrink: an empty node goes, and its parent if that leaves it empty; a root that lost
// something and has nothing but slot 0 is replaced by the node there, or by its entry when it stands for index 0 alone.
void PfnStore::Prune(Node* node) {
  while (node->count == 0) {
    Node* parent = node->parent;
    if (parent == nullptr) {
      root_ = nullptr;
      Arena::Retire(node);
      return;
    }
    --parent->count;
    parent->slots[node->offset] = {};
    Arena::Retire(node);
    node = parent;
  }
  if (node != root_) return;
  while (node->count == 1 && node->slots[0].kind() == Slot::Kind::kNode) {
    root_ = node->slots[0].node();
    root_->parent = nullptr;
    Arena::Retire(node);
    node = root_;
  }
  if (node->count == 1 && node->shift == 0 && node->slots[0].kind() == Slot::Kind::kMapping) {
    head_ = node->slots[0].map();
    root_ = nullptr;
    Arena::Retire(node);
  }
}

void PfnStore::ErasePiece(const Place& place, unsigned sibs) {
  Node& node = *place.node;
  if (node.slots[place.offset].empty() && sibs == 0) return;
  const unsigned max = place.offset + sibs;
  const unsigned count = node.count;
  for (unsigned offset = place.offset; offset < kChunk; ++offset) {
    Slot& slot = node.slots[offset];
    // Slots behind the piece go only while they are part of an entry that was cut.
    if (offset > max && slot.kind() != Slot::Kind::kSibling) break;
    if (slot.empty()) continue;
    --node.count;
    if (slot.kind() == Slot::Kind::kNode) Free(slot.node());
    slot = {};
  }
  // A node that Create() made for a store which failed later stays empty.
  if (node.count != count) Prune(&node);
}

void PfnStore::Erase(Pfn first, Pfn last) {
  for (uint64_t index = first.value();;) {
    if (root_ == nullptr) {
      if (index == 0) head_ = kNoHandle;
      return;
    }
    Piece piece = PieceAt(index, last.value());
    const bool inside = index >> root_->shift < kChunk;
    if (inside && piece.shift > root_->shift) {
      // xas_load stops above the topmost node: the piece is a slot of a taller tree and holds all there is.
      Free(root_);
      root_ = nullptr;
    } else if (inside) {
      Node* node = root_;
      unsigned offset = Descend(*node, index);
      for (Slot slot = node->slots[offset]; slot.kind() == Slot::Kind::kNode && piece.shift <= slot.node()->shift;
           slot = node->slots[offset]) {
        node = slot.node();
        offset = Descend(*node, index);
      }
      if (piece.shift < node->shift) piece.sibs = 0;
      ErasePiece({node, offset}, piece.sibs);
    }
    const uint64_t size = (uint64_t{piece.sibs} + 1) << piece.shift;
    if (last.value() - index < size) return;
    index += size;
  }
}

Handle PfnStore::Walk(Pfn pfn) const {
  const Node* node = root_;
  if (node == nullptr) return pfn == Pfn(0) ? head_ : kNoHandle;
  if (pfn.value() >> node->shift >= kChunk) return kNoHandle;
  Slot slot = node->slots[Descend(*node, pfn.value())];
  // A sibling of an entry that was overwritten in part and erased may lead to a node. (5.18 and later retry for ever.)
  while (slot.kind() == Slot::Kind::kNode) {
    node = slot.node();
    slot = node->slots[Descend(*node, pfn.value())];
  }
  return slot.kind() == Slot::Kind::kMapping ? slot.map() : kNoHandle;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
