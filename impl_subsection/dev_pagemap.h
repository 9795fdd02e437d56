// SPDX-License-Identifier: Apache-2.0
// dev_pagemap: the device mappings of a machine and the lookup from a pfn to its mapping (struct dev_pagemap,
// pgmap_array and get_dev_pagemap of mm/memremap.c). Not covered: making and releasing mappings (memremap.h).
#ifndef HPFUZZ_IMPL_SUBSECTION_DEV_PAGEMAP_H_
#define HPFUZZ_IMPL_SUBSECTION_DEV_PAGEMAP_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "impl_subsection/sparse_vmemmap.h"
#include "machine/kept_vector.h"
#include "machine/pfn_store.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

struct DevPagemap {
  // kDying: the counter is killed but somebody holds a page; lookups do not find the mapping any more.
  enum class State : uint8_t { kGone, kLive, kDying };

  State state = State::kGone;
  MemoryType type = MemoryType::kGeneric;
  bool has_altmap = false;
  uint8_t ranges = 0;  // of `range`, in use
  std::array<PhysRange, 2> range;
  VmemAltmap altmap;

  // What memremap_pages is handed; none of the ranges is in use yet.
  void Assign(MemoryType wanted, PhysRange first, PhysRange second, const Altmap& given) {
    type = wanted;
    has_altmap = given.given;
    ranges = 0;
    range = {first, second};
    if (has_altmap) altmap = VmemAltmap(given);
  }
  VmemAltmap* AltmapOrNull() { return has_altmap ? &altmap : nullptr; }
};

class DevPagemaps {
 public:
  void Reset() {
    array_.Reset();
    ++generation_;
  }

  // The record of a handle that names no mapping now; whoever makes a mapping writes all of it.
  DevPagemap& Make(Handle handle) {
    slots_.MakeRoom(handle + size_t{1});
    Slot& slot = slots_[handle];
    if (slot.generation != generation_) slot.map.state = DevPagemap::State::kGone;
    slot.generation = generation_;
    return slot.map;
  }
  DevPagemap* Find(Handle handle) { return Known(handle) ? &slots_[handle].map : nullptr; }
  // Whether `handle` is in state kLive or kDying.
  bool Exists(Handle handle) const { return Known(handle) && slots_[handle].map.state != DevPagemap::State::kGone; }

  // get_dev_pagemap: a live mapping, or kNoHandle. Pfns that no byte address can name are cut.
  Handle Get(Pfn pfn) const {
    const Handle handle = array_.Load(Pfn::OfByte(pfn.byte()));
    return Known(handle) && slots_[handle].map.state == DevPagemap::State::kLive ? handle : kNoHandle;
  }

  PfnStore& array() { return array_; }

 private:
  struct Slot {
    uint64_t generation = 0;  // what the record says is of that run
    DevPagemap map;
  };
  bool Known(Handle handle) const { return handle < slots_.size() && slots_[handle].generation == generation_; }

  PfnStore array_;
  KeptVector<Slot> slots_;  // by handle, those of namespaces far behind the others
  uint64_t generation_ = 1;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_DEV_PAGEMAP_H_
