// SPDX-License-Identifier: Apache-2.0
// Geometry: the sizes that memory hotplug is built on, as compile-time constants.
//
// The core (hotplug/ machine/ trace/ impl_*/ oracle/ registry/) is compiled once per geometry, each build in its own
// inline namespace, so both can be linked into one program. No other file holds a literal page, sub-section or section
// size. Another architecture is one more block here and one more entry in the build's list of geometries.
#ifndef HPFUZZ_HOTPLUG_GEOMETRY_H_
#define HPFUZZ_HOTPLUG_GEOMETRY_H_

#include <cstdint>
#include <string_view>

// Name of the inline namespace; the build defines it as x86_64 or tiny.
#ifndef HPFUZZ_GEOMETRY
#define HPFUZZ_GEOMETRY x86_64
#define HPFUZZ_GEOMETRY_X86_64 1
#endif

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

#if defined(HPFUZZ_GEOMETRY_TINY)
// Small enough to enumerate: 16 sections of 4 sub-sections of 4 pages. A struct page is inflated to 1 KiB so that a
// sub-section's memmap is still a whole number of pages.
inline constexpr std::string_view kGeometryName = "tiny";
inline constexpr unsigned kPageShift = 12;
inline constexpr unsigned kSubsectionShift = 14;
inline constexpr unsigned kSectionShift = 16;
inline constexpr unsigned kPhysmemBits = 20;
inline constexpr unsigned kPhysmemBits5Level = 20;
inline constexpr unsigned kPhysicalMaskBits = 21;
inline constexpr uint64_t kStructPageSize = 1024;
inline constexpr uint64_t kIsaEnd = uint64_t{1} << 15;
inline constexpr uint64_t kDmaZoneEnd = uint64_t{1} << 16;
inline constexpr uint64_t kDma32ZoneEnd = uint64_t{1} << 18;
inline constexpr unsigned kSectionsPerRoot = 4;
#elif defined(HPFUZZ_GEOMETRY_X86_64)
inline constexpr std::string_view kGeometryName = "x86-64";
inline constexpr unsigned kPageShift = 12;
inline constexpr unsigned kSubsectionShift = 21;  // SUBSECTION_SHIFT, fixed at 2 MiB since the merged series
inline constexpr unsigned kSectionShift = 27;     // SECTION_SIZE_BITS
inline constexpr unsigned kPhysmemBits = 46;      // MAX_PHYSMEM_BITS with four-level paging
inline constexpr unsigned kPhysmemBits5Level = 52;
inline constexpr unsigned kPhysicalMaskBits = 52;  // __PHYSICAL_MASK_SHIFT: what a page-table entry can name
inline constexpr uint64_t kStructPageSize = 64;
inline constexpr uint64_t kIsaEnd = uint64_t{1} << 20;        // ISA_END_ADDRESS: mapped at boot, RAM or not
inline constexpr uint64_t kDmaZoneEnd = uint64_t{1} << 24;    // MAX_DMA_PFN
inline constexpr uint64_t kDma32ZoneEnd = uint64_t{1} << 32;  // MAX_DMA32_PFN
inline constexpr unsigned kSectionsPerRoot = 256;             // one page of 16-byte struct mem_section
#else
#error "unknown geometry: define HPFUZZ_GEOMETRY and HPFUZZ_GEOMETRY_<NAME>"
#endif

inline constexpr uint64_t kPhysicalMask = (uint64_t{1} << kPhysicalMaskBits) - 1;
inline constexpr uint64_t kPageSize = uint64_t{1} << kPageShift;
inline constexpr uint64_t kSubsectionSize = uint64_t{1} << kSubsectionShift;
inline constexpr uint64_t kSectionSize = uint64_t{1} << kSectionShift;
inline constexpr uint64_t kPagesPerSubsection = kSubsectionSize >> kPageShift;
inline constexpr uint64_t kPagesPerSection = kSectionSize >> kPageShift;
inline constexpr unsigned kSubsectionsPerSection = 1U << (kSectionShift - kSubsectionShift);
// Pages that hold the struct pages of one sub-section, of one section (8 and 512 on x86-64: one PMD a section).
inline constexpr uint64_t kMemmapPagesPerSubsection = kPagesPerSubsection * kStructPageSize / kPageSize;
inline constexpr uint64_t kMemmapPagesPerSection = kPagesPerSection * kStructPageSize / kPageSize;
// One bit for each sub-section of a section.
inline constexpr uint64_t kFullBitmap =
    kSubsectionsPerSection == 64 ? ~uint64_t{0} : (uint64_t{1} << (kSubsectionsPerSection % 64)) - 1;

static_assert(kSubsectionShift <= kSectionShift, "a sub-section must not exceed a section");
static_assert(kSubsectionsPerSection <= 64, "the bitmap of a section is one 64-bit word");
static_assert(kMemmapPagesPerSubsection >= 1, "the memmap of a sub-section must be whole pages");
static_assert(kPagesPerSection <= 65536, "page offsets inside a section are kept in 16 bits");

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_GEOMETRY_H_
