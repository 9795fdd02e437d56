// SPDX-License-Identifier: Apache-2.0
// Lookup against PfnStore: two models of one radix tree, made from the same kernel source and sharing no code, answer
// alike after every store and erasure of overlapping ranges, some of which lack a node.
#include "oracle/reference/lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "machine/pfn_store.h"
#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Range {
  uint64_t first;
  uint64_t last;
};

class BothStores {
 public:
  // Ranges of up to 2^`bits` pages, below 2^`bits`; the ends are often round numbers.
  BothStores(unsigned bits, uint64_t seed) : random_(seed), bits_(bits) {
    store_.Reset();
    lookup_.Clear();
  }

  void Step(Handle handle) {
    const bool again = !ranges_.empty() && !random_.OneIn(3);
    const Range range = again ? ranges_[random_.Below(ranges_.size())] : NewRange();
    looked_at_.push_back(range);
    if (again && !random_.OneIn(4)) {
      store_.Erase(Pfn(range.first), Pfn(range.last));
      lookup_.Erase(range.first, range.last);
      return;
    }
    ranges_.push_back(range);
    FailPlan plan{.site = AllocSite::kLookup};
    if (random_.OneIn(4))
      plan = {.site = AllocSite::kLookup, .from = true, .n = static_cast<uint32_t>(1 + random_.Below(9))};
    allocator_.Arm(plan);
    requests_.Arm(plan);
    const bool stored = store_.Store(Pfn(range.first), Pfn(range.last), handle, allocator_);
    ASSERT_EQ(stored, lookup_.Store(range.first, range.last, handle, requests_));
  }

  void Check() {
    for (const auto& [first, last] : looked_at_) {
      for (const uint64_t pfn : {first - 1, first, first + (last - first) / 2, last, last + 1}) ExpectSame(pfn);
    }
    for (unsigned bit = 0; bit <= bits_ + 1; ++bit) ExpectSame(uint64_t{1} << bit);
  }

 private:
  uint64_t NewEnd() {
    const uint64_t end = random_.Below(uint64_t{1} << random_.Below(bits_ + 1));
    const unsigned round = static_cast<unsigned>(random_.Below(bits_));
    return random_.OneIn(3) ? end : end >> round << round;
  }
  Range NewRange() {
    const uint64_t a = NewEnd();
    const uint64_t b = NewEnd();
    const Range range{std::min(a, b), std::max(a, b)};
    return range.first == range.last || random_.OneIn(3) ? range : Range{range.first, range.last - 1};
  }
  void ExpectSame(uint64_t pfn) { ASSERT_EQ(store_.Load(Pfn(pfn)), lookup_.Find(pfn)) << "page " << pfn; }

  PfnStore store_;
  reference::Lookup lookup_;
  PageAllocator allocator_;
  reference::Requests requests_;
  Random random_;
  unsigned bits_;
  std::vector<Range> ranges_;
  std::vector<Range> looked_at_;
};

TEST(Lookup, OverlappingRangesAgainstPfnStore) {
  for (const unsigned bits : {6, 10, 16, 20, 34}) {
    for (uint64_t seed = 0; seed < 300; ++seed) {
      BothStores stores(bits, seed);
      for (Handle i = 0; i < 40; ++i) {
        stores.Step(i);
        stores.Check();
        ASSERT_FALSE(testing::Test::HasFatalFailure()) << bits << " bits, seed " << seed << ", step " << i;
      }
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
