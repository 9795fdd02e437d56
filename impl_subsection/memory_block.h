// SPDX-License-Identifier: Apache-2.0
// memory_block: the memory block devices (drivers/base/memory.c), one for each section. Not covered: going online and
// offline, which memory_hotplug_online.cc does.
#ifndef HPFUZZ_IMPL_SUBSECTION_MEMORY_BLOCK_H_
#define HPFUZZ_IMPL_SUBSECTION_MEMORY_BLOCK_H_

#include "hotplug/facts.h"
#include "hotplug/units.h"
#include "impl_subsection/host.h"
#include "machine/section_table.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

struct MemoryBlock {
  BlockState state = BlockState::kNone;
  Nid nid = 0;
  // The zone that all pages of an online block belong to. Without it the block cannot go offline.
  bool has_zone = false;
  Zone zone = Zone::kNormal;
};

class MemoryBlocks {
 public:
  explicit MemoryBlocks(Host& host) : host_(host) {}

  void Reset(uint64_t sections) { blocks_.Reset(sections); }
  // Boot: the block of a section that RAM of `nid` touches (memory_block_add_nid).
  void AddEarly(SectionNr nr, Nid nid);

  // nullptr: there is none.
  MemoryBlock* Find(SectionNr nr) {
    MemoryBlock* block = blocks_.Find(nr);
    return block == nullptr || block->state == BlockState::kNone ? nullptr : block;
  }
  BlockState State(SectionNr nr) const {
    const MemoryBlock* block = blocks_.Find(nr);
    return block == nullptr ? BlockState::kNone : block->state;
  }

  // The block of one section.
  Status Add(SectionNr nr, Nid nid);
  // create_memory_block_devices: all of the range or none.
  Status Create(Nid nid, PhysRange range);
  // remove_memory_block_devices.
  void Remove(PhysRange range);
  // Whether a block of the range is online (walk_memory_blocks with check_memblock_offlined_cb).
  bool AnyOnline(PhysRange range) const;

 private:
  struct Ids {
    SectionNr first;
    SectionNr end;
  };
  Ids IdsOf(PhysRange range) const;

  Host& host_;
  SectionTable<MemoryBlock> blocks_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_MEMORY_BLOCK_H_
