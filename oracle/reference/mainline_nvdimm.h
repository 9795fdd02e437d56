// SPDX-License-Identifier: Apache-2.0
// libnvdimm of Linux 6.1 and 6.12: what it checks and maps. It pads no namespace, but honours the pads it finds.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_

#include "oracle/reference/mainline.h"
#include "oracle/reference/nvdimm_rules.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference {

const reference::NvdimmRules& NvdimmRulesOf(MainlineReferenceVersion version);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_
