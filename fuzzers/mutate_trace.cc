// SPDX-License-Identifier: Apache-2.0
// Mutation of inputs: which way.
#include "fuzzers/mutate_trace.h"

#include <cstdlib>
#include <cstring>

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define HPFUZZ_MSAN 1
#endif
#endif

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool BytesOnly() {
  static const bool only = std::getenv("HPFUZZ_BYTES_ONLY") != nullptr;
  return only;
}

// The engine is not instrumented: MemorySanitizer would take what it wrote for uninitialised.
size_t MutateBytes(uint8_t* data, size_t size, size_t max_size) {
  size = LLVMFuzzerMutate(data, size, max_size);
#if defined(HPFUZZ_MSAN)
  __msan_unpoison(data, size);
#endif
  return size;
}

}  // namespace

size_t MutateTraceInput(BytesMutator& mutator, uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  if (!BytesOnly() && seed % kOneInBytes != 0) return mutator.Mutate(data, size, max_size, seed);
  size = MutateBytes(data, size, max_size);
  mutator.KeepFamily({data, size});
  return size;
}

size_t CrossOverTraceInputs(BytesMutator& mutator, const uint8_t* first, size_t first_size, const uint8_t* second,
                            size_t second_size, uint8_t* out, size_t max_out_size, unsigned seed) {
  if (!BytesOnly()) {
    return mutator.CrossOver({first, first_size}, {second, second_size}, {out, max_out_size}, seed);
  }
  // A prefix and a suffix, as engines do it.
  const size_t head = first_size == 0 ? 0 : seed % first_size;
  const size_t tail = second_size == 0 ? 0 : (seed >> 8) % second_size;
  const size_t from_first = head < max_out_size ? head : max_out_size;
  const size_t from_second = tail < max_out_size - from_first ? tail : max_out_size - from_first;
  if (from_first != 0) std::memcpy(out, first, from_first);
  if (from_second != 0) std::memcpy(out + from_first, second + (second_size - from_second), from_second);
  mutator.KeepFamily({out, from_first + from_second});
  return from_first + from_second;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
