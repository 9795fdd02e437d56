// SPDX-License-Identifier: Apache-2.0
// StructPages with a memmap that ends inside a sub-section. Everything else about them is in tests/tiny/machine.
#include <gtest/gtest.h>

#include "machine/struct_pages.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kSections = 2;
constexpr uint64_t kEnd = kPagesPerSubsection + 64;  // of the front

class FrontTest : public testing::Test {
 protected:
  void SetUp() override {
    pages_.Reset(kSections);
    pages_.PopulateFront(SectionNr(1), kEnd);
  }
  bool Has(uint64_t page) const { return pages_.Find(Page(page)) != nullptr; }
  static Pfn Page(uint64_t page) { return SectionNr(1).first_pfn() + page; }

  StructPages pages_;
};

TEST_F(FrontTest, ReachesAsFarAsToldAndNoFurther) {
  EXPECT_TRUE(Has(0));
  EXPECT_TRUE(Has(kPagesPerSubsection));
  EXPECT_TRUE(Has(kEnd - 1));
  EXPECT_FALSE(Has(kEnd));
  EXPECT_FALSE(Has(kPagesPerSection - 1));
  EXPECT_EQ(pages_.FindRun({Page(kEnd), Page(kEnd + 1)}).content, nullptr);
  const StructPages::RunOf run = pages_.FindRun({Page(kPagesPerSubsection), Page(kPagesPerSection)});
  ASSERT_NE(run.content, nullptr);
  EXPECT_EQ(run.end, Page(kEnd));
}

TEST_F(FrontTest, FillStopsAtItsEnd) {
  const StructPages::Content written{.initialised = true, .count = 1};
  EXPECT_TRUE(pages_.Fill({Page(kEnd - 1), Page(kEnd)}, written));
  EXPECT_FALSE(pages_.Fill({Page(kEnd - 2), Page(kEnd + 1)}, written));
  EXPECT_EQ(*pages_.Find(Page(kEnd - 2)), written);
  EXPECT_FALSE(Has(kEnd));
}

// What was there keeps its content, what is new holds the pattern of its time.
TEST_F(FrontTest, IsCompletedLater) {
  pages_.SetFill(0xff);
  pages_.PopulateFront(SectionNr(1), kPagesPerSection);
  EXPECT_EQ(pages_.Find(Page(kEnd - 1))->zone, 0);
  EXPECT_EQ(pages_.Find(Page(kEnd))->zone, 7);
  EXPECT_EQ(pages_.BackedMask(SectionNr(1)), kFullBitmap);
  pages_.Depopulate({Page(0), Page(kPagesPerSection)});
  EXPECT_FALSE(Has(0));
  pages_.PopulateFront(SectionNr(1), 1);
  EXPECT_TRUE(Has(0));
  EXPECT_FALSE(Has(1));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
