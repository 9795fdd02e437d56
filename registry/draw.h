// SPDX-License-Identifier: Apache-2.0
// Drawing a trace: memory after each step, of the first pair of implementations that has a finding, else of the first.
#ifndef HPFUZZ_REGISTRY_DRAW_H_
#define HPFUZZ_REGISTRY_DRAW_H_

#include <string>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string DrawTrace(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_DRAW_H_
