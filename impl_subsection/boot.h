// SPDX-License-Identifier: Apache-2.0
// boot: what a kernel makes of the firmware's memory map before anything is hot-plugged (memblocks_present,
// sparse_init, free_area_init, init_mem_mapping, memory_dev_init).
#ifndef HPFUZZ_IMPL_SUBSECTION_BOOT_H_
#define HPFUZZ_IMPL_SUBSECTION_BOOT_H_

#include "hotplug/firmware_map.h"
#include "impl_subsection/host.h"
#include "impl_subsection/memory_block.h"
#include "impl_subsection/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

void BootMachine(const FirmwareMap& map, Host& host, Sparse& sparse, MemoryBlocks& blocks);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_BOOT_H_
