// SPDX-License-Identifier: Apache-2.0
// Inputs that make coverage depend on the input alone.
#include "fuzzers/steady.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "trace/rng.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

#ifdef HPFUZZ_STEADY_COVERAGE

namespace {
// Four times as many make no pool grow further.
constexpr int kInputs = 256;
constexpr size_t kLongest = 4096;

bool warming_up = false;
}  // namespace

bool WarmingUp() { return warming_up; }

void WarmUp() {
  if (std::getenv("__AFL_SHM_ID") == nullptr) return;  // nobody looks at the edges
  Rng rng(0);
  warming_up = true;
  for (int i = 0; i < kInputs; ++i) {
    std::vector<uint8_t> bytes(rng.Between(1, kLongest));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  warming_up = false;
}

void ClearUp(Lockstep& lockstep) {
  static const Trace empty;
  lockstep.Run(empty);
}

#else

bool WarmingUp() { return false; }
void WarmUp() {}
void ClearUp(Lockstep&) {}

#endif

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
