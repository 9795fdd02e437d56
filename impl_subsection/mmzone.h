// SPDX-License-Identifier: Apache-2.0
// mmzone: struct mem_section and its usage record, as include/linux/mmzone.h has them since the merged series.
#ifndef HPFUZZ_IMPL_SUBSECTION_MMZONE_H_
#define HPFUZZ_IMPL_SUBSECTION_MMZONE_H_

#include <cstdint>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// The usage record of a section. Records of hot-added sections are freed with the last sub-section; records made at
// boot (their page is PageReserved) never are, and a section that is emptied keeps its own.
struct MemSectionUsage {
  uint64_t subsection_map;  // a bit for each active sub-section
  bool boot;
};

// How the struct pages of a section are mapped: the PMD of its memmap.
enum class MemmapPmd : uint8_t { kNone, kTable, kLarge };

struct MemSection {
  // The low bits of section_mem_map. Adding a sub-section keeps those that are set; emptying the section clears all.
  enum Flag : uint8_t {
    kMarkedPresent = 1,
    kHasMemMap = 2,
    kIsOnline = 4,
    kIsEarly = 8,
    kTaintZoneDevice = 16,
    kBootMemmap = 32,  // series-v5, in place of kIsEarly: told by the page of the usage record
  };

  uint8_t flags = 0;
  MemmapPmd memmap = MemmapPmd::kNone;
  MemSectionUsage* usage = nullptr;
  // First of the device's pages that the large page of the memmap is made of (an altmap's).
  static constexpr Pfn kNotInDevice = Pfn(~uint64_t{0});
  Pfn memmap_in_device = kNotInDevice;

  bool valid() const { return (flags & kHasMemMap) != 0; }
  bool early() const { return (flags & kIsEarly) != 0; }
  bool online() const { return (flags & kIsOnline) != 0; }
  // Made at boot, by whichever mark.
  bool boot_memmap() const { return (flags & (kIsEarly | kBootMemmap)) != 0; }
  // online_device_section
  bool online_device() const { return online() && (flags & kTaintZoneDevice) != 0; }

  // pfn_section_valid
  bool PfnActive(Pfn pfn) const {
    return usage != nullptr &&
           (usage->subsection_map >> (pfn.value() % kPagesPerSection / kPagesPerSubsection) & 1) != 0;
  }
  // pfn_valid, once the section is found.
  bool PfnValid(Pfn pfn) const { return valid() && (early() || PfnActive(pfn)); }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_MMZONE_H_
