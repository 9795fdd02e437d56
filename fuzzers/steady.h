// SPDX-License-Identifier: Apache-2.0
// For engines that run an input several times and distrust every edge that is not always taken (AFL++ calls the share
// of the others its stability). Edges that depend on earlier inputs are those that clear what the trace before has
// left, and those of pools that grow. Without HPFUZZ_STEADY_COVERAGE nothing here does anything.
#ifndef HPFUZZ_FUZZERS_STEADY_H_
#define HPFUZZ_FUZZERS_STEADY_H_

#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Lets the target run random inputs, for nothing but the size of what they leave.
void WarmUp();
// Whether WarmUp() is under way: what is found then does not count.
bool WarmingUp();
// After each trace: runs an empty one, so that the next always clears the same.
void ClearUp(Lockstep& lockstep);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_STEADY_H_
