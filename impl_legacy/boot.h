// SPDX-License-Identifier: Apache-2.0
// Boot: what memblock, sparse_init and free_area_init make of a firmware map.
#ifndef HPFUZZ_IMPL_LEGACY_BOOT_H_
#define HPFUZZ_IMPL_LEGACY_BOOT_H_

#include "hotplug/firmware_map.h"
#include "impl_legacy/kernel.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// Forgets the machine before. `map` must outlive the machine.
void BootKernel(Kernel& kernel, const FirmwareMap& map);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_BOOT_H_
