// SPDX-License-Identifier: Apache-2.0
// Reduce: the smallest trace that still shows something, as far as single steps lead: operations taken out in large
// groups and one by one, then values made simpler, until no step of smaller.h keeps what is to be shown (1-minimal).
// A function of the trace and of what the predicate answers.
//
// Not covered: what is shown, and the time it may take: both are the caller's.
#ifndef HPFUZZ_TRACE_REDUCE_H_
#define HPFUZZ_TRACE_REDUCE_H_

#include "absl/functional/function_ref.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class ReduceScope : uint8_t {
  kEverything,
  kOperations,  // the machine and the arguments stay: where each other machine takes a boot
};

// Whether a trace shows what it is to show. Whatever it answers true to becomes the best so far.
using StillFails = absl::FunctionRef<bool(const Trace&)>;
// Whether to end with the best so far; asked before every candidate.
using Enough = absl::FunctionRef<bool()>;

struct Reduction {
  Trace trace;           // without names, and without the lines it was read from
  bool minimal = false;  // no single step is left; else it was enough before
};

// `trace` itself is taken to fail, and not asked.
Reduction Reduce(const Trace& trace, ReduceScope scope, StillFails still_fails, Enough enough);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_REDUCE_H_
