// SPDX-License-Identifier: Apache-2.0
// What a fuzz target prints of a finding before it traps.
#ifndef HPFUZZ_FUZZERS_REPORT_TRACE_H_
#define HPFUZZ_FUZZERS_REPORT_TRACE_H_

#include <string_view>

#include "oracle/finding.h"
#include "oracle/lockstep.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The trace, both answers to every operation up to the finding, what was found and how to replay it. Runs the trace
// once more to see its steps.
// `option`: of `hpfuzz replay`, for the file that the engine writes; empty when it needs none.
[[noreturn]] void ReportTrace(const Trace& trace, const Finding& finding, Lockstep& lockstep, std::string_view option);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_REPORT_TRACE_H_
