// SPDX-License-Identifier: Apache-2.0
// The workbench of the geometry this file is compiled for.
#ifndef HPFUZZ_REGISTRY_WORKBENCH_GEOMETRY_H_
#define HPFUZZ_REGISTRY_WORKBENCH_GEOMETRY_H_

#include "hotplug/geometry.h"
#include "registry/workbench.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

const Workbench& GetWorkbench();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_WORKBENCH_GEOMETRY_H_
