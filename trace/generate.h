// SPDX-License-Identifier: Apache-2.0
// Seeded random traces: plausible life cycles of memory and devices with a stated share of odd requests. A pure
// function of seed and options, the same on every platform.
//
// Not covered: traces for fuzzing engines, which come from bytes (trace/bytes.h).
#ifndef HPFUZZ_TRACE_GENERATE_H_
#define HPFUZZ_TRACE_GENERATE_H_

#include <cstdint>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct GenerateOptions {
  unsigned min_ops = 10;
  unsigned max_ops = 60;  // at most kMaxOps
  // The machine: an index of kPresets (trace/presets.h), or one picked by the seed.
  static constexpr int kAnyPreset = -1;
  int preset = kAnyPreset;
  // A machine of its own instead of a preset, in percent of the seeds. Only with kAnyPreset.
  unsigned own_map_percent = 10;
  // Shares of operations, in percent.
  unsigned query_percent = 20;
  unsigned odd_percent = 5;      // requests a kernel is likely to refuse: overlapping, misaligned, empty, literal
  unsigned failure_percent = 2;  // fail_alloc before an operation
  // Also requests that stop a legacy machine: misaligned removal, memory beyond the limit, release of what was removed.
  bool stops = false;
};

Trace GenerateTrace(uint64_t seed, const GenerateOptions& options = {});

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_GENERATE_H_
