// SPDX-License-Identifier: Apache-2.0
// PageAllocator: which requests fail under which plan.
#include "machine/page_allocator.h"

#include <gtest/gtest.h>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr AllocSite kSite = AllocSite::kMemmapBase;

TEST(PageAllocator, NothingFailsUnarmed) {
  PageAllocator allocator;
  EXPECT_FALSE(allocator.armed());
  for (unsigned site = 0; site < kAllocSites; ++site) {
    EXPECT_TRUE(allocator.Get(static_cast<AllocSite>(site)));
    EXPECT_EQ(allocator.GetMany(static_cast<AllocSite>(site), ~uint64_t{0}), ~uint64_t{0});
  }
}

TEST(PageAllocator, OneAndFromThere) {
  for (const bool from : {false, true}) {
    for (uint32_t n = 1; n < 6; ++n) {
      PageAllocator allocator;
      allocator.Arm({.site = kSite, .from = from, .n = n});
      EXPECT_TRUE(allocator.armed());
      for (uint32_t i = 1; i < 10; ++i) {
        EXPECT_EQ(allocator.Get(kSite), from ? i < n : i != n) << "request " << i << ", plan " << n;
        EXPECT_TRUE(allocator.Get(AllocSite::kMemmap));  // another site, not counted
      }
    }
  }
}

// Many requests are as many single ones, up to the first that fails.
TEST(PageAllocator, ManyAreOneByOne) {
  for (const bool from : {false, true}) {
    for (uint32_t n = 1; n < 12; ++n) {
      for (uint64_t first = 0; first < 5; ++first) {
        for (uint64_t second = 0; second < 5; ++second) {
          PageAllocator many;
          PageAllocator single;
          many.Arm({.site = kSite, .from = from, .n = n});
          single.Arm({.site = kSite, .from = from, .n = n});
          for (const uint64_t count : {first, second}) {
            uint64_t granted = 0;
            while (granted < count && single.Get(kSite)) ++granted;
            ASSERT_EQ(many.GetMany(kSite, count), granted) << first << ", " << second << ", plan " << n;
          }
        }
      }
    }
  }
}

TEST(PageAllocator, ArmingCountsAnew) {
  PageAllocator allocator;
  allocator.Arm({.site = kSite, .n = 2});
  EXPECT_TRUE(allocator.Get(kSite));
  allocator.Arm({.site = kSite, .n = 2});
  EXPECT_TRUE(allocator.Get(kSite));
  EXPECT_FALSE(allocator.Get(kSite));
  allocator.Arm({});
  EXPECT_FALSE(allocator.armed());
  EXPECT_TRUE(allocator.Get(kSite));
}

TEST(PageAllocator, PlansOfSeveralSitesHoldTogether) {
  PageAllocator allocator;
  allocator.Arm({.site = kSite, .n = 2});
  allocator.Arm({.site = AllocSite::kRoot, .from = true, .n = 1});
  allocator.Arm({.site = kSite, .n = 1});  // in place of the first
  EXPECT_EQ(allocator.failed(), 0);
  EXPECT_FALSE(allocator.Get(kSite));
  EXPECT_EQ(allocator.failed(), Sites(kSite));
  EXPECT_TRUE(allocator.Get(kSite));
  EXPECT_FALSE(allocator.Get(AllocSite::kRoot));
  EXPECT_TRUE(allocator.Get(AllocSite::kUsemap));
  EXPECT_EQ(allocator.failed(), Sites(kSite, AllocSite::kRoot));
  allocator.BeginOperation();
  EXPECT_EQ(allocator.failed(), 0);
  EXPECT_FALSE(allocator.Get(kSite));
  EXPECT_FALSE(allocator.Get(AllocSite::kRoot));
  allocator.Arm({});
  EXPECT_EQ(allocator.failed(), 0);
  EXPECT_TRUE(allocator.Get(kSite));
  EXPECT_TRUE(allocator.Get(AllocSite::kRoot));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
