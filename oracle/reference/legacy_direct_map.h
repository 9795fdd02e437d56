// SPDX-License-Identifier: Apache-2.0
// DirectMap: which physical pages the kernel's linear mapping covers, in steps of one large page (a sub-section).
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_DIRECT_MAP_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_DIRECT_MAP_H_

#include <cstdint>

#include "hotplug/firmware_map.h"
#include "oracle/reference/requests.h"
#include "oracle/reference/runs.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

using reference::Requests;
using reference::Runs;

class DirectMap {
 public:
  // Covers the whole steps that the boot RAM touches.
  void Boot(const FirmwareMap& map);
  // Leaves out what the section table cannot name. False when a page table could not be had: the kernel faults then.
  bool Add(PhysRange range, Requests& requests);
  void Remove(PhysRange range);
  // Bit i: the first page of step i of the section is covered.
  uint64_t SectionBits(SectionNr nr) const;

 private:
  struct Covered {
    bool operator==(const Covered&) const = default;
  };

  bool AddPages(uint64_t first, uint64_t end, Requests& requests);
  bool AddSteps(uint64_t first, uint64_t end, Requests& requests);
  bool AskForTables(uint64_t first, uint64_t end, Requests& requests) const;
  uint64_t UncoveredUnits(uint64_t first, uint64_t end, uint64_t unit) const;

  uint64_t limit_ = 0;
  unsigned table_levels_ = 0;
  Runs<uint64_t, Covered> pages_;
  Runs<uint64_t, Covered> split_;  // steps mapped page by page
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_DIRECT_MAP_H_
