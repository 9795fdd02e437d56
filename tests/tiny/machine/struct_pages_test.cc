// SPDX-License-Identifier: Apache-2.0
// StructPages against an array with one entry a page.
#include "machine/struct_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Content = StructPages::Content;

constexpr uint64_t kSections = 4;
constexpr uint64_t kPages = kSections * kPagesPerSection;

class Model {
 public:
  void Reset() {
    pages_.fill(std::nullopt);
    fill_ = 0;
  }
  void SetFill(int fill) { fill_ = fill == kFillKeep ? 0 : fill; }
  void Populate(PfnRange range) {
    for (Pfn pfn = range.first; pfn < range.end; pfn = pfn + 1) {
      if (!at(pfn)) at(pfn) = Filled(fill_);
    }
  }
  void Depopulate(PfnRange range) {
    for (Pfn pfn = range.first; pfn < range.end; pfn = pfn + 1) at(pfn).reset();
  }
  static Content Filled(int byte) { return {.zone = static_cast<uint8_t>(byte / 32), .reserved = byte == 0xfd}; }
  bool Fill(PfnRange range, const Content& content) {
    for (Pfn pfn = range.first; pfn < range.end; pfn = pfn + 1) {
      if (!at(pfn)) return false;
      at(pfn) = content;
    }
    return true;
  }
  bool Backed(PfnRange range) const {
    for (Pfn pfn = range.first; pfn < range.end; pfn = pfn + 1) {
      if (!at(pfn)) return false;
    }
    return true;
  }
  bool AllUnused(PfnRange range) const {
    for (Pfn pfn = range.first; pfn < range.end; pfn = pfn + 1) {
      if (at(pfn)->initialised || !at(pfn)->reserved) return false;
    }
    return true;
  }
  std::optional<Content>& at(Pfn pfn) { return pages_[pfn.value()]; }
  const std::optional<Content>& at(Pfn pfn) const { return pages_[pfn.value()]; }

 private:
  std::array<std::optional<Content>, kPages> pages_;
  int fill_ = 0;
};

class StructPagesTest : public testing::Test {
 protected:
  void Boot() {
    pages_.Reset(kSections);
    model_.Reset();
  }

  PfnRange AnyRange() {
    const uint64_t a = random_.Below(kPages + 1);
    const uint64_t b = random_.Below(kPages + 1);
    return {Pfn(std::min(a, b)), Pfn(std::max(a, b))};
  }
  PfnRange InOneSection() {
    const Pfn start = SectionNr(random_.Below(kSections)).first_pfn();
    const uint64_t a = random_.Below(kPagesPerSection);
    return {start + a, start + a + 1 + random_.Below(kPagesPerSection - a)};
  }
  PfnRange WholeSubsections() {
    const PfnRange range = InOneSection();
    return {Pfn(AlignDown(range.first.value(), kPagesPerSubsection)),
            Pfn(AlignUp(range.end.value(), kPagesPerSubsection))};
  }
  // Few different ones, so that neighbours are often alike.
  Content AnyContent() {
    return {.zone = static_cast<uint8_t>(random_.Below(3)),
            .initialised = true,
            .reserved = random_.OneIn(2),
            .count = 1,
            .map = random_.OneIn(2) ? kNoHandle : Handle{1}};
  }

  void Change() {
    switch (random_.Below(8)) {
      case 0:
      case 1: {
        const PfnRange range = WholeSubsections();
        pages_.Populate(range);
        model_.Populate(range);
        break;
      }
      case 2: {
        const PfnRange range = WholeSubsections();
        pages_.Depopulate(range);
        model_.Depopulate(range);
        break;
      }
      case 3: {
        const int fill = random_.OneIn(4)   ? kFillKeep
                         : random_.OneIn(2) ? StructPages::kUnusedByte
                                            : static_cast<int>(random_.Below(256));
        pages_.SetFill(fill);
        model_.SetFill(fill);
        break;
      }
      case 4: {
        const PfnRange range = InOneSection();
        if (!model_.Backed(range)) break;
        pages_.Fill(range, StructPages::Filled(StructPages::kUnusedByte));
        model_.Fill(range, Model::Filled(0xfd));
        break;
      }
      default: {
        const PfnRange range = random_.OneIn(2) ? AnyRange() : InOneSection();
        const Content content = AnyContent();
        ASSERT_EQ(pages_.Fill(range, content), model_.Fill(range, content));
      }
    }
  }

