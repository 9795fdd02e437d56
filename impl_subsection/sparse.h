// SPDX-License-Identifier: Apache-2.0
// sparse: the section table and the sub-section bitmap (mm/sparse.c, predicates of include/linux/mmzone.h).
//
// Not covered: memory for struct pages (sparse_vmemmap.h), walks over several sections (memory_hotplug.h).
#ifndef HPFUZZ_IMPL_SUBSECTION_SPARSE_H_
#define HPFUZZ_IMPL_SUBSECTION_SPARSE_H_

#include "hotplug/units.h"
#include "impl_subsection/host.h"
#include "impl_subsection/mmzone.h"
#include "impl_subsection/sparse_vmemmap.h"
#include "machine/arena.h"
#include "machine/section_table.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class Sparse {
 public:
  explicit Sparse(Host& host) : host_(host) {}

  void Reset(uint64_t sections);
  // Boot: the section of a RAM range, with its whole memmap; the bits of a RAM range, rounded outwards.
  void InitEarlySection(SectionNr nr);
  void SubsectionMapInit(PfnRange pages);
  // series-v5, in its place; the sections are not known to be early from then on.
  void SectionActiveInit(PfnRange pages);

  // sparse_add_section and sparse_remove_section; `pages` are whole sub-sections of one section, any pages of it in
  // series-v5. A section beyond the table is a FAULT when it is added. Removing needs a valid section; a FAULT when its
  // memmap lies in a device and no altmap says so: the page allocator, given the page, looks for the usage record of
  // the section that holds it.
  Status AddSection(PfnRange pages, VmemAltmap* altmap);
  Status RemoveSection(PfnRange pages, VmemAltmap* altmap) {
    return host_.posted() ? SectionDeactivatePosted(pages, altmap) : SectionDeactivate(pages, altmap);
  }

  // __pfn_to_section: nullptr when its root was never allocated.
  MemSection* PfnToSection(Pfn pfn);
  // nullptr when nothing was ever written to the section's record.
  MemSection* Find(SectionNr nr) { return sections_.Find(nr); }
  const MemSection* Find(SectionNr nr) const { return sections_.Find(nr); }
  const SectionTable<MemSection>& sections() const { return sections_; }

  bool PfnValid(Pfn pfn) const {
    if (Pfn::OfByte(pfn.byte()) != pfn) return false;
    const MemSection* section = sections_.Find(SectionNr::Of(pfn));
    return section != nullptr && section->PfnValid(pfn);
  }
  // Usage records of hot-added sections that are not freed.
  int usage_balance() const { return usage_balance_; }

 private:
  Status SectionActivate(MemSection& section, PfnRange pages, VmemAltmap* altmap);
  Status SectionDeactivate(PfnRange pages, VmemAltmap* altmap);
  // series_v5_sparse.cc
  Status SectionActivatePosted(MemSection& section, PfnRange pages, VmemAltmap* altmap);
  Status SectionDeactivatePosted(PfnRange pages, VmemAltmap* altmap);
  Status PopulatePosted(MemSection& section, PfnRange pages, VmemAltmap* altmap);
  Status DepopulateSectionMemmap(MemSection& section, PfnRange pages, VmemAltmap* altmap);
  // `first` of the pages that a large page of memmap is made of.
  bool FreesUnknownPage(Pfn first) const;
  void GiveToAllocator(Pfn first);
  bool FillSubsectionMap(MemSection& section, PfnRange pages);
  bool ClearSubsectionMap(MemSection& section, PfnRange pages);
  MemSectionUsage* NewUsage(bool boot);
  void FreeUsage(MemSection& section);

  Host& host_;
  SectionTable<MemSection> sections_;
  Arena usages_;
  int usage_balance_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_SPARSE_H_
