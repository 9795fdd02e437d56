// SPDX-License-Identifier: Apache-2.0
// Wild maps and operations: any that a trace may hold, sensible or not.
#ifndef HPFUZZ_TRACE_WILD_H_
#define HPFUZZ_TRACE_WILD_H_

#include <array>

#include "hotplug/firmware_map.h"
#include "trace/kind_traits.h"
#include "trace/op.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A map of up to eight ranges around the first sections, some of them odd.
void MakeWildMap(Rng& rng, FirmwareMap* map);

// An operation of any kind with any arguments that the text form can say; handles below the given counts, or none. The
// new handle of a kind that defines one is the count.
Op MakeWildOp(Rng& rng, const Defined& defined);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_WILD_H_
