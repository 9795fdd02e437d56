// SPDX-License-Identifier: Apache-2.0
// PfnStore: the pfn -> device mapping store (pgmap_array), a radix tree with entries that span several slots, as the
// kernel's xarray holds ranges. What makes it observable: storing or erasing over part of an entry that is there already
// replaces or erases the whole entry, and a store that lands in a sibling slot moves to the entry's first slot, so ranges
// of overlapping live mappings come out in chunks (cases xa-* of the recorded answers).
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
  // A slot is empty, holds a node, a mapping, or names the slot (of the same node) that holds the entry it is part of.
  struct Slot {
    enum class Kind : uint8_t { kEmpty, kNode, kMapping, kSibling };
    Kind kind;
    uint8_t sibling;
    Handle map;
  };
  struct Node {
    uint8_t shift;
    uint8_t offset;  // slot of the parent
    uint8_t count;   // slots in use
    Node* parent;
    Slot slots[kChunk];
    Node* child[kChunk];  // where the slot holds a node
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
