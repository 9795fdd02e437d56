// SPDX-License-Identifier: Apache-2.0
// PfnStore: ranges that do not overlap come out exactly; those that do come out in the chunks that Linux 5.1 showed
// (some of them are cases xa-4 to xa-14 of the recorded answers).
#include "machine/pfn_store.h"

#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;

// `size` bytes at `start`, and a letter for each 2 MiB of what the store answers there: its handle or a dot.
class Store {
 public:
  Store() { store_.Reset(); }
  Store& Map(Handle handle, uint64_t start, uint64_t size) {
    EXPECT_TRUE(store_.Store(Pfn::OfByte(start), Pfn::OfByte(start + size - 1), handle, allocator_));
    return *this;
  }
  Store& Unmap(uint64_t start, uint64_t size) {
    store_.Erase(Pfn::OfByte(start), Pfn::OfByte(start + size - 1));
    return *this;
  }
  std::string At(uint64_t start, uint64_t size) const {
    std::string text;
    for (uint64_t byte = start; byte < start + size; byte += 2 * kMiB) {
      const Handle first = store_.Load(Pfn::OfByte(byte));
      const Handle last = store_.Load(Pfn::OfByte(byte + 2 * kMiB - 1));
      text += first != last ? '?' : first == kNoHandle ? '.' : static_cast<char>('0' + first);
    }
    return text;
  }

 private:
  PfnStore store_;
  PageAllocator allocator_;
};

constexpr uint64_t kBase = 0x40000000;

TEST(PfnStoreChunks, SecondFromTheMiddle) {
  // The rest of the new range is skipped; but not in general.
  EXPECT_EQ(
      Store().Map(1, kBase + 16 * kMiB, 4 * kMiB).Map(2, kBase + 18 * kMiB, 4 * kMiB).At(kBase + 14 * kMiB, 10 * kMiB),
      ".22..");
  EXPECT_EQ(Store()
                .Map(1, kBase + 16 * kMiB, 16 * kMiB)
                .Map(2, kBase + 24 * kMiB, 16 * kMiB)
                .At(kBase + 14 * kMiB, 28 * kMiB),
            ".222222222222.");
}

TEST(PfnStoreChunks, PartOfAnEntryTakesTheEntry) {
  EXPECT_EQ(
      Store().Map(1, kBase + 16 * kMiB, 4 * kMiB).Map(2, kBase + 16 * kMiB, 2 * kMiB).At(kBase + 14 * kMiB, 8 * kMiB),
      ".22.");
  EXPECT_EQ(
      Store().Map(1, kBase + 16 * kMiB, 8 * kMiB).Map(2, kBase + 16 * kMiB, 2 * kMiB).At(kBase + 14 * kMiB, 12 * kMiB),
      ".2222.");
  EXPECT_EQ(
      Store().Map(1, kBase + 16 * kMiB, 2 * kMiB).Map(2, kBase + 16 * kMiB, 4 * kMiB).At(kBase + 14 * kMiB, 8 * kMiB),
      ".22.");
}

TEST(PfnStoreChunks, EngulfedRelease) {
  // 32 MiB at 8 MiB hold the chunk 16..32 MiB; releasing an engulfed 2 MiB there erases those 16 MiB.
  Store store;
  store.Map(1, kBase + 8 * kMiB, 32 * kMiB);
  EXPECT_EQ(store.At(kBase + 6 * kMiB, 36 * kMiB), ".1111111111111111.");
  store.Map(2, kBase + 24 * kMiB, 2 * kMiB).Unmap(kBase + 24 * kMiB, 2 * kMiB);
  EXPECT_EQ(store.At(kBase + 6 * kMiB, 36 * kMiB), ".1111........1111.");
}

// Nothing of an erased entry is left to draw a new one to its place.
TEST(PfnStoreChunks, EraseOfAPartIsWhole) {
  Store store;
  store.Map(1, kBase + 16 * kMiB, 8 * kMiB).Unmap(kBase + 16 * kMiB, 2 * kMiB);
  EXPECT_EQ(store.At(kBase + 14 * kMiB, 12 * kMiB), "......");
  EXPECT_EQ(store.Map(2, kBase + 20 * kMiB, 2 * kMiB).At(kBase + 14 * kMiB, 12 * kMiB), "...2..");
}

TEST(PfnStore, EmptyStore) {
  PfnStore store;
  store.Reset();
  EXPECT_EQ(store.Load(Pfn(0)), kNoHandle);
  EXPECT_EQ(store.Load(Pfn(~uint64_t{0})), kNoHandle);
  store.Erase(Pfn(0), Pfn(100));
  EXPECT_EQ(store.Load(Pfn(0)), kNoHandle);
}

TEST(PfnStore, ResetForgets) {
  PfnStore store;
  PageAllocator allocator;
  store.Reset();
  ASSERT_TRUE(store.Store(Pfn(5), Pfn(9), 1, allocator));
  store.Reset();
  EXPECT_EQ(store.Load(Pfn(5)), kNoHandle);
}

