// SPDX-License-Identifier: Apache-2.0
// libnvdimm of Linux 6.1 and 6.12, and of the series as posted: what it checks and maps. It pads no namespace, but
// honours the pads it finds.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_

#include "oracle/reference/nvdimm_rules.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference {

enum class Kernel : uint8_t;

const reference::NvdimmRules& NvdimmRulesOf(Kernel kernel);
const reference::NvdimmRules& NvdimmRulesOfSeriesV5();  // series_v5_nvdimm.cc

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_NVDIMM_H_
