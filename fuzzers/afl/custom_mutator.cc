// SPDX-License-Identifier: Apache-2.0
// AFL++'s custom mutator around a target's own LLVMFuzzerCustomMutator and, where it has one, its
// LLVMFuzzerCustomCrossOver: the library that AFL_CUSTOM_MUTATOR_LIBRARY names, one a target. Runs inside afl-fuzz.
// Not covered: trimming, which stays AFL++'s.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "fuzzers/afl/havoc.h"

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed);
extern "C" __attribute__((weak)) size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                                                  const uint8_t* data2, size_t size2, uint8_t* out,
                                                                  size_t max_out_size, unsigned seed);

namespace {

// One in so many inputs is first crossed with another one of the queue.
constexpr uint32_t kOneInCrossed = 4;

struct Mutator {
  std::vector<uint8_t> out;
};

size_t Cross(const uint8_t* data, size_t size, const uint8_t* other, size_t other_size, uint8_t* out, size_t max_size) {
  if (LLVMFuzzerCustomCrossOver == nullptr || other == nullptr || HavocNumber() % kOneInCrossed != 0) return 0;
  return LLVMFuzzerCustomCrossOver(data, size, other, other_size, out, max_size, HavocNumber());
}

}  // namespace

#define HPFUZZ_EXPORT extern "C" __attribute__((visibility("default")))

// `afl` is the state of afl-fuzz, which nothing here looks into.
HPFUZZ_EXPORT void* afl_custom_init(void* /*afl*/, unsigned seed) {
  SeedHavoc(seed);
  return new Mutator;
}

// The result lives until the next call. `other` may be null.
HPFUZZ_EXPORT size_t afl_custom_fuzz(void* self, uint8_t* data, size_t size, uint8_t** out, uint8_t* other,
                                     size_t other_size, size_t max_size) {
  // What a user's -G or an input of the corpus makes longer stays as long as it is.
  std::vector<uint8_t>& bytes = static_cast<Mutator*>(self)->out;
  bytes.resize(std::max({size, max_size, size_t{1}}));
  size_t length = Cross(data, size, other, other_size, bytes.data(), bytes.size());
  if (length == 0) {
    if (size != 0) std::memcpy(bytes.data(), data, size);
    length = size;
  }
  *out = bytes.data();
  return LLVMFuzzerCustomMutator(bytes.data(), length, bytes.size(), HavocNumber());
}

HPFUZZ_EXPORT void afl_custom_deinit(void* self) { delete static_cast<Mutator*>(self); }
