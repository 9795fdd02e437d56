// SPDX-License-Identifier: Apache-2.0
// libnvdimm of Linux 5.1: what it pads, checks and maps.
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_NVDIMM_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_NVDIMM_H_

#include <span>

#include "oracle/reference/nvdimm_rules.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

const reference::NvdimmRules& NvdimmRulesOf5_1();
// Its checks of an info block, in their order: other rules may have the same.
std::span<const reference::Check> ChecksOf5_1();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_NVDIMM_H_
