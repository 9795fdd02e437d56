// SPDX-License-Identifier: Apache-2.0
// drivers/nvdimm/pmem.c of Linux 5.1: what a probe leads to, and whether a file system may be mounted with dax. What
// all kernels do alike is in machine/nvdimm_bus_base.h.
#ifndef HPFUZZ_IMPL_LEGACY_PMEM_H_
#define HPFUZZ_IMPL_LEGACY_PMEM_H_

#include "impl_legacy/kernel.h"
#include "impl_legacy/memremap.h"
#include "machine/nvdimm_bus_base.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

class Pmem final : public NvdimmBusBase {
 public:
  Pmem(HotplugLayer& layer, const Kernel& kernel, const Pagemaps& pagemaps)
      : NvdimmBusBase(layer), kernel_(kernel), pagemaps_(pagemaps) {}

 private:
  int Validate(NdPfn& pfn) const override;
  int Init(NdPfn& pfn) const override;
  int SetUpRange(const NdPfn& pfn, PfnView* view) const override;
  bool ProbeEnds(int validated) const override;
  bool RefusesDaxMount(const PfnView& view) const override;
  bool MappingExists(Handle mapping) const override;

  const Kernel& kernel_;
  const Pagemaps& pagemaps_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_PMEM_H_
