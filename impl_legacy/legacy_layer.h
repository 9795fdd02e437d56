// SPDX-License-Identifier: Apache-2.0
// The layer of Linux 5.1: memory hotplug by whole sections. It reproduces the kernel's steps, order of checks and
// failure paths, also those that look wrong; what only an observer may conclude is up to the reference in oracle/.
//
// Not covered: node states, what other kernel subsystems do with the pages.
#ifndef HPFUZZ_IMPL_LEGACY_LEGACY_LAYER_H_
#define HPFUZZ_IMPL_LEGACY_LEGACY_LAYER_H_

#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeLegacyLayer();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_IMPL_LEGACY_LEGACY_LAYER_H_
