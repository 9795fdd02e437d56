// SPDX-License-Identifier: Apache-2.0
// PfnStore: the pfn -> device mapping store (pgmap_array), a radix tree with entries that span several slots, as the
// kernel's xarray holds ranges. What makes it observable: storing or erasing over part of an entry that is there
// already replaces or erases the whole entry, and a store that lands in a sibling slot moves to the entry's first slot,
// so ranges of overlapping live mappings come out in chunks (cases xa-* of the recorded answers).
#ifndef HPFUZZ_MACHINE_PFN_STORE_H_
#define HPFUZZ_MACHINE_PFN_STORE_H_

#include <cstdint>

#include "hotplug/units.h"
#include "machine/arena.h"
#include "machine/page_allocator.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class PfnStore {
 public:
  void Reset();

  // xa_store_range over pfns [first, last]. False: -ENOMEM, with the part before the failing node stored. Each node is
  // asked for once under the lock and, when that fails, once more outside it (xas_nomem).
  bool Store(Pfn first, Pfn last, Handle map, PageAllocator& allocator);
  // xa_store_range of nothing.
  void Erase(Pfn first, Pfn last);
  // kNoHandle when nothing is stored there.
  Handle Load(Pfn pfn) const { return pfn < lowest_ || highest_ < pfn ? kNoHandle : Walk(pfn); }

 private:
  // XA_CHUNK_SHIFT of the recorded kernel, built with CONFIG_BASE_SMALL; 6 otherwise. It shows in which ranges share an
  // entry (devm-engulf-3sec) and in the size of its nodes.
  static constexpr unsigned kChunkShift = 4;
  static constexpr unsigned kChunk = 1U << kChunkShift;
  static constexpr uint64_t kChunkMask = kChunk - 1;

  struct Node;
  // What a slot holds, one tagged word as in the kernel: nothing, a node, a mapping, or the number of the slot (of the
  // same node) with the entry that it is part of.
  class Slot {
   public:
    enum class Kind : uint8_t { kEmpty, kNode, kMapping, kSibling };

    Slot() = default;
    static Slot OfNode(Node* node) { return Slot(reinterpret_cast<uintptr_t>(node), Kind::kNode); }
    static Slot OfMapping(Handle map) { return Slot(uint64_t{map} << kTagBits, Kind::kMapping); }
    static Slot OfSibling(unsigned slot) { return Slot(uint64_t{slot} << kTagBits, Kind::kSibling); }

    Kind kind() const { return static_cast<Kind>(word_ & ((1U << kTagBits) - 1)); }
    bool empty() const { return word_ == 0; }
    Node* node() const { return reinterpret_cast<Node*>(word_ - static_cast<uint64_t>(Kind::kNode)); }
    Handle map() const { return static_cast<Handle>(word_ >> kTagBits); }
    unsigned sibling() const { return static_cast<unsigned>(word_ >> kTagBits); }

   private:
    static constexpr unsigned kTagBits = 2;
    Slot(uint64_t value, Kind kind) : word_(value | static_cast<uint64_t>(kind)) {}

    uint64_t word_ = 0;
  };
  struct Node {
    Node* parent;
    uint32_t shift;
    uint16_t offset;  // slot of the parent
    uint16_t count;   // slots in use
    Slot slots[kChunk];
  };
  // One piece of a range: `sibs` + 1 slots at level `shift`.
  struct Piece {
    uint64_t index;
    unsigned shift;
    unsigned sibs;
    bool operator==(const Piece&) const = default;
  };
  struct Place {
    Node* node;
    unsigned offset;
  };

  static Piece PieceAt(uint64_t first, uint64_t last);
  static unsigned Descend(const Node& node, uint64_t index);
  Node* NewNode(unsigned shift, PageAllocator& allocator);
  bool Expand(uint64_t max_index, PageAllocator& allocator);
  bool Create(const Piece& piece, PageAllocator& allocator, Place* place);
  void StorePiece(const Place& place, unsigned sibs, Handle map);
  void ErasePiece(const Place& place, unsigned sibs);
  Handle Walk(Pfn pfn) const;
  void Free(Node* node);
  void Prune(Node* node);

  Arena arena_;
  Node* root_ = nullptr;
  Handle head_ = kNoHandle;  // the entry of index 0 while there is no node
  // Nothing was ever stored outside; most lookups are for pages of RAM.
  Pfn lowest_{~uint64_t{0}};
  Pfn highest_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_PFN_STORE_H_
