// SPDX-License-Identifier: Apache-2.0
// Lookup: from a pfn to the device mapping that owns it, as Linux 5.1 and later answer it. These kernels store a range
// as few multi-slot entries of a radix tree (xa_store_range), and storing or erasing over a part of an older entry
// changes all of that entry. Mappings that overlap a live (5.1) or dying one make this visible, and so do the nodes
// that are asked for, so the slots themselves are modelled.
//
// Not covered: whether a mapping found is still alive.
#ifndef HPFUZZ_ORACLE_REFERENCE_LOOKUP_H_
#define HPFUZZ_ORACLE_REFERENCE_LOOKUP_H_

#include <array>
#include <cstdint>
#include <vector>

#include "hotplug/units.h"
#include "oracle/reference/requests.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

class Lookup {
 public:
  void Clear();
  // kNoHandle: nobody.
  Handle Find(uint64_t index) const { return index > last_index_ ? kNoHandle : FindBelowHead(index); }
  // Indices [first, last]. False when a node could not be had; what was stored by then stays.
  bool Store(uint64_t first, uint64_t last, Handle handle, Requests& requests);
  void Erase(uint64_t first, uint64_t last);

 private:
  // XA_CHUNK_SHIFT of the recorded kernel, built with BASE_SMALL: its nodes are 192 bytes. BASE_FULL kernels have 6.
  static constexpr unsigned kBits = 4;
  static constexpr unsigned kSlots = 1U << kBits;
  static constexpr unsigned kMask = kSlots - 1;
  static constexpr unsigned kMaxLevels = 64 / kBits + 1;

  // Each slot of a node covers 2^shift indices. A slot is empty, holds an entry, points to a node below, or says
  // "same as slot c of this node" (sibling).
  struct Slot {
    enum class Kind : uint8_t { kEmpty, kEntry, kNode, kSibling };
    Kind kind = Kind::kEmpty;
    uint32_t what = 0;  // handle, node number, or c
    bool operator==(const Slot&) const = default;
    bool is_node() const { return kind == Kind::kNode; }
    bool is_empty() const { return kind == Kind::kEmpty; }
    bool is_sibling() const { return kind == Kind::kSibling; }
  };
  struct Node {
    std::array<Slot, kSlots> slots;
    unsigned shift = 0;
    unsigned used = 0;  // slots that are not empty
    void Put(unsigned slot, Slot value) {
      used += static_cast<unsigned>(slots[slot].is_empty()) - static_cast<unsigned>(value.is_empty());
      slots[slot] = value;
    }
  };
  // One naturally aligned piece of a range: 1 + siblings slots at level `shift`.
  struct Piece {
    uint64_t index = 0;
    unsigned shift = 0;
    unsigned siblings = 0;
  };
  // Where a descent ended: a slot of nodes_[path[depth - 1]], or the head when depth is 0.
  struct Place {
    std::array<uint32_t, kMaxLevels> path;
    std::array<unsigned, kMaxLevels> slot;
    unsigned depth = 0;
  };

  Handle FindBelowHead(uint64_t index) const;
  static Piece FirstPiece(uint64_t first, uint64_t last);
  void SetHead(Slot slot);
  Slot At(const Place& place) const;
  void Put(const Place& place, Slot value);
  // Goes one level down, into `node`; a sibling is followed once. Returns what is there.
  Slot Descend(Place& place, uint32_t node, uint64_t index) const;
  bool Create(const Piece& piece, Place& place, Requests& requests);
  bool Grow(uint64_t highest, unsigned& shift, Requests& requests);
  bool NewNode(unsigned shift, Requests& requests, Slot& made);
  void Free(Slot slot) {
    if (slot.is_node()) FreeTree(slot.what);
  }
  void FreeTree(uint32_t node);
  void MarkSiblings(const Piece& piece, const Place& place);
  void Clear(const Piece& piece, Place& place);
  void DropEmptyNodes(Place& place);
  void Shrink();

  Slot head_;
  uint64_t last_index_ = 0;  // the highest that there is room for below the head
  std::vector<Node> nodes_;
  std::vector<uint32_t> free_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LOOKUP_H_
