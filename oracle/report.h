// SPDX-License-Identifier: Apache-2.0
// Report: hands a finding to a fuzzing engine. It prints the trace, the answers side by side and the command that
// replays them, then one line with the key, and traps.
//
// Engines tell findings apart by their stacks, with digits and addresses normalised away. So the trap sits in a
// function named after what was broken, called from one named after the operation: a common report function would merge
// most of them.
#ifndef HPFUZZ_ORACLE_REPORT_H_
#define HPFUZZ_ORACLE_REPORT_H_

#include <string>

#include "oracle/finding.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Prints `explanation` and the key to stderr and stops the process.
[[noreturn]] void ReportFinding(const Finding& finding, const std::string& explanation);

// Whether there is a trapping function for every operation, check, clause and invariant. A test asks.
bool EveryFindingHasItsFunction();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REPORT_H_
