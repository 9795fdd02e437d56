// SPDX-License-Identifier: Apache-2.0
// What the targets that run traces share: one Lockstep of legacy and mainline-6.1, its statistics, its findings.
#ifndef HPFUZZ_FUZZERS_RUN_TRACE_H_
#define HPFUZZ_FUZZERS_RUN_TRACE_H_

#include <string_view>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Makes the machines; statistics are printed when the program exits.
// Runs the chosen pair (registry/pair_choice.h), or the first of several; ends the process when the choice is wrong.
void StartRunning();
// Runs `trace`; a finding is printed with both answers to every operation, and the program traps.
// `option` is what `hpfuzz replay` needs to read the input as this target does.
void RunAndReport(const Trace& trace, std::string_view option = {});

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_FUZZERS_RUN_TRACE_H_
