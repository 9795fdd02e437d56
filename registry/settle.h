// SPDX-License-Identifier: Apache-2.0
// Settling a trace: what is answered now becomes what it expects.
#ifndef HPFUZZ_REGISTRY_SETTLE_H_
#define HPFUZZ_REGISTRY_SETTLE_H_

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The trace with the answers of every implementation of the default pairs: for each side that of its first, and of the
// others by name where theirs is another one. Expectations that it had are forgotten.
Trace Settle(Trace trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_SETTLE_H_
