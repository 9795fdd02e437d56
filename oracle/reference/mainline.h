// SPDX-License-Identifier: Apache-2.0
// Reference model of the sub-section generation as merged (Linux 6.1 and 6.12, x86-64): what such a kernel must answer,
// written from its rules in flat arrays and ranges. It shares no code with the layer that it checks.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_H_

#include <cstdint>
#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class MainlineReferenceVersion : uint8_t { k6_1, k6_12 };

std::unique_ptr<HotplugLayer> MakeMainlineReference(MainlineReferenceVersion version);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_H_
