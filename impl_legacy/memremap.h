// SPDX-License-Identifier: Apache-2.0
// kernel/memremap.c of Linux 5.1: device mappings, always of whole sections, and the lookup of a page's mapping.
//
// Not covered: who waits for the references of a mapping (the layer, which knows the pins).
#ifndef HPFUZZ_IMPL_LEGACY_MEMREMAP_H_
#define HPFUZZ_IMPL_LEGACY_MEMREMAP_H_

#include <cstdint>
#include <vector>

#include "hotplug/layer.h"
#include "impl_legacy/kernel.h"
#include "impl_legacy/sparse_vmemmap.h"
#include "machine/pfn_store.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// struct dev_pagemap.
struct DevPagemap {
  enum class State : uint8_t {
    kNone,  // never made, refused, or released
    kLive,
    kDying,  // its counter was killed; somebody still holds a page
  };
  State state = State::kNone;
  bool altmap_valid = false;
  MemoryType type = MemoryType::kGeneric;
  PhysRange range;
  VmemAltmap altmap;
  int64_t refs = 0;  // what the struct pages hold of its counter

  VmemAltmap* altmap_or_null() { return altmap_valid ? &altmap : nullptr; }
  // What devm_memremap_pages is handed; nothing is mapped yet.
  void Assign(MemoryType wanted, PhysRange whole, const Altmap& given) {
    state = State::kNone;
    altmap_valid = given.given;
    type = wanted;
    range = whole;
    refs = 0;
    if (altmap_valid) altmap.Assign(given);
  }
  // The pages that hold a reference: pfn_first to pfn_end. Not the memmap's own, not a tail of less than a page.
  PfnRange pages() const {
    return {Pfn::OfByte(range.start) + (altmap_valid ? altmap.offset() : 0), Pfn::OfByte(range.end())};
  }
};

class Pagemaps {
 public:
  explicit Pagemaps(Kernel& kernel) : kernel_(kernel), maps_(2 * kMaxOps) {}
  void Reset();

  // devm_memremap_pages with every reference dropped by nobody but its own pages.
  Status Remap(Handle handle, const MemremapRequest& request);
  // percpu_ref_kill: lookups answer nobody from here on.
  void Kill(DevPagemap& map) { map.state = DevPagemap::State::kDying; }
  // devm_memremap_pages_release of a killed mapping.
  Status Release(DevPagemap& map);

  // nullptr: not made, refused or released.
  DevPagemap* Find(Handle handle) {
    if (handle >= maps_.size()) return nullptr;
    Slot& slot = maps_[handle];
    return slot.generation == generation_ && slot.map.state != DevPagemap::State::kNone ? &slot.map : nullptr;
  }
  const DevPagemap* Find(Handle handle) const { return const_cast<Pagemaps*>(this)->Find(handle); }
  // get_dev_pagemap.
  Handle Lookup(Pfn pfn) const {
    // PHYS_PFN(PFN_PHYS(pfn)): the upper bits of a pfn that no byte address can name are lost.
    const Handle handle = store_.Load(Pfn::OfByte(pfn.byte()));
    if (handle == kNoHandle) return kNoHandle;
    const DevPagemap* map = Find(handle);
    return map != nullptr && map->state == DevPagemap::State::kLive ? handle : kNoHandle;
  }

  // Whether the latest Remap() killed the caller's counter.
  bool killed() const { return killed_; }

 private:
  struct Slot {
    uint64_t generation = 0;
    DevPagemap map;
  };

  Status Track(PhysRange rounded);
  Status AddPagesOf(Handle handle, DevPagemap& map, PhysRange rounded);
  bool PutPages(const DevPagemap& map);
  void DropCounts(const DevPagemap& map);

  Kernel& kernel_;
  PfnStore store_;
  std::vector<Slot> maps_;  // by handle, those of namespaces too
  uint64_t generation_ = 0;
  bool killed_ = false;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_MEMREMAP_H_
