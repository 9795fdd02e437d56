// SPDX-License-Identifier: Apache-2.0
// Places: ranges and pages as bytes, relative to the landmarks of a trace. One byte chooses a landmark and a way to
// derive from it; most ways need one byte more, or two.
#ifndef HPFUZZ_TRACE_PLACES_H_
#define HPFUZZ_TRACE_PLACES_H_

#include "hotplug/units.h"
#include "trace/byte_io.h"
#include "trace/landmarks.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Which weights: devices come in sub-sections, memory blocks in sections, NVDIMM regions where the firmware says.
enum class PlaceStyle : uint8_t { kDevice, kBlock, kRegion };
inline constexpr unsigned kPlaceStyles = 3;
constexpr PlaceStyle StyleOf(OpKind kind) {
  if (kind == OpKind::kRegion) return PlaceStyle::kRegion;
  return TraitsOf(kind).whole_blocks ? PlaceStyle::kBlock : PlaceStyle::kDevice;
}

// Any bytes give a range, of any length: what an operation may walk is op_limits.h's. All ways but the literal one stay
// below the end of the section table, because a legacy machine does not survive memory beyond it.
PhysRange ReadRange(ByteReader& in, PlaceStyle style, const Landmarks& marks);
Pfn ReadPfn(ByteReader& in, const Landmarks& marks);

// The shortest form; of several equally short ones the first in the tables.
void PutRange(PhysRange range, PlaceStyle style, const Landmarks& marks, Bytes* out);
void PutPfn(Pfn pfn, const Landmarks& marks, Bytes* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_PLACES_H_
