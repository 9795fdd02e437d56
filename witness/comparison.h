// SPDX-License-Identifier: Apache-2.0
// Comparison: what a kernel answered to one request against what a layer says.
//
// Not compared, because it is the machine's own and no part of hotplug: what uses the pages of online RAM; whether
// offline_pages finds one that cannot be moved (-EBUSY); the spans and resources of the RAM that the kernel lives in;
// references of a mapping, which are not to be seen from outside; struct pages that a reference calls unspecified, or
// that nobody initialised.
#ifndef HPFUZZ_WITNESS_COMPARISON_H_
#define HPFUZZ_WITNESS_COMPARISON_H_

#include <string>
#include <vector>

#include "hotplug/layer.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Where the kernel and a layer differ. `what` is a name of [a-z_-] only, as in keys of findings.
struct Deviation {
  std::string what;  // empty: they agree
  std::string kernel;
  std::string layer;
  bool found() const { return !what.empty(); }
};

// The kernel could not move a page: from here on the machines differ, and nobody is to blame.
bool IsEnvironment(const Op& op, const Answer& kernel, const Answer& layer);

// `layer` is in the state after the operation.
Deviation CompareAnswer(const Op& op, const Answer& kernel, Answer answer, const HotplugLayer& layer);
// Of a look at the machine; `line` is the kernel's answer. `layer` is in the state of the same moment.
Deviation CompareLook(const Request& request, absl::string_view line, const HotplugLayer& layer);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_COMPARISON_H_
