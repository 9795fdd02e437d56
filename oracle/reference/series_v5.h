// SPDX-License-Identifier: Apache-2.0
// Reference model of the sub-section series as posted in version 5: the mainline model with what that version of the
// series says in place of what was merged, from the same statements as the layer and in other words. What is not
// certain of them is marked where it is (series_v5_*.cc).
#ifndef HPFUZZ_ORACLE_REFERENCE_SERIES_V5_H_
#define HPFUZZ_ORACLE_REFERENCE_SERIES_V5_H_

#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeSeriesV5Reference();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_SERIES_V5_H_
