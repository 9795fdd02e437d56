// SPDX-License-Identifier: Apache-2.0
// drivers/nvdimm/pfn_devs.c of Linux 6.1 and 6.12: the check of an info block, a new one that pads nothing and cuts off
// a misaligned end, and what a pfn device maps.
#ifndef HPFUZZ_IMPL_SUBSECTION_NVDIMM_PFN_H_
#define HPFUZZ_IMPL_SUBSECTION_NVDIMM_PFN_H_

#include <cstdint>

#include "hotplug/nvdimm.h"
#include "machine/nvdimm_bus_base.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// What becomes of a namespace with nothing behind its memmap: before 6.5 it is made and used.
enum class ZeroCapacity : uint8_t { kAllowed, kRefused };

// nd_pfn_validate: 0 or a negated errno; -ENODEV where there is no block of this device.
int NdPfnValidate(NdPfn& pfn, ZeroCapacity zero_capacity);
// nd_pfn_init where there is no block: makes one in `pfn.sb`.
int NdPfnInit(NdPfn& pfn, ZeroCapacity zero_capacity);
// What of the two any version of them does. Blocks of before a field was there are given what they mean by it.
void DefaultMissingFields(InfoBlock* sb);
// The block's alignment, in bytes; where it was not written down, the largest that dataoff has room for.
uint64_t AlignOf(const InfoBlock& sb);
// A new block in `pfn.sb`, without pads and not sealed yet; dataoff in bytes.
void StartBlock(NdPfn& pfn, uint64_t minor, uint64_t dataoff, uint64_t npfns);
// __nvdimm_setup_pfn
int NvdimmSetupPfn(const NdPfn& pfn, PfnView* view);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_NVDIMM_PFN_H_
