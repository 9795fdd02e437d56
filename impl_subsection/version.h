// SPDX-License-Identifier: Apache-2.0
// The versions of the sub-section generation, oldest first.
#ifndef HPFUZZ_IMPL_SUBSECTION_VERSION_H_
#define HPFUZZ_IMPL_SUBSECTION_VERSION_H_

#include <cstdint>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// The first as posted (series_v5_*.cc), the others as merged.
enum class Version : uint8_t { kSeriesV5, k6_1, k6_12 };

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_VERSION_H_
