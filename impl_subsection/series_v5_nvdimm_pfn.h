// SPDX-License-Identifier: Apache-2.0
// drivers/nvdimm/pfn_devs.c as version 5 of the series leaves it: the checks of 5.1, and a new block that pads nothing,
// cuts nothing off and says in its minor version that what it does not name is zero. Uncertain: patch 10 was read in
// later versions. What is mapped is as merged (nvdimm_pfn.h).
#ifndef HPFUZZ_IMPL_SUBSECTION_SERIES_V5_NVDIMM_PFN_H_
#define HPFUZZ_IMPL_SUBSECTION_SERIES_V5_NVDIMM_PFN_H_

#include "machine/nvdimm_bus_base.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection::series_v5 {

// nd_pfn_validate and nd_pfn_init, as in nvdimm_pfn.h.
int NdPfnValidate(NdPfn& pfn);
int NdPfnInit(NdPfn& pfn);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection::series_v5

#endif  // HPFUZZ_IMPL_SUBSECTION_SERIES_V5_NVDIMM_PFN_H_
