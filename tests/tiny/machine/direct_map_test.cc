// SPDX-License-Identifier: Apache-2.0
// DirectMap against an array of pages and the page tables they hang in.
#include "machine/direct_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kSections = 4;
constexpr uint64_t kPages = kSections * kPagesPerSection;
constexpr uint64_t kSteps = kSections * kSubsectionsPerSection;

class Model {
 public:
  // Whether a large page was lost to a page table.
  bool Add(uint64_t first, uint64_t end) {
    bool lost = false;
    for (uint64_t step = 0; step < kSteps; ++step) {
      const uint64_t low = step * kPagesPerSubsection;
      const uint64_t from = std::max(first, low);
      const uint64_t to = std::min(end, low + kPagesPerSubsection);
      if (from >= to) continue;
      const bool whole = to - from == kPagesPerSubsection;
      if (whole && kind_[step] != Kind::kTable) {
        kind_[step] = Kind::kLarge;
      } else if (!whole && kind_[step] == Kind::kLarge) {
        lost = true;
        std::fill_n(mapped_.begin() + low, kPagesPerSubsection, false);
      }
      if (!whole) kind_[step] = Kind::kTable;
      std::fill(mapped_.begin() + from, mapped_.begin() + to, true);
    }
    return lost;
  }

  void Remove(uint64_t start, uint64_t end_byte) {
    for (uint64_t step = 0; step < kSteps && start < end_byte; ++step) {
      const uint64_t low = step * kSubsectionSize;
      const bool whole = start <= low && low + kSubsectionSize <= end_byte;
      for (uint64_t page = step * kPagesPerSubsection; page < (step + 1) * kPagesPerSubsection; ++page) {
        const bool named = page * kPageSize < end_byte && start < (page + 1) * kPageSize;
        if (whole || (named && kind_[step] == Kind::kTable)) mapped_[page] = false;
      }
      const auto first = mapped_.begin() + step * kPagesPerSubsection;
      const bool emptied = std::none_of(first, first + kPagesPerSubsection, [](bool mapped) { return mapped; });
      if (whole || emptied) kind_[step] = Kind::kNone;
    }
  }

  // The machine is smaller than what one page table of large pages maps, so there is one such table, and one above it.
  uint64_t TablesMissing(uint64_t first, uint64_t end) const {
    end = std::min(end, kPages);
    if (first >= end) return 0;
    uint64_t missing = std::all_of(kind_.begin(), kind_.end(), [](Kind kind) { return kind == Kind::kNone; }) ? 2 : 0;
    for (uint64_t step = 0; step < kSteps; ++step) {
      const uint64_t low = step * kPagesPerSubsection;
      const uint64_t pages = std::min(end, low + kPagesPerSubsection) - std::min(std::max(first, low), end);
      const bool touched = first < low + kPagesPerSubsection && low < end;
      missing += touched && pages < kPagesPerSubsection && kind_[step] != Kind::kTable ? 1 : 0;
    }
    return missing;
  }

  uint64_t Covered(uint64_t section) const {
    uint64_t bits = 0;
    for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
      bits |= uint64_t{mapped_[section * kPagesPerSection + i * kPagesPerSubsection]} << i;
    }
    return bits;
  }

 private:
  enum class Kind { kNone, kLarge, kTable };
  std::array<Kind, kSteps> kind_{};
  std::array<bool, kPages> mapped_{};
};

class DirectMapTest : public testing::Test {
 protected:
  uint64_t AnyPage(uint64_t limit) {
    const uint64_t page = random_.Below(limit + 1);
    return random_.OneIn(2) ? page : page / kPagesPerSubsection * kPagesPerSubsection;
  }

  void Step() {
    const uint64_t beyond = random_.OneIn(8) ? kPages + kPagesPerSection : kPages;
    uint64_t first = AnyPage(beyond);
    uint64_t end = AnyPage(beyond);
    if (first > end) std::swap(first, end);
    if (random_.OneIn(2)) {
      ASSERT_EQ(map_.TablesMissing({Pfn(first), Pfn(end)}), model_.TablesMissing(first, end)) << first << " to " << end;
      ASSERT_EQ(map_.Add({Pfn(first), Pfn(end)}), model_.Add(first, end)) << first << " to " << end;
      return;
    }
    uint64_t start = first * kPageSize;
    uint64_t end_byte = end * kPageSize;
    if (random_.OneIn(4)) start += random_.Below(kPageSize);
    if (random_.OneIn(4)) end_byte += random_.Below(kPageSize);
    if (start > end_byte) end_byte = start;
    map_.Remove(PhysRange{start, end_byte - start});
    model_.Remove(start, end_byte);
  }

  DirectMap map_;
  Model model_;
  Random random_{1};
};

TEST_F(DirectMapTest, AgainstAnArrayOfPages) {
  for (unsigned run = 0; run < 2000; ++run) {
    map_.Reset(kSections);
    model_ = {};
    model_.Add(0, kIsaEnd / kPageSize);
    for (unsigned step = 0; step < 25; ++step) {
      Step();
      ASSERT_FALSE(HasFatalFailure()) << "run " << run << ", step " << step;
      for (uint64_t section = 0; section < kSections; ++section) {
        ASSERT_EQ(map_.Covered(SectionNr(section)), model_.Covered(section))
            << "run " << run << ", step " << step << ", section " << section;
      }
    }
  }
}

TEST_F(DirectMapTest, RangesOfNothing) {
  map_.Reset(kSections);
  EXPECT_FALSE(map_.Add({Pfn(3), Pfn(3)}));
  EXPECT_FALSE(map_.Add({Pfn(0), Pfn(kPages)}));
  map_.Remove(PhysRange{0, 0});
  map_.Remove(PhysRange{kPageSize, ~uint64_t{0}});  // wraps
  EXPECT_EQ(map_.Covered(SectionNr(0)), kFullBitmap);
  EXPECT_EQ(map_.Covered(SectionNr(kSections)), 0U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
