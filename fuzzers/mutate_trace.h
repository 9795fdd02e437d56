// SPDX-License-Identifier: Apache-2.0
// What the targets that run traces share in mutating them: operations are changed (trace/mutate.h), and now and then
// bytes, whatever they mean.
#ifndef HPFUZZ_FUZZERS_MUTATE_TRACE_H_
#define HPFUZZ_FUZZERS_MUTATE_TRACE_H_

#include <cstddef>
#include <cstdint>

#include "trace/mutate_bytes.h"

// Part of every engine.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// One input in so many is mutated as bytes. HPFUZZ_BYTES_ONLY in the environment makes it all of them, to measure what
// the structure is worth.
inline constexpr unsigned kOneInBytes = 8;

// As LLVMFuzzerCustomMutator and LLVMFuzzerCustomCrossOver.
size_t MutateTraceInput(BytesMutator& mutator, uint8_t* data, size_t size, size_t max_size, unsigned seed);
size_t CrossOverTraceInputs(BytesMutator& mutator, const uint8_t* first, size_t first_size, const uint8_t* second,
                            size_t second_size, uint8_t* out, size_t max_out_size, unsigned seed);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_MUTATE_TRACE_H_
