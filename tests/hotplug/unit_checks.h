// SPDX-License-Identifier: Apache-2.0
// Units against their definitions, for the tests of every geometry.
#ifndef HPFUZZ_TESTS_HOTPLUG_UNIT_CHECKS_H_
#define HPFUZZ_TESTS_HOTPLUG_UNIT_CHECKS_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Wide enough to hold any sum of two addresses.
__extension__ using Wide = unsigned __int128;

// Every page offset in a section that starts or ends a sub-section, or lies next to one that does; all of them when the
// section is small.
inline std::vector<uint64_t> OffsetsAtEdges() {
  std::vector<uint64_t> offsets;
  for (uint64_t offset = 0; offset <= kPagesPerSection; ++offset) {
    const uint64_t in_step = offset % kPagesPerSubsection;
    if (in_step <= 1 || in_step + 1 == kPagesPerSubsection) offsets.push_back(offset);
  }
  return offsets;
}

// SubsectionMask sets a bit exactly where a sub-section and the range have a page in common.
inline void CheckSubsectionMask(SectionNr nr) {
  const std::vector<uint64_t> offsets = OffsetsAtEdges();
  for (const uint64_t first : offsets) {
    for (const uint64_t end : offsets) {
      if (end <= first) continue;
      uint64_t expected = 0;
      for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
        const bool touched = first < (i + 1) * kPagesPerSubsection && i * kPagesPerSubsection < end;
        expected |= uint64_t{touched} << i;
      }
      const PfnRange pages{nr.first_pfn() + first, nr.first_pfn() + end};
      ASSERT_EQ(SubsectionMask(pages), expected) << "section " << nr.value() << ", pages " << first << " to " << end;
    }
  }
}

// Cutting a range by sections gives back all of it, each part inside one section.
inline void CheckSectionParts(PfnRange pages) {
  uint64_t total = 0;
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    ASSERT_FALSE(part.empty());
    ASSERT_EQ(part.first, rest.first);
    ASSERT_EQ(SectionNr::Of(part.first), SectionNr::Of(part.end - 1));
    ASSERT_TRUE(part.end == pages.end || part.end.value() % kPagesPerSection == 0);
    total += part.pages();
    rest.first = part.end;
  }
  ASSERT_EQ(total, pages.pages());
}

// Ranges from both ends of the address space, so that some are empty and some wrap.
inline std::vector<PhysRange> RangesAtBothEnds(uint64_t grain) {
  std::vector<PhysRange> ranges;
  for (uint64_t i = 0; i < 7; ++i) {
    for (uint64_t size = 0; size < 7; ++size) {
      ranges.push_back({i * grain, size * grain});
      ranges.push_back({uint64_t{0} - i * grain, size * grain});
    }
    ranges.push_back({i * grain, ~uint64_t{0} - i * grain});
    ranges.push_back({i * grain, ~uint64_t{0}});
  }
  return ranges;
}

inline void CheckPhysRange(PhysRange a, PhysRange b) {
  const Wide a_end = Wide{a.start} + a.size;
  const Wide b_end = Wide{b.start} + b.size;
  const Wide top = Wide{1} << 64;
  ASSERT_EQ(a.wraps(), a_end > top) << a.start << "+" << a.size;
  ASSERT_EQ(a.end(), static_cast<uint64_t>(a_end));
  ASSERT_EQ(a.pfns().pages(), a.size >> kPageShift);
  ASSERT_EQ(a.aligned_to(kPageSize), a.start % kPageSize == 0 && a.size % kPageSize == 0);
  if (a.wraps() || b.wraps()) return;
  const bool empty = a.size == 0 || b.size == 0;
  const bool overlap = !empty && Wide{a.start} < b_end && Wide{b.start} < a_end;
  ASSERT_EQ(a.overlaps(b), overlap) << a.start << "+" << a.size << ", " << b.start << "+" << b.size;
  const bool contained = !empty && a.start <= b.start && b_end <= a_end;
  ASSERT_EQ(a.contains(b), contained) << a.start << "+" << a.size << ", " << b.start << "+" << b.size;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_HOTPLUG_UNIT_CHECKS_H_
