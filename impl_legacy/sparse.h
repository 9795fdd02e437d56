// SPDX-License-Identifier: Apache-2.0
// mm/sparse.c: sections come and go as a whole.
#ifndef HPFUZZ_IMPL_LEGACY_SPARSE_H_
#define HPFUZZ_IMPL_LEGACY_SPARSE_H_

#include "impl_legacy/kernel.h"
#include "impl_legacy/sparse_vmemmap.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

// memory_present and sparse_init for one section of boot RAM; its struct pages are there but not initialised. A section
// that is present keeps its node: the lowest range wins.
void SparseBootSection(Kernel& kernel, Nid nid, SectionNr nr);

// sparse_add_one_section: 0, -ENOMEM, or a fault beyond the section table, which no check guards. The caller has made
// sure that the section is not valid: with a live section the failure path would free its memmap. `section` is what
// the table holds for it, nullptr when that is nothing.
Status SparseAddOneSection(Kernel& kernel, Nid nid, SectionNr nr, MemSection* section, VmemAltmap* altmap);

// sparse_remove_one_section. The usemap of boot stays allocated; a section that is added again gets its own.
Status SparseRemoveOneSection(Kernel& kernel, SectionNr nr, MemSection* section, VmemAltmap* altmap);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_SPARSE_H_
