// SPDX-License-Identifier: Apache-2.0
// Rng: SplitMix64 (Steele, Lea, Flood 2014). Small, and the same numbers on every platform, which <random>'s
// distributions do not promise. Not for anything secret.
#ifndef HPFUZZ_TRACE_RNG_H_
#define HPFUZZ_TRACE_RNG_H_

#include <cstdint>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Rng {
 public:
  explicit Rng(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 .. n-1; the bias of the remainder does not matter here. Requires n > 0.
  uint64_t Below(uint64_t n) { return Next() % n; }
  uint64_t Between(uint64_t low, uint64_t high) { return low + Below(high - low + 1); }
  bool Percent(unsigned percent) { return Below(100) < percent; }

 private:
  uint64_t state_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RNG_H_
