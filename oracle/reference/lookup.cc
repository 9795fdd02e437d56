// SPDX-License-Identifier: Apache-2.0
// Lookup: the slots of the mapping store.
#include "oracle/reference/lookup.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

void Lookup::Clear() {
  SetHead(Slot());
  nodes_.clear();
  free_.clear();
}

Handle Lookup::FindBelowHead(uint64_t index) const {
  const Slot* slot = &head_;
  while (slot->is_node()) {
    const Node& node = nodes_[slot->what];
    slot = &node.slots[index >> node.shift & kMask];
    if (slot->is_sibling()) slot = &node.slots[slot->what];
  }
  // A sibling of a sibling is what an overwritten entry leaves behind: nobody.
  return slot->kind == Slot::Kind::kEntry ? static_cast<Handle>(slot->what) : kNoHandle;
}

// The largest piece that starts at `first`, ends by `last`, and spans at most one node (xas_set_range).
Lookup::Piece Lookup::FirstPiece(uint64_t first, uint64_t last) {
  Piece piece{first, 0, 0};
  uint64_t siblings = last - first;
  uint64_t slot = kMask;
  while ((first & kMask) == 0) {
    if (siblings < kMask || (siblings == kMask && slot < kMask)) break;
    piece.shift += kBits;
    if (slot == kMask) slot = siblings & kMask;
    siblings >>= kBits;
    first >>= kBits;
  }
  slot = first & kMask;
  if (slot + siblings > kMask) siblings = kMask - slot;
  if (((first + siblings + 1) << piece.shift) - 1 > last) --siblings;
  piece.siblings = static_cast<unsigned>(siblings);
  return piece;
}

void Lookup::SetHead(Slot slot) {
  head_ = slot;
  // Wraps to all indices below a node of the topmost level.
  last_index_ = slot.is_node() ? (uint64_t{kSlots} << nodes_[slot.what].shift) - 1 : 0;
}

Lookup::Slot Lookup::At(const Place& place) const {
  return place.depth == 0 ? head_ : nodes_[place.path[place.depth - 1]].slots[place.slot[place.depth - 1]];
}

void Lookup::Put(const Place& place, Slot value) {
  if (place.depth == 0) {
    SetHead(value);
  } else {
    nodes_[place.path[place.depth - 1]].Put(place.slot[place.depth - 1], value);
  }
}

Lookup::Slot Lookup::Descend(Place& place, uint32_t node, uint64_t index) const {
  const Node& at = nodes_[node];
  unsigned slot = index >> at.shift & kMask;
  if (at.slots[slot].is_sibling()) slot = at.slots[slot].what;
  place.path[place.depth] = node;
  place.slot[place.depth] = slot;
  ++place.depth;
  return at.slots[slot];
}

// A node is asked for without waiting first; when that fails, once more with waiting.
bool Lookup::NewNode(unsigned shift, Requests& requests, Slot& made) {
  if (!requests.Ask(AllocSite::kLookup) && !requests.Ask(AllocSite::kLookup)) return false;
  made.kind = Slot::Kind::kNode;
  if (free_.empty()) {
    made.what = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    made.what = free_.back();
    free_.pop_back();
    nodes_[made.what] = Node();
  }
  nodes_[made.what].shift = shift;
  return true;
}

void Lookup::FreeTree(uint32_t node) {
  for (const Slot below : nodes_[node].slots) Free(below);
  free_.push_back(node);
}

// Makes the tree tall enough for `highest`; `shift` is one level above its topmost node.
bool Lookup::Grow(uint64_t highest, unsigned& shift, Requests& requests) {
  shift = 0;
  if (head_.is_empty()) {
    if (highest == 0) return true;
    while (highest >> shift >= kSlots) shift += kBits;
    shift += kBits;
    return true;
  }
  if (head_.is_node()) shift = nodes_[head_.what].shift + kBits;
  while (highest > last_index_) {
    Slot top;
    if (!NewNode(shift, requests, top)) return false;
    nodes_[top.what].Put(0, head_);
    SetHead(top);
    shift += kBits;
  }
  return true;
}

