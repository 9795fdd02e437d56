// SPDX-License-Identifier: Apache-2.0
// Units over every page of the tiny machine.
#include "hotplug/units.h"

#include <gtest/gtest.h>

#include "tests/hotplug/unit_checks.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kSections = uint64_t{1} << (kPhysmemBits - kSectionShift);
constexpr uint64_t kPages = kSections * kPagesPerSection;

TEST(TinyGeometry, IsSmallEnoughToEnumerate) {
  EXPECT_EQ(kGeometryName, "tiny");
  EXPECT_EQ(kSections, 16U);
  EXPECT_EQ(kPages, 256U);
  EXPECT_EQ(kSubsectionsPerSection, 4U);
  EXPECT_EQ(kFullBitmap, 0xfU);
  EXPECT_EQ(kMemmapPagesPerSection, kMemmapPagesPerSubsection * kSubsectionsPerSection);
}

TEST(TinyUnits, SubsectionMaskOfEveryRange) {
  EXPECT_EQ(OffsetsAtEdges().size(), kSubsectionsPerSection * 3 + 1);
  for (uint64_t section = 0; section < kSections; ++section) CheckSubsectionMask(SectionNr(section));
  // Every range, by the bits of its pages one by one.
  for (uint64_t first = 0; first < kPagesPerSection; ++first) {
    uint64_t bits = 0;
    for (uint64_t end = first + 1; end <= kPagesPerSection; ++end) {
      bits |= uint64_t{1} << ((end - 1) / kPagesPerSubsection);
      ASSERT_EQ(SubsectionMask({Pfn(first), Pfn(end)}), bits) << first << " to " << end;
    }
  }
}

TEST(TinyUnits, PartsOfEveryRange) {
  for (uint64_t first = 0; first < kPages; ++first) {
    for (uint64_t end = first; end <= kPages; ++end) CheckSectionParts({Pfn(first), Pfn(end)});
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST(TinyUnits, EveryAddress) {
  for (uint64_t byte = 0; byte < uint64_t{1} << kPhysmemBits; byte += kPageSize / 4) {
    const Pfn pfn = Pfn::OfByte(byte);
    ASSERT_LE(pfn.byte(), byte);
    ASSERT_LT(byte - pfn.byte(), kPageSize);
    ASSERT_EQ(SectionNr::Of(pfn), SectionNr::OfByte(byte));
    ASSERT_EQ(AlignUp(byte, kSubsectionSize) - AlignDown(byte, kSubsectionSize),
              byte % kSubsectionSize == 0 ? 0 : kSubsectionSize);
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
