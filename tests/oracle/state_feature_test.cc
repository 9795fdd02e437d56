// SPDX-License-Identifier: Apache-2.0
// State features: in range, and different where the state or the answer is.
#include "oracle/state_feature.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/registry.h"
#include "trace/generate.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Features final : public StepObserver {
 public:
  explicit Features(const Lockstep& lockstep) : lockstep_(lockstep) {}
  void OnStep(const Step& step) override {
    if (!step.teardown) seen.push_back(StateFeature(lockstep_.situation(), step));
  }
  std::vector<unsigned> seen;

 private:
  const Lockstep& lockstep_;
};

std::vector<unsigned> FeaturesOf(const Trace& trace) {
  static Lockstep lockstep = MakeDefaultLockstep();
  Features features(lockstep);
  EXPECT_FALSE(lockstep.Run(trace, &features));
  return features.seen;
}

TEST(StateFeature, DiffersWithOccupancyAndAnswer) {
  const absl::StatusOr<Trace> trace = ParseTrace(
      "ram 0-3fffffff\n"
      "__add_pages 48000000+200000\n"   // into nothing
      "__add_pages 48200000+200000\n"   // behind an active one
      "__add_pages 48600000+200000\n"   // beside none
      "__add_pages 48400000+200000\n"   // between two
      "__add_pages 48400000+200000\n"   // over itself
      "__add_pages 48800000+100000\n"   // misaligned
      "__add_pages 50000000+200000\n",  // into nothing again
      "test");
  ASSERT_TRUE(trace.ok()) << trace.status();
  const std::vector<unsigned> seen = FeaturesOf(*trace);
  ASSERT_EQ(seen.size(), 7U);
  EXPECT_EQ(std::set<unsigned>(seen.begin(), seen.end()).size(), 5U);
  EXPECT_EQ(seen[0], seen[2]);
  EXPECT_EQ(seen[0], seen[6]);
}

TEST(StateFeature, DiffersWithTheMemmapThatIsLeftBehind) {
  const auto removing = [](const char* between) {
    const absl::StatusOr<Trace> trace = ParseTrace(absl::StrCat("ram 0-3fffffff\n"
                                                                "__add_pages 48000000+8000000\n"
                                                                "__remove_pages Normal 48000000+200000\n",
                                                                between, "__remove_pages Normal 48200000+7e00000\n"),
                                                   "test");
    EXPECT_TRUE(trace.ok()) << trace.status();
    return FeaturesOf(*trace).back();
  };
  // Struct pages of nothing are written: they do not look unused when the rest goes.
  EXPECT_NE(removing("move_pfn_range_to_zone Normal 48000000+200000 node 0\n"), removing(""));
}

TEST(StateFeature, AlwaysHasACounter) {
  std::set<unsigned> all;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    for (const unsigned feature : FeaturesOf(GenerateTrace(seed, {.odd_percent = 20, .stops = true}))) {
      ASSERT_LT(feature, kStateFeatures);
      all.insert(feature);
    }
  }
  EXPECT_GT(all.size(), 300U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
