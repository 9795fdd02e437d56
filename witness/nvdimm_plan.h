// SPDX-License-Identifier: Apache-2.0
// NvdimmPlan: a trace of regions and namespaces, sorted into what 5.1 does to the media beforehand and what a guest is
// asked. Not covered: asking (nvdimm_player.h).
//
// A trace that holds `reboot other` begins on 5.1: what stands before it is done by the model of 5.1, and the guest
// boots on the media. A region of which every namespace is all of it has no labels, else it has: only then can it be
// divided.
#ifndef HPFUZZ_WITNESS_NVDIMM_PLAN_H_
#define HPFUZZ_WITNESS_NVDIMM_PLAN_H_

#include <vector>

#include "absl/status/statusor.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct NvdimmPlan {
  struct Region {
    Handle handle = kNoHandle;
    RegionRequest request;
    bool labels = false;
  };
  std::vector<Region> regions;
  std::vector<Op> legacy;  // on 5.1; empty: the media are blank
  std::vector<Op> guest;
};

// FailedPrecondition, with the operation: no guest can do that.
absl::StatusOr<NvdimmPlan> PlanNvdimm(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_PLAN_H_
