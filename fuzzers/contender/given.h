// SPDX-License-Identifier: Apache-2.0
// Traces that are given: run one after the other, or made as small as they get with the same finding.
#ifndef HPFUZZ_FUZZERS_CONTENDER_GIVEN_H_
#define HPFUZZ_FUZZERS_CONTENDER_GIVEN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "files/last_input.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// In text or in bytes; what they expect is not looked at. InvalidArgument, Unavailable: a file is no trace, or cannot
// be read.
absl::Status RunGiven(const std::vector<std::string>& files, LastInput& last);

// Prints the trace that is left, and how many operations it has. NotFound: it has no finding. Others as above.
absl::Status ReduceGiven(const std::string& file, double seconds);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_CONTENDER_GIVEN_H_
