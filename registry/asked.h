// SPDX-License-Identifier: Apache-2.0
// What an operation of a trace is about, as ranges of physical memory: what it names itself, the range of the mapping
// it releases, the place of its namespace. For those who show it. Not covered: what a kernel makes of it.
#ifndef HPFUZZ_REGISTRY_ASKED_H_
#define HPFUZZ_REGISTRY_ASKED_H_

#include <vector>

#include "hotplug/units.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Without ranges that are empty or wrap. Namespaces lie where the trace puts their region, whatever a reboot moved.
std::vector<PhysRange> AskedRanges(const Trace& trace, const Op& op);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_ASKED_H_
