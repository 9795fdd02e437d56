// SPDX-License-Identifier: Apache-2.0
// Host: what the rooms of a kernel share: the simulated hardware and allocator, the warnings of the running operation,
// and the form in which kernel functions return.
#ifndef HPFUZZ_IMPL_SUBSECTION_HOST_H_
#define HPFUZZ_IMPL_SUBSECTION_HOST_H_

#include <algorithm>
#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/firmware_map.h"
#include "hotplug/units.h"
#include "impl_subsection/version.h"
#include "machine/direct_map.h"
#include "machine/page_allocator.h"
#include "machine/pins.h"
#include "machine/resource_tree.h"
#include "machine/struct_pages.h"
#include "machine/zones.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// What a kernel function returns: 0, a negated errno, or how the machine stopped inside it. Callers pass on whatever is
// not 0, so a stop takes the kernel's error paths; nobody sees what they do to a lost machine.
using Status = int;
inline constexpr Status kStopBug = -0x10000;
inline constexpr Status kStopFault = -0x10001;
constexpr bool Stops(Status status) { return status <= kStopBug; }

// WARN()s of one operation. Sites that warn once per boot are re-armed before every operation.
class Warnings {
 public:
  enum OnceSite : uint8_t {
    kAddPagesFailed,     // add_pages: __add_pages answered an error
    kBeyondPhysmem,      // add_pages: the range exceeds PHYSMEM_END
    kSectionAbsent,      // __remove_section
    kDirectMapSplit,     // phys_pmd_init
    kBlockMissing,       // remove_memory_block_devices
    kBlocksMisaligned,   // create_memory_block_devices
    kRemovedMisaligned,  // remove_memory_block_devices
    kMultizone,          // offline_pages
    kResourceStays,      // release_mem_region_adjustable
    kOverlapsRam,        // pagemap_range
    kAltmapNotFreed,     // memunmap_pages
    kRemovePagesFailed,  // arch_remove_memory of series-v5: __remove_pages answered an error
  };

  void Rearm() {
    count_ = 0;
    fired_ = 0;
  }
  void Warn() { ++count_; }
  void WarnOnce(OnceSite site) {
    const uint32_t bit = uint32_t{1} << site;
    if ((fired_ & bit) == 0) ++count_;
    fired_ |= bit;
  }
  // Capped at what an Answer can hold.
  unsigned count() const { return std::min(count_, 255U); }

 private:
  unsigned count_ = 0;
  uint32_t fired_ = 0;
};

struct Host {
  Version version = Version::k6_1;
  const FirmwareMap* firmware = nullptr;
  Warnings warnings;
  PageAllocator allocator;
  StructPages struct_pages;
  DirectMap direct_map;
  Zones zones;
  ResourceTree resources;
  Pins pins;

  // series-v5 and not what was merged.
  bool posted() const { return version == Version::kSeriesV5; }

  // mhp_range_allowed: not empty, does not wrap, below the end of the section table.
  bool RangeAllowed(PhysRange range) const {
    return range.start < range.end() && range.end() <= firmware->physmem_end();
  }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_HOST_H_