  void Compare() const {
    for (uint64_t i = 0; i < kPages; ++i) {
      const Content* content = pages_.Find(Pfn(i));
      const std::optional<Content>& expected = model_.at(Pfn(i));
      ASSERT_EQ(content != nullptr, expected.has_value()) << "page " << i;
      if (content != nullptr) {
        ASSERT_TRUE(*content == *expected) << "page " << i;
      }
    }
    for (uint64_t section = 0; section < kSections; ++section) {
      uint64_t mask = 0;
      for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
        const Pfn first = SectionNr(section).first_pfn() + i * kPagesPerSubsection;
        mask |= uint64_t{model_.at(first).has_value()} << i;
      }
      ASSERT_EQ(pages_.BackedMask(SectionNr(section)), mask) << "section " << section;
      const PfnRange whole{SectionNr(section).first_pfn(), SectionNr(section + 1).first_pfn()};
      if (!model_.Backed(whole)) continue;
      ASSERT_EQ(pages_.AllUnused(SectionNr(section)), model_.AllUnused(whole)) << "section " << section;
    }
  }

  // A run is not empty, stays in the range and in its section, and all of it is alike.
  void CompareRun(PfnRange range) const {
    ASSERT_EQ(pages_.Backed(range), model_.Backed(range));
    if (range.empty()) return;
    const StructPages::RunOf run = pages_.FindRun(range);
    ASSERT_EQ(run.content != nullptr, model_.at(range.first).has_value());
    if (run.content == nullptr) return;
    ASSERT_GT(run.end, range.first);
    ASSERT_LE(run.end, range.end);
    ASSERT_EQ(SectionNr::Of(run.end - 1), SectionNr::Of(range.first));
    for (Pfn pfn = range.first; pfn < run.end; pfn = pfn + 1) {
      ASSERT_TRUE(model_.at(pfn).has_value()) << pfn.value();
      ASSERT_TRUE(*model_.at(pfn) == *run.content) << pfn.value();
    }
  }

  StructPages pages_;
  Model model_;
  Random random_{1};
};

TEST_F(StructPagesTest, AgainstAnArray) {
  for (unsigned run = 0; run < 400; ++run) {
    Boot();
    for (unsigned step = 0; step < 60; ++step) {
      Change();
      Compare();
      for (unsigned i = 0; i < 4; ++i) CompareRun(AnyRange());
      ASSERT_FALSE(HasFatalFailure()) << "run " << run << ", step " << step;
    }
  }
}

TEST_F(StructPagesTest, OutsideTheTable) {
  Boot();
  const Pfn end = SectionNr(kSections).first_pfn();
  EXPECT_EQ(pages_.Find(end), nullptr);
  EXPECT_EQ(pages_.FindRun({end, end + 1}).content, nullptr);
  EXPECT_EQ(pages_.BackedMask(SectionNr(kSections)), 0U);
  EXPECT_FALSE(pages_.Backed({end - 1, end + 1}));
  EXPECT_FALSE(pages_.Fill({end, end + 1}, {}));
  EXPECT_EQ(pages_.Find(Pfn(~uint64_t{0})), nullptr);
}

TEST_F(StructPagesTest, ViewOfWhatNobodyInitialised) {
  for (unsigned zone = 0; zone < 8; ++zone) {
    PageView view;
    StructPages::View({.zone = static_cast<uint8_t>(zone)}, &view);
    EXPECT_EQ(view.zone, zone < kZones ? static_cast<Zone>(zone) : Zone::kDma);
    EXPECT_FALSE(view.initialised);
    EXPECT_EQ(view.map, kNoHandle);
  }
  PageView view;
  StructPages::View({.zone = 4, .nid = 3, .initialised = true, .reserved = true, .count = 2, .map = 9}, &view);
  EXPECT_TRUE(view ==
              (PageView{.zone = Zone::kDevice, .nid = 3, .initialised = true, .reserved = true, .count = 2, .map = 9}));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
