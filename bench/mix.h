// SPDX-License-Identifier: Apache-2.0
// Mix: the fixed inputs that speed is measured on, kept in bench/mix.hex so that figures of different days speak of the
// same work. Not covered: making them (make_mix.cc).
#ifndef HPFUZZ_BENCH_MIX_H_
#define HPFUZZ_BENCH_MIX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "oracle/lockstep.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

using MixInput = std::vector<uint8_t>;  // one trace in byte form

// Reads one input a line, in hexadecimal; lines that begin with '#' are comments. InvalidArgument with file, line and
// column for anything else, NotFound when the file cannot be read.
absl::StatusOr<std::vector<MixInput>> ReadMix(const std::string& path);

// What a mix is made of, counted by running it.
struct MixShares {
  uint64_t operations = 0;
  uint64_t applied_both = 0;  // answered by both machines
  uint64_t changed = 0;       // no query, and not refused by both machines
  uint64_t findings = 0;
};
MixShares CountShares(const std::vector<MixInput>& mix, Lockstep& lockstep);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_BENCH_MIX_H_
