// SPDX-License-Identifier: Apache-2.0
// DirectMap: which physical pages the kernel's direct map covers, and by what size of page. Not covered: pages of
// 1 GiB, which a kernel may use inside large requests; taking a part out of one is not modelled.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_DIRECT_MAP_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_DIRECT_MAP_H_

#include <cstdint>

#include "hotplug/units.h"
#include "oracle/reference/runs.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

class DirectMap {
 public:
  struct Added {
    uint64_t tables = 0;    // page tables that had to be asked for, if they are counted
    bool replaced = false;  // a large page gave way to a table that holds only the requested pages: a warning
  };

  // The direct map of a machine whose sections end at `end`, before RAM: what ISA devices may use. What is asked for
  // beyond the end is not looked at.
  void Clear(Pfn end);
  // init_memory_mapping(): whole steps by large pages, head and tail by base pages.
  Added Add(PfnRange pages, bool count_tables);
  // kernel_physical_mapping_remove(): `bytes` need not be page-aligned; a large page goes only as a whole.
  void Remove(PhysRange bytes);
  // Bit i: the first byte of step i of the section is covered.
  uint64_t Steps(SectionNr nr) const;

 private:
  enum class Size : uint8_t { kLarge, kBase };

  uint64_t MissingTables(PfnRange pages) const;
  uint64_t UnmappedSpans(PfnRange pages, uint64_t span) const;
  void AddBase(PfnRange pages, Added* added);
  void AddLarge(PfnRange steps);
  void RemoveBase(PfnRange pages);

  // Runs of large pages begin and end on steps.
  reference::Runs<Pfn, Size> runs_;
  Pfn end_;
  unsigned table_levels_ = 0;  // above the page tables of single steps
};

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_DIRECT_MAP_H_
