// SPDX-License-Identifier: Apache-2.0
// Counts what a program gets from operator new. Linking counting_new.cc replaces the operators of the whole program.
#ifndef HPFUZZ_BENCH_COUNTING_NEW_H_
#define HPFUZZ_BENCH_COUNTING_NEW_H_

#include <cstdint>

namespace hpfuzz {

struct Allocated {
  uint64_t bytes = 0;  // held now, as the allocator rounds them
  uint64_t calls = 0;  // since the program started
};
Allocated AllocatedNow();

}  // namespace hpfuzz

#endif  // HPFUZZ_BENCH_COUNTING_NEW_H_
