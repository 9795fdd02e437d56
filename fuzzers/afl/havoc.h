// SPDX-License-Identifier: Apache-2.0
// A small mutator of bytes, for AFL++: what the mutators of targets call LLVMFuzzerMutate is part of libFuzzer, and
// AFL++ has none.
#ifndef HPFUZZ_FUZZERS_AFL_HAVOC_H_
#define HPFUZZ_FUZZERS_AFL_HAVOC_H_

#include <cstddef>
#include <cstdint>

// From here on the mutations are a function of `seed` and of what is mutated. One stream of numbers for the process.
void SeedHavoc(uint64_t seed);
uint32_t HavocNumber();

// One to eight small changes at random places. Returns the new size: between 1 and `max_size`, except that nothing
// comes of a `max_size` of 0. Requires size <= max_size.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

#endif  // HPFUZZ_FUZZERS_AFL_HAVOC_H_
