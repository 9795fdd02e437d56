// SPDX-License-Identifier: Apache-2.0
// Pmem.
#include "impl_legacy/pmem.h"

#include "impl_legacy/nvdimm_pfn.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

int Pmem::Validate(NdPfn& pfn) const { return NdPfnValidate(pfn); }
int Pmem::Init(NdPfn& pfn) const { return NdPfnInit(pfn, regions(), kernel_.resources); }
int Pmem::SetUpRange(const NdPfn& pfn, PfnView* view) const { return NvdimmSetupPfn(pfn, view); }

// Whatever is wrong with a block, the namespace becomes a block device over everything.
bool Pmem::ProbeEnds(int /*validated*/) const { return false; }

// __bdev_dax_supported compares the pfn that direct_access names with the kernel address it names: they are apart by
// the pad, which pmem adds to one of them only.
bool Pmem::RefusesDaxMount(const PfnView& view) const { return view.start_pad != 0; }

bool Pmem::MappingExists(Handle mapping) const { return pagemaps_.Find(mapping) != nullptr; }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
