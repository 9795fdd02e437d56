// SPDX-License-Identifier: Apache-2.0
// drivers/nvdimm/pfn_devs.c of Linux 5.1: the check of an info block, a new one that pads a namespace to whole sections
// where it collides, and what a pfn device maps.
#ifndef HPFUZZ_IMPL_LEGACY_NVDIMM_PFN_H_
#define HPFUZZ_IMPL_LEGACY_NVDIMM_PFN_H_

#include "hotplug/nvdimm.h"
#include "machine/nvdimm_bus_base.h"
#include "machine/nvdimm_regions.h"
#include "machine/resource_tree.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// nd_pfn_validate: 0 or a negated errno; -ENODEV where there is no block of this device.
int NdPfnValidate(NdPfn& pfn);
// nd_pfn_init where there is no block: makes one in `pfn.sb`.
int NdPfnInit(NdPfn& pfn, const NvdimmRegions& regions, const ResourceTree& resources);
// __nvdimm_setup_pfn
int NvdimmSetupPfn(const NdPfn& pfn, PfnView* view);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_NVDIMM_PFN_H_
