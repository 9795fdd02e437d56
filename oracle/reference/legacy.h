// SPDX-License-Identifier: Apache-2.0
// The reference model of the legacy generation (Linux 5.1): whole sections, no sub-section bitmap.
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_H_

#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A machine to be booted before anything is asked of it. Shares no code with any implementation.
std::unique_ptr<HotplugLayer> MakeLegacyReference();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_H_
