// SPDX-License-Identifier: Apache-2.0
// Traces with something taken out, names and expected answers kept right.
#ifndef HPFUZZ_TRACE_WITHOUT_H_
#define HPFUZZ_TRACE_WITHOUT_H_

#include <cstddef>
#include <vector>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The trace without operations [first, first + count). What named something that they defined names nothing then; an
// expected answer that spoke of it goes. Names and line numbers are forgotten.
Trace WithoutOps(const Trace& trace, size_t first, size_t count);

// The trace without expected answer number `index`, counted through all operations. Requires that there is one.
Trace WithoutExpectation(const Trace& trace, size_t index);

// The trace on another machine; false when `ranges` are not those of a firmware map.
bool OnRanges(const Trace& trace, const std::vector<FirmwareRange>& ranges, Trace* out);

// Sections [first, end) of the address space.
struct Slice {
  SectionNr first;
  SectionNr end;
};
// The trace on a machine from whose address space the slice was cut: what lies behind it moves down, ranges that held
// it are shorter, firmware ranges inside it are gone. False when an operation has its range or page inside it.
bool WithoutSlice(const Trace& trace, Slice slice, Trace* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_WITHOUT_H_
