// SPDX-License-Identifier: Apache-2.0
// arch/x86/mm/init_64.c: the direct map around the generic page hotplug.
#ifndef HPFUZZ_IMPL_LEGACY_INIT_64_H_
#define HPFUZZ_IMPL_LEGACY_INIT_64_H_

#include "hotplug/units.h"
#include "impl_legacy/kernel.h"
#include "impl_legacy/sparse_vmemmap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// __add_pages with a warning when it fails.
Status AddPagesWarn(Kernel& kernel, Nid nid, Pfn start, uint64_t nr_pages, VmemAltmap* altmap, bool want_memblock);

// arch_add_memory. The direct map of the range stays when the rest fails.
Status ArchAddMemory(Kernel& kernel, Nid nid, PhysRange range, VmemAltmap* altmap, bool want_memblock);

// arch_remove_memory. The zone is that of the first page behind the altmap, which nobody may have initialised; the
// direct map of the whole range goes even when only part of the sections did.
Status ArchRemoveMemory(Kernel& kernel, PhysRange range, VmemAltmap* altmap);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_INIT_64_H_
