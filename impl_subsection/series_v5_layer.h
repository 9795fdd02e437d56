// SPDX-License-Identifier: Apache-2.0
// The sub-section series as it was posted: version 5, 22 March 2019. The kernel around it is that of the mainline layer
// (mainline_layer.h), as of 6.1: it differs in what that version of the series says, so that what differs between the
// two is what happened to the series. The files series_v5_*.cc hold what it does in its own way.
//
// Sources. The bitmap word, the masks, boot, -EEXIST, removal and spans were read as posted or in the diff context of
// later versions. UNCERTAIN, because patches 1, 2, 5, 7 and 10 were read in later versions only: that pieces of memmap
// are populated and freed rounded outwards to sub-sections, that boot memory is told by its usage record and not freed
// in parts, that memory blocks are made section by section, what a namespace's info block says. They stand under
// "uncertain" where they are.
//
// Not covered: what 5.1 did beside the series (its range checks, its resources, its order of refusals): impl_legacy.
#ifndef HPFUZZ_IMPL_SUBSECTION_SERIES_V5_LAYER_H_
#define HPFUZZ_IMPL_SUBSECTION_SERIES_V5_LAYER_H_

#include <memory>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeSeriesV5Layer();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_IMPL_SUBSECTION_SERIES_V5_LAYER_H_
