// SPDX-License-Identifier: Apache-2.0
// The memory-hotplug layer of the sub-section generation as it was merged, in the state of the stable kernels 6.1 and
// 6.12. Of this folder others include this file and series_v5_layer.h, nothing else.
#ifndef HPFUZZ_IMPL_SUBSECTION_MAINLINE_LAYER_H_
#define HPFUZZ_IMPL_SUBSECTION_MAINLINE_LAYER_H_

#include <cstdint>
#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// They differ in what the struct pages of RAM hold before it goes online, and in whether a namespace may have no
// capacity.
enum class MainlineVersion : uint8_t { k6_1, k6_12 };

std::unique_ptr<HotplugLayer> MakeMainlineLayer(MainlineVersion version);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_IMPL_SUBSECTION_MAINLINE_LAYER_H_
