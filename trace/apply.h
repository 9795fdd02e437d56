// SPDX-License-Identifier: Apache-2.0
// Apply: one operation on one layer. The only place that knows which member function belongs to which kind.
#ifndef HPFUZZ_TRACE_APPLY_H_
#define HPFUZZ_TRACE_APPLY_H_

#include "hotplug/answer.h"
#include "hotplug/layer.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// online_pages and offline_pages reach every memory block device of their range, lowest first, and stop at the first
// that answers an error; `already` only when every block was in that state. A range of length 0, or one that wraps,
// names the block that holds its start. kFailAlloc answers 0 and changes nothing: arming the failure for the next
// operation is up to the runner (HotplugLayer::ArmFailure).
Answer Apply(const Op& op, HotplugLayer& layer);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_APPLY_H_
