// SPDX-License-Identifier: Apache-2.0
// Sections: boot, add, remove.
#include "impl_legacy/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// sparse_index_init: the array that `nr` lives in; it is never freed. nullptr: -ENOMEM.
MemSection* SparseIndexInit(Kernel& kernel, SectionNr nr) {
  if (!kernel.sections.HasRoot(nr) && !kernel.allocator.Get(AllocSite::kRoot)) return nullptr;
  return &kernel.sections.Make(nr);
}

}  // namespace

void SparseBootSection(Kernel& kernel, Nid nid, SectionNr nr) {
  MemSection& section = kernel.sections.Make(nr);
  if (section.present()) return;
  section.flags = kMarkedPresent | kHasMemMap | kIsOnline;
  section.nid = nid;
  section.usemap = Usemap::kBoot;
  section.memmap = MemmapKind::kHuge;
  section.block = BlockState::kOnline;
  kernel.valid.Insert(nr);
  kernel.pages.Populate(PagesOf(nr));
}

Status SparseAddOneSection(Kernel& kernel, Nid nid, SectionNr nr, MemSection* section, VmemAltmap* altmap) {
  if (!kernel.InTable(nr)) return kFaultStop;
  if (section == nullptr) section = SparseIndexInit(kernel, nr);
  if (section == nullptr || !VmemmapPopulate(kernel, nr, section, altmap)) return -kENOMEM;
  if (!kernel.allocator.Get(AllocSite::kUsemap)) {
    VmemmapFree(kernel, nr, section, altmap);  // to where it came from just now, which never stops
    return -kENOMEM;
  }
  ++kernel.usemap_balance;
  section->usemap = Usemap::kHot;
  section->flags = kMarkedPresent | kHasMemMap;
  section->nid = nid;
  kernel.valid.Insert(nr);
  return 0;
}

Status SparseRemoveOneSection(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap) {
  const Usemap usemap = section->usemap;
  section->flags = 0;
  section->usemap = Usemap::kNone;
  kernel.valid.Erase(nr);
  if (usemap == Usemap::kHot) {
    --kernel.usemap_balance;
    return VmemmapFree(kernel, nr, section, altmap);
  }
  return VmemmapFree(kernel, nr, section, nullptr);  // free_map_bootmem
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
