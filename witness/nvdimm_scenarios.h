// SPDX-License-Identifier: Apache-2.0
// NvdimmScenarios: traces for NvdimmPlayer that come with the program.
#ifndef HPFUZZ_WITNESS_NVDIMM_SCENARIOS_H_
#define HPFUZZ_WITNESS_NVDIMM_SCENARIOS_H_

#include <string_view>

#include "absl/types/span.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct NvdimmScenario {
  std::string_view name;
  std::string_view text;  // of a trace
};
absl::Span<const NvdimmScenario> BuiltInNvdimmScenarios();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_SCENARIOS_H_
