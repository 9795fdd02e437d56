// SPDX-License-Identifier: Apache-2.0
// Random traces for a witness: few sections, many requests that collide, so that every check of the kernel is met. A
// pure function of seed and kind.
//
// Not covered: plausible life cycles (trace/generate.h) and firmware maps, of which these traces need one only: RAM
// that ends inside a section, or none near.
#ifndef HPFUZZ_WITNESS_RANDOM_TRACE_H_
#define HPFUZZ_WITNESS_RANDOM_TRACE_H_

#include <cstdint>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class RandomKind : uint8_t {
  kPages,   // __add_pages, __remove_pages and queries
  kMemory,  // mappings, memory blocks, resources too
};

Trace RandomTrace(uint64_t seed, RandomKind kind, unsigned ops);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_RANDOM_TRACE_H_
