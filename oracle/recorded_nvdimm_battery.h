// SPDX-License-Identifier: Apache-2.0
// The machines whose real blocks were recorded: which DIMMs were in one boot, and with what System RAM around them.
#ifndef HPFUZZ_ORACLE_RECORDED_NVDIMM_BATTERY_H_
#define HPFUZZ_ORACLE_RECORDED_NVDIMM_BATTERY_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "oracle/recorded_nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct BatteryMember {
  NvdimmBoot boot;
  size_t nr = 0;  // of the DIMM that was asked for
};

// The machine of which `record` ("dimm-A", "ram-RS") is a DIMM at `range`. Its DIMMs are without labels; on each lies
// its block of `blocks` if it has one there. nullopt: it is of none, and was alone as far as we know.
std::optional<BatteryMember> BatteryOf(std::string_view record, PhysRange range, const InfoBlockFile& blocks);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_RECORDED_NVDIMM_BATTERY_H_
