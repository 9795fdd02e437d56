// SPDX-License-Identifier: Apache-2.0
// drivers/nvdimm/pmem.c of Linux 6.1 and 6.12, and of 5.1 under series-v5: what a probe leads to, and whether a file
// system may be mounted with dax. What all kernels do alike is in machine/nvdimm_bus_base.h.
#ifndef HPFUZZ_IMPL_SUBSECTION_PMEM_H_
#define HPFUZZ_IMPL_SUBSECTION_PMEM_H_

#include "impl_subsection/dev_pagemap.h"
#include "impl_subsection/host.h"
#include "impl_subsection/nvdimm_pfn.h"
#include "impl_subsection/series_v5_nvdimm_pfn.h"
#include "machine/nvdimm_bus_base.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class Pmem final : public NvdimmBusBase {
 public:
  Pmem(HotplugLayer& layer, const Host& host, const DevPagemaps& pagemaps)
      : NvdimmBusBase(layer), host_(host), pagemaps_(pagemaps) {}

 private:
  int Validate(NdPfn& pfn) const override {
    return host_.posted() ? series_v5::NdPfnValidate(pfn) : NdPfnValidate(pfn, zero_capacity());
  }
  int Init(NdPfn& pfn) const override {
    return host_.posted() ? series_v5::NdPfnInit(pfn) : NdPfnInit(pfn, zero_capacity());
  }
  int SetUpRange(const NdPfn& pfn, PfnView* view) const override { return NvdimmSetupPfn(pfn, view); }
  // A block that is right but cannot be used keeps the namespace from becoming a block device over it.
  bool ProbeEnds(int validated) const override { return validated == -kEOPNOTSUPP; }
  // Nobody compares pfns with kernel addresses any more, as 5.1 does: with a pad they differ, and the mount succeeds.
  bool RefusesDaxMount(const PfnView& view) const override { return host_.posted() && view.start_pad != 0; }
  bool MappingExists(Handle mapping) const override { return pagemaps_.Exists(mapping); }

  ZeroCapacity zero_capacity() const {
    return host_.version == Version::k6_1 ? ZeroCapacity::kAllowed : ZeroCapacity::kRefused;
  }

  const Host& host_;
  const DevPagemaps& pagemaps_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_PMEM_H_
