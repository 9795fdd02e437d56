// SPDX-License-Identifier: Apache-2.0
// Random traces from the steps that the targets' mutators take, without coverage: what is left of fuzzing when nothing
// says which input was worth keeping. A walk begins with a machine and nothing else; every step is run.
//
// Not covered: mutation of bytes, which is one input in eight of the targets.
#ifndef HPFUZZ_FUZZERS_CONTENDER_RANDOM_WALK_H_
#define HPFUZZ_FUZZERS_CONTENDER_RANDOM_WALK_H_

#include <cstddef>
#include <cstdint>

#include "files/last_input.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Goes on until something is found, or somebody ends the program. A function of the seed.
[[noreturn]] void WalkAtRandom(bool nvdimm, uint64_t seed, size_t longest_input, LastInput& last);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_CONTENDER_RANDOM_WALK_H_
