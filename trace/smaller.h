// SPDX-License-Identifier: Apache-2.0
// The single steps by which a trace can become simpler, in families: a trace is as small as reduction makes it when
// none of them leaves a trace that still shows what it is to show.
//
// Not covered: choosing among them (reduce.h).
#ifndef HPFUZZ_TRACE_SMALLER_H_
#define HPFUZZ_TRACE_SMALLER_H_

#include <cstddef>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Gets a trace that costs less and that keeps every limit of traces. Returns whether it has seen enough.
using Visit = absl::FunctionRef<bool(const Trace& smaller)>;

// Steps of one sort. They have items (operations, firmware ranges, ...), each of which can be made smaller in several
// ways.
struct Family {
  std::string_view name;
  bool operations_only;  // takes out operations, changes nothing else
  size_t (*items)(const Trace& trace);
  // Visits the ways of one item, simplest first; returns whether `visit` has seen enough.
  bool (*each)(const Trace& trace, size_t item, Visit visit);
};

// In the order in which they are best tried.
absl::Span<const Family> Families();

// Every step of every family: returns whether `visit` has seen enough.
bool EachSmaller(const Trace& trace, Visit visit);

// Pairs of operations are taken out together, because the one often undoes the other, in traces of at most so many: the
// number of pairs grows with the square.
inline constexpr size_t kMaxOpsForPairs = 24;

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_SMALLER_H_
