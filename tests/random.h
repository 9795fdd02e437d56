// SPDX-License-Identifier: Apache-2.0
// Random numbers for tests of folders below trace/, the same on every platform.
#ifndef HPFUZZ_TESTS_RANDOM_H_
#define HPFUZZ_TESTS_RANDOM_H_

#include <random>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // 0 .. n-1.
  uint64_t Below(uint64_t n) { return engine_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  std::mt19937_64 engine_;  // its numbers are the standard's; the library's distributions are not
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_RANDOM_H_
