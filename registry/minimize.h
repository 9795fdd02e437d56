// SPDX-License-Identifier: Apache-2.0
// Minimising a trace that has a finding, in this process or by what another one says of each candidate.
#ifndef HPFUZZ_REGISTRY_MINIMIZE_H_
#define HPFUZZ_REGISTRY_MINIMIZE_H_

#include "absl/status/statusor.h"
#include "registry/workbench.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// As Workbench::Minimize.
absl::StatusOr<Minimized> MinimizeTrace(const Trace& trace, absl::string_view file, const MinimizeRequest& request);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_MINIMIZE_H_
