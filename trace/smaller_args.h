// SPDX-License-Identifier: Apache-2.0
// The smaller variants of one operation: one row a sort of argument, which says what it costs and what could stand in
// its place. A kind of operation is made of such arguments (kOpSpecs), so none can be without.
//
// Not covered: steps that change several operations, or the machine (smaller.h).
#ifndef HPFUZZ_TRACE_SMALLER_ARGS_H_
#define HPFUZZ_TRACE_SMALLER_ARGS_H_

#include <vector>

#include "trace/cost.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Adds what the arguments of an operation cost.
void AddArgs(const Op& op, Cost* cost);

// The operation with one argument changed, each way there is, simplest first. Some may cost more than it does, or break
// a limit of traces.
std::vector<Op> SmallerOps(const Op& op);

// Ranges that may stand in the place of this one, in the same way: round starts and ends, one sub-section, one section.
std::vector<PhysRange> SmallerRanges(PhysRange range);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_SMALLER_ARGS_H_
