// SPDX-License-Identifier: Apache-2.0
// Relink: names kept while operations come, go and change places. In a trace an operation names a mapping, resource,
// region or namespace by its ordinal, which changes with every operation that is put before it.
#ifndef HPFUZZ_TRACE_RELINK_H_
#define HPFUZZ_TRACE_RELINK_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "trace/kind_traits.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Operations that were made to stand behind `defined` definitions of each sort: what they define themselves, and name
// among each other, becomes something that a trace of `size` operations around them does not have.
void MakeForeign(absl::Span<Op> ops, const Defined& defined, size_t size);

// Gives every definition its ordinal, and every other operation the ordinal of the last definition before it that had
// the number which it names; none when there is none.
void Relink(std::vector<Op>* ops);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RELINK_H_