// A node is asked for twice before the store gives up: once under the lock, once outside it.
TEST(PfnStore, FailedNodes) {
  PageAllocator allocator;
  PfnStore store;
  store.Reset();
  allocator.Arm({.site = AllocSite::kLookup, .n = 1});
  EXPECT_TRUE(store.Store(Pfn(5), Pfn(9), 1, allocator));
  EXPECT_EQ(store.Load(Pfn(9)), 1);
  store.Reset();
  allocator.Arm({.site = AllocSite::kLookup, .from = true, .n = 1});
  EXPECT_FALSE(store.Store(Pfn(5), Pfn(9), 1, allocator));
  EXPECT_EQ(store.Load(Pfn(5)), kNoHandle);
  EXPECT_EQ(store.Load(Pfn(9)), kNoHandle);
  allocator.Arm({});
  EXPECT_TRUE(store.Store(Pfn(5), Pfn(9), 2, allocator));
  EXPECT_EQ(store.Load(Pfn(5)), 2);
}

// Whatever fails, the part that is stored is a beginning of the range, and erasing the range removes it.
TEST(PfnStore, FailureLeavesABeginning) {
  constexpr uint64_t kFirst = 0x12345;
  constexpr uint64_t kLast = 0x12345 + 5000;
  bool done = false;
  for (uint32_t n = 1; !done; ++n) {
    PfnStore store;
    PageAllocator allocator;
    store.Reset();
    allocator.Arm({.site = AllocSite::kLookup, .from = true, .n = n});
    done = store.Store(Pfn(kFirst), Pfn(kLast), 1, allocator);
    bool stored = true;
    for (uint64_t pfn = kFirst; pfn <= kLast; ++pfn) {
      const bool here = store.Load(Pfn(pfn)) == 1;
      ASSERT_FALSE(here && !stored) << "a hole before " << pfn << ", failing from node " << n;
      stored = here;
    }
    ASSERT_EQ(stored, done);
    ASSERT_EQ(store.Load(Pfn(kFirst - 1)), kNoHandle);
    ASSERT_EQ(store.Load(Pfn(kLast + 1)), kNoHandle);
    store.Erase(Pfn(kFirst), Pfn(kLast));
    for (uint64_t pfn = kFirst; pfn <= kLast; ++pfn) ASSERT_EQ(store.Load(Pfn(pfn)), kNoHandle) << pfn;
    ASSERT_LT(n, 200U);
  }
}

class DisjointRanges {
 public:
  DisjointRanges(uint64_t grain, uint64_t space, uint64_t seed) : random_(seed), grain_(grain), space_(space) {
    store_.Reset();
  }

  void Step(Handle handle) {
    const uint64_t first = random_.Below(space_) * grain_;
    const uint64_t last = first + (1 + random_.Below(1 + random_.Below(20))) * grain_ - 1;
    const auto above = ranges_.upper_bound(last);
    const bool free = above == ranges_.begin() || std::prev(above)->second.last < first;
    if (free) {
      ASSERT_TRUE(store_.Store(Pfn(first), Pfn(last), handle, allocator_));
      ranges_[first] = {last, handle};
    } else {
      const auto victim = std::prev(above);
      store_.Erase(Pfn(victim->first), Pfn(victim->second.last));
      erased_ = {victim->first, victim->second.last};
      ranges_.erase(victim);
    }
  }

  void Check() {
    for (const auto& [first, range] : ranges_) {
      for (const uint64_t pfn : {first - 1, first, first + (range.last - first) / 2, range.last, range.last + 1})
        ExpectAt(pfn);
    }
    for (const uint64_t pfn : erased_) ExpectAt(pfn);
    for (unsigned i = 0; i < 8; ++i) ExpectAt(random_.Below(space_ * grain_));
  }

 private:
  struct Range {
    uint64_t last;
    Handle handle;
  };
  void ExpectAt(uint64_t pfn) {
    const auto above = ranges_.upper_bound(pfn);
    const bool hit = above != ranges_.begin() && std::prev(above)->second.last >= pfn;
    ASSERT_EQ(store_.Load(Pfn(pfn)), hit ? std::prev(above)->second.handle : kNoHandle) << "page " << pfn;
  }

  PfnStore store_;
  PageAllocator allocator_;
  Random random_;
  uint64_t grain_;
  uint64_t space_;
  std::map<uint64_t, Range> ranges_;  // by first page
  std::vector<uint64_t> erased_;
};

TEST(PfnStore, DisjointRangesAgainstAMap) {
  const uint64_t grains[] = {1, 3, kPagesPerSubsection, kPagesPerSection};
  for (const uint64_t grain : grains) {
    for (const uint64_t space : {64, 500, 100000}) {
      for (uint64_t seed = 0; seed < 10; ++seed) {
        DisjointRanges ranges(grain, space, seed);
        for (Handle i = 0; i < 120; ++i) {
          ranges.Step(i);
          ranges.Check();
          ASSERT_FALSE(testing::Test::HasFatalFailure())
              << "grain " << grain << ", space " << space << ", seed " << seed;
        }
      }
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
