// SPDX-License-Identifier: Apache-2.0
// Pins: taken and dropped, the latest first.
#include "machine/pins.h"

#include <gtest/gtest.h>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(Pins, LatestOnAPageGoesFirst) {
  Pins pins;
  EXPECT_TRUE(pins.empty());
  pins.Add(Pfn(5), 1);
  pins.Add(Pfn(6), 2);
  pins.Add(Pfn(5), 3);
  pins.Add(Pfn(5), kNoHandle);
  EXPECT_EQ(pins.CountOn(Pfn(5)), 3U);
  EXPECT_EQ(pins.CountOn(Pfn(7)), 0U);
  Pins::Pin pin{};
  for (const Handle expected : {kNoHandle, Handle{3}, Handle{1}}) {
    ASSERT_TRUE(pins.Drop(Pfn(5), &pin));
    EXPECT_EQ(pin.map, expected);
    EXPECT_EQ(pin.pfn, Pfn(5));
  }
  EXPECT_FALSE(pins.Drop(Pfn(5), &pin));
  EXPECT_FALSE(pins.empty());
  EXPECT_EQ(pins.CountOn(Pfn(6)), 1U);
}

TEST(Pins, ByRangeAndByMapping) {
  Pins pins;
  pins.Add(Pfn(10), 4);
  pins.Add(Pfn(20), kNoHandle);
  EXPECT_TRUE(pins.AnyIn({Pfn(10), Pfn(11)}));
  EXPECT_TRUE(pins.AnyIn({Pfn(0), Pfn(11)}));
  EXPECT_TRUE(pins.AnyIn({Pfn(20), Pfn(30)}));
  EXPECT_FALSE(pins.AnyIn({Pfn(11), Pfn(20)}));
  EXPECT_FALSE(pins.AnyIn({Pfn(10), Pfn(10)}));
  EXPECT_TRUE(pins.AnyOf(4));
  EXPECT_FALSE(pins.AnyOf(5));
  Pins::Pin pin{};
  ASSERT_TRUE(pins.Drop(Pfn(10), &pin));
  EXPECT_FALSE(pins.AnyOf(4));
  pins.Reset();
  EXPECT_TRUE(pins.empty());
  EXPECT_FALSE(pins.AnyIn({Pfn(0), Pfn(100)}));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
