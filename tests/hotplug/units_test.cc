// SPDX-License-Identifier: Apache-2.0
// Pages, sections and ranges at the edges of what 64 bits can say.
#include "hotplug/units.h"

#include <gtest/gtest.h>

#include "tests/hotplug/unit_checks.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kMax = ~uint64_t{0};

TEST(Units, PagesAndBytes) {
  EXPECT_EQ(Pfn::OfByte(kPageSize - 1).value(), 0U);
  EXPECT_EQ(Pfn::OfByte(kPageSize).value(), 1U);
  EXPECT_EQ(Pfn::OfByte(kMax).value(), kMax >> kPageShift);
  EXPECT_EQ(Pfn(3).byte(), 3 * kPageSize);
  EXPECT_EQ(Pfn(kMax).byte(), uint64_t{0} - kPageSize);  // no byte address names it
  EXPECT_EQ((Pfn(5) + 2) - Pfn(3), 4U);
  EXPECT_LT(Pfn(5) - 1, Pfn(5));
}

TEST(Units, Sections) {
  const SectionNr nr(9);
  EXPECT_EQ(SectionNr::Of(nr.first_pfn()), nr);
  EXPECT_EQ(SectionNr::Of(nr.first_pfn() - 1), SectionNr(8));
  EXPECT_EQ(SectionNr::OfByte(nr.first_byte()), nr);
  EXPECT_EQ(SectionNr::OfByte(nr.first_byte() - 1), SectionNr(8));
  EXPECT_EQ(nr.first_pfn().byte(), nr.first_byte());
  SectionNr next = nr;
  EXPECT_EQ(++next, nr + 1);
}

TEST(Units, SubsectionMask) {
  CheckSubsectionMask(SectionNr(0));
  CheckSubsectionMask(SectionNr(0x12345));
}

TEST(Units, SectionParts) {
  const Pfn border = SectionNr(7).first_pfn();
  for (uint64_t before = 0; before < 3; ++before) {
    for (uint64_t after = 0; after < 3; ++after) {
      CheckSectionParts({border - before, border + after});
      CheckSectionParts({border - before, border + after + 3 * kPagesPerSection});
    }
  }
}

TEST(Units, Alignment) {
  for (const uint64_t grain : {uint64_t{1}, kPageSize, kSubsectionSize, kSectionSize, uint64_t{1} << 63}) {
    for (const uint64_t value : {uint64_t{0}, uint64_t{1}, grain - 1, grain, grain + 1, 2 * grain, kMax - grain,
                                 kMax - grain + 1, kMax - grain + 2, kMax}) {
      EXPECT_EQ(AlignDown(value, grain), value / grain * grain) << value << " by " << grain;
      const Wide up = (Wide{value} + grain - 1) / grain * grain;
      EXPECT_EQ(AlignUp(value, grain), static_cast<uint64_t>(up)) << value << " by " << grain;
    }
  }
  EXPECT_EQ(AlignUp(kMax, kSectionSize), 0U);
  EXPECT_EQ(AlignUp(kMax - kSectionSize + 1, kSectionSize), kMax - kSectionSize + 1);
}

TEST(Units, PhysRanges) {
  for (const uint64_t grain : {uint64_t{1}, kPageSize - 1, kPageSize, kSectionSize}) {
    const std::vector<PhysRange> ranges = RangesAtBothEnds(grain);
    for (const PhysRange a : ranges) {
      for (const PhysRange b : ranges) CheckPhysRange(a, b);
      ASSERT_FALSE(HasFatalFailure());
    }
  }
}

TEST(Units, WholeAddressSpaceDoesNotWrap) {
  EXPECT_FALSE((PhysRange{0, kMax}.wraps()));
  EXPECT_FALSE((PhysRange{kMax, 1}.wraps()));  // ends at 2^64
  EXPECT_TRUE((PhysRange{kMax, 2}.wraps()));
  EXPECT_FALSE((PhysRange{kMax, 0}.wraps()));
  EXPECT_EQ((PhysRange{kMax, 1}.end()), 0U);
}

// The kernel shifts start and size apart: a range that begins inside a page keeps its number of pages.
TEST(Units, PagesOfMisalignedRanges) {
  EXPECT_EQ((PhysRange{kPageSize / 2, kPageSize}.pfns()), (PfnRange{Pfn(0), Pfn(1)}));
  EXPECT_TRUE((PhysRange{kPageSize, kPageSize - 1}.pfns().empty()));
}

TEST(Units, PfnRanges) {
  for (uint64_t first = 0; first < 6; ++first) {
    for (uint64_t end = 0; end < 6; ++end) {
      const PfnRange a{Pfn(first), Pfn(end)};
      EXPECT_EQ(a.empty(), first >= end);
      for (uint64_t pfn = 0; pfn < 6; ++pfn) EXPECT_EQ(a.contains(Pfn(pfn)), first <= pfn && pfn < end);
      for (uint64_t other = 0; other + 1 < 6 && !a.empty(); ++other) {
        const PfnRange b{Pfn(other), Pfn(other + 2)};
        EXPECT_EQ(a.overlaps(b), a.contains(b.first) || a.contains(b.first + 1));
        EXPECT_EQ(b.overlaps(a), a.overlaps(b));
      }
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
