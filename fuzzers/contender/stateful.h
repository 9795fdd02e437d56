// SPDX-License-Identifier: Apache-2.0
// Stateful testing with RapidCheck, as somebody would write it who has the machines and the oracle, and no fuzzer: a
// command is a few bytes that are read as an operation where it stands, the model is what operations refer to, and a
// sequence that fails is made smaller by RapidCheck itself.
//
// Not covered: coverage, of which it knows nothing; our reducer.
#ifndef HPFUZZ_FUZZERS_CONTENDER_STATEFUL_H_
#define HPFUZZ_FUZZERS_CONTENDER_STATEFUL_H_

#include <cstdint>

#include "files/last_input.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Goes on until something is found and made smaller. Prints a line "Assertion failure: KEY" of the first finding with
// how long it took, whose input stays in `last`, and at the end how many operations are left.
void CheckStateful(bool nvdimm, uint64_t seed, LastInput& last);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_CONTENDER_STATEFUL_H_
