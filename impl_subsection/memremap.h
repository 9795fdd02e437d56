// SPDX-License-Identifier: Apache-2.0
// memremap: device mappings, made and released (mm/memremap.c). The lookup is in dev_pagemap.h.
#ifndef HPFUZZ_IMPL_SUBSECTION_MEMREMAP_H_
#define HPFUZZ_IMPL_SUBSECTION_MEMREMAP_H_

#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "impl_subsection/dev_pagemap.h"
#include "impl_subsection/host.h"
#include "impl_subsection/init_64.h"
#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class Memremap {
 public:
  Memremap(Host& host, MemoryHotplug& hotplug, ArchMemory& arch, DevPagemaps& pagemaps)
      : host_(host), hotplug_(hotplug), arch_(arch), pagemaps_(pagemaps) {}

  // devm_memremap_pages. On failure the mapping does not exist, but its altmap can still be asked how much is in use.
  Status Map(Handle handle, const MemremapRequest& request);
  // memunmap_pages from the moment when nobody holds a page any more.
  Status Release(DevPagemap& pagemap);

 private:
  Status PagemapRange(DevPagemap& pagemap, Handle handle, PhysRange range);
  Status Track(PhysRange range);
  Status AddRange(DevPagemap& pagemap, Handle handle, PhysRange range);
  Status PageunmapRange(DevPagemap& pagemap, unsigned index);
  void ArrayDelete(PhysRange range);

  Host& host_;
  MemoryHotplug& hotplug_;
  ArchMemory& arch_;
  DevPagemaps& pagemaps_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_MEMREMAP_H_
