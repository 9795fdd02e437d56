// SPDX-License-Identifier: Apache-2.0
// Small changes to a firmware map: what a machine is made of, range by range. What comes out keeps what FirmwareMap
// promises (map_builder.h). Not covered: operations (mutate.h).
#ifndef HPFUZZ_TRACE_MUTATE_MAP_H_
#define HPFUZZ_TRACE_MUTATE_MAP_H_

#include "hotplug/firmware_map.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Another preset, a wild map, or the same one with one thing changed: where a range begins or ends, its node or kind, a
// range more or less, a setting.
void MutateMap(Rng& rng, FirmwareMap* map);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MUTATE_MAP_H_
