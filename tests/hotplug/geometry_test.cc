// SPDX-License-Identifier: Apache-2.0
// The sizes of a real x86-64 machine, as its kernel has them.
#include "hotplug/geometry.h"

#include <gtest/gtest.h>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(Geometry, IsThatOfX86) {
  EXPECT_EQ(kGeometryName, "x86-64");
  EXPECT_EQ(kPageSize, uint64_t{4} << 10);
  EXPECT_EQ(kSubsectionSize, uint64_t{2} << 20);
  EXPECT_EQ(kSectionSize, uint64_t{128} << 20);
  EXPECT_EQ(kPagesPerSubsection, 512U);
  EXPECT_EQ(kPagesPerSection, 32768U);
  EXPECT_EQ(kSubsectionsPerSection, 64U);
  EXPECT_EQ(kFullBitmap, ~uint64_t{0});
}

// 32768 struct pages of 64 bytes are one large page.
TEST(Geometry, MemmapOfASectionIsOneLargePage) {
  EXPECT_EQ(kMemmapPagesPerSubsection, 8U);
  EXPECT_EQ(kMemmapPagesPerSection * kPageSize, kSubsectionSize);
  EXPECT_EQ(kMemmapPagesPerSection, kMemmapPagesPerSubsection * kSubsectionsPerSection);
}

TEST(Geometry, ZonesAndTableBorders) {
  EXPECT_EQ(kDmaZoneEnd, uint64_t{16} << 20);
  EXPECT_EQ(kDma32ZoneEnd, uint64_t{4} << 30);
  EXPECT_EQ(uint64_t{1} << kPhysmemBits, uint64_t{64} << 40);
  EXPECT_EQ(uint64_t{1} << kPhysmemBits5Level, uint64_t{4} << 50);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
