// SPDX-License-Identifier: Apache-2.0
// DirectMap: which physical memory the kernel's linear mapping covers, in steps of a sub-section (what one large page
// maps). A step is mapped by one large page, or by a page table. Not covered: 1 GiB pages.
#ifndef HPFUZZ_MACHINE_DIRECT_MAP_H_
#define HPFUZZ_MACHINE_DIRECT_MAP_H_

#include <algorithm>
#include <bitset>
#include <cstdint>

#include "hotplug/units.h"
#include "machine/kept_vector.h"
#include "machine/section_table.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class DirectMap {
 public:
  // Of the boot memory only what ISA devices may use is there: RAM is added range by range (init_mem_mapping).
  void Reset(uint64_t sections) {
    table_.Reset(sections);
    page_tables_.clear();
    Add({Pfn(0), Pfn::OfByte(kIsaEnd)});
  }

  // init_memory_mapping: whole steps get a large page unless they are mapped already; a head or tail of pages gets a
  // page table. Where that replaces a large page the rest of the step is lost (phys_pmd_init fills the new table with
  // the request only); returns whether that happened, which 5.2 and later kernels warn about. What lies beyond the
  // section table is mapped too but never seen.
  bool Add(PfnRange pages);
  // How many of these pages lie below the end of the section table.
  uint64_t Seen(PfnRange pages) const {
    const Pfn end = std::min(pages.end, SectionEnd());
    return end > pages.first ? end - pages.first : 0;
  }
  // How many page tables Add() would ask for. Walks every section that such a table could map.
  uint64_t TablesMissing(PfnRange pages) const;
  // kernel_physical_mapping_remove. A page named in part goes as a whole; a large page goes when it is named as a
  // whole; a page table goes with its last page.
  void Remove(PhysRange range);
  void Remove(PfnRange pages) { Remove(PhysRange{pages.first.byte(), pages.pages() << kPageShift}); }

  // Steps of a section whose first byte is covered.
  uint64_t Covered(SectionNr nr) const {
    const Steps* steps = table_.Find(nr);
    return steps == nullptr ? 0 : steps->covered;
  }

 private:
  struct Steps {
    uint64_t covered = 0;  // the first byte of the step is mapped
    uint64_t large = 0;    // by a large page
    uint64_t table = 0;    // the step has a page table
  };
  struct PageTable {
    Pfn step;
    std::bitset<kPagesPerSubsection> mapped;
  };
  PageTable& TableOf(Pfn step);
  void DropTable(Pfn step);
  bool AddPages(PfnRange pages);
  void RemovePages(Steps& steps, Pfn step, PfnRange pages);
  bool AnyStep(PfnRange pages) const;
  Pfn SectionEnd() const { return SectionNr(table_.sections()).first_pfn(); }

  SectionTable<Steps> table_;
  KeptVector<PageTable> page_tables_;  // of the steps in Steps::table: few, only ragged requests make them
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_DIRECT_MAP_H_