// Finds the slot for `piece`, making the nodes that are missing. An entry on the way ends the search early.
bool Lookup::Create(const Piece& piece, Place& place, Requests& requests) {
  uint64_t highest = piece.index;
  if (piece.shift != 0 || piece.siblings != 0) {
    const uint64_t span = ((uint64_t{piece.siblings} + 1) << piece.shift) - 1;
    highest |= span;
    // An entry of several slots never stands in the head.
    if (highest == span) ++highest;
  }
  unsigned shift = 0;
  if (!Grow(highest, shift, requests)) return false;
  place.depth = 0;
  Slot slot = head_;
  while (shift > piece.shift) {
    shift -= kBits;
    if (slot.is_empty()) {
      if (!NewNode(shift, requests, slot)) return false;
      Put(place, slot);
    } else if (!slot.is_node()) {
      break;
    }
    slot = Descend(place, slot.what, piece.index);
  }
  return true;
}

bool Lookup::Store(uint64_t first, uint64_t last, Handle handle, Requests& requests) {
  // The kernel prepares the path to the last index once, as if for one aligned entry.
  const unsigned order = last + 1 == 0 ? 64 : static_cast<unsigned>(__builtin_ctzll(last + 1));
  Piece tail;
  tail.index = order < 64 ? last >> order << order : 0;
  tail.shift = order - order % kBits;
  tail.siblings = (1U << order % kBits) - 1;
  Place place;
  if (!Create(tail, place, requests)) return false;

  const Slot entry{Slot::Kind::kEntry, handle};
  for (;;) {
    Piece piece = FirstPiece(first, last);
    if (!Create(piece, place, requests)) return false;
    if (place.depth != 0 && nodes_[place.path[place.depth - 1]].shift > piece.shift) piece.siblings = 0;
    const Slot old = At(place);
    if (old != entry || piece.siblings != 0) {
      Put(place, entry);
      Free(old);
      if (piece.siblings != 0) MarkSiblings(piece, place);
    }
    const uint64_t step = (uint64_t{piece.siblings} + 1) << piece.shift;
    if (last - first < step) return true;
    first += step;
  }
}

// An entry of several slots never stands in the head, so `place` is in a node.
void Lookup::MarkSiblings(const Piece& piece, const Place& place) {
  Node& node = nodes_[place.path[place.depth - 1]];
  const unsigned canonical = place.slot[place.depth - 1];
  for (unsigned i = canonical + 1; i <= canonical + piece.siblings; ++i) {
    const Slot covered = node.slots[i];
    node.Put(i, {Slot::Kind::kSibling, canonical});
    Free(covered);
  }
}

void Lookup::Erase(uint64_t first, uint64_t last) {
  for (;;) {
    Piece piece = FirstPiece(first, last);
    if (first <= last_index_) {
      Place place;
      Slot slot = head_;
      while (slot.is_node() && nodes_[slot.what].shift >= piece.shift) slot = Descend(place, slot.what, first);
      if (place.depth != 0 && nodes_[place.path[place.depth - 1]].shift > piece.shift) piece.siblings = 0;
      if (!slot.is_empty() || piece.siblings != 0) Clear(piece, place);
    }
    const uint64_t step = (uint64_t{piece.siblings} + 1) << piece.shift;
    if (last - first < step) return;
    first += step;
  }
}

// Clears the slots of `piece` and, beyond it, the siblings that follow.
void Lookup::Clear(const Piece& piece, Place& place) {
  const Slot old = At(place);
  Put(place, Slot());
  Free(old);
  if (place.depth == 0) return;
  Node& node = nodes_[place.path[place.depth - 1]];
  const unsigned from = place.slot[place.depth - 1];
  bool changed = !old.is_empty();
  for (unsigned i = from + 1; i < kSlots; ++i) {
    const Slot next = node.slots[i];
    if (!next.is_sibling() && i > from + piece.siblings) break;
    changed |= !next.is_empty();
    node.Put(i, Slot());
    Free(next);
  }
  // An empty node that was only prepared stays, and is not asked for again.
  if (changed) DropEmptyNodes(place);
}

// Goes up from `place`, whose slot was emptied.
void Lookup::DropEmptyNodes(Place& place) {
  while (place.depth != 0 && nodes_[place.path[place.depth - 1]].used == 0) {
    --place.depth;
    free_.push_back(At(place).what);
    Put(place, Slot());
  }
  if (place.depth == 1) Shrink();
}

// A tree that uses only its lowest slot loses its topmost nodes.
void Lookup::Shrink() {
  while (head_.is_node() && nodes_[head_.what].used == 1) {
    const uint32_t top = head_.what;
    const Slot below = nodes_[top].slots[0];
    if (below.is_empty() || (!below.is_node() && nodes_[top].shift != 0)) return;
    SetHead(below);
    free_.push_back(top);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
