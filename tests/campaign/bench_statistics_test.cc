// SPDX-License-Identifier: Apache-2.0
// Statistics of benchmarks, against values worked out by hand or by others.
#include "campaign/bench_statistics.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(BenchStatistics, Median) {
  EXPECT_EQ(Median({}), kNever);
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({5, 1, 3}), 3);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
}

// What was not found counts: a median is known as long as more than half of the runs found something.
TEST(BenchStatistics, MedianOfWhatNeverEnded) {
  EXPECT_EQ(Median({1, kNever, 2}), 2);
  EXPECT_EQ(Median({1, kNever, kNever}), kNever);
  EXPECT_EQ(Median({1, kNever}), kNever);
  EXPECT_EQ(Median({kNever, kNever}), kNever);
}

TEST(BenchStatistics, IntervalOfAMedian) {
  EXPECT_EQ(MedianInterval({}), (Interval{kNever, kNever}));
  EXPECT_EQ(MedianInterval({7}), (Interval{7, 7}));
  EXPECT_EQ(MedianInterval({7, 7, 7}), (Interval{7, 7}));
  // Of five, the least is the median of a sample with a probability of 5.8 % (three of five draws or more).
  EXPECT_EQ(MedianInterval({1, 2, 3, 4, 5}), (Interval{1, 5}));
  EXPECT_EQ(MedianInterval({1, 2, 3, kNever, kNever}).high, kNever);
  EXPECT_EQ(MedianInterval({1, 2, 3, kNever, kNever}).low, 1);
}

TEST(BenchStatistics, IntervalNarrowsAroundTheMedian) {
  std::vector<double> values;
  for (int i = 1; i <= 101; ++i) values.push_back(i);
  const Interval interval = MedianInterval(values);
  // The order statistics of a binomial distribution: 41 and 61.
  EXPECT_NEAR(interval.low, 41, 2);
  EXPECT_NEAR(interval.high, 61, 2);
  EXPECT_EQ(MedianInterval(values), interval);
}

// Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
TEST(BenchStatistics, Wilson) {
  const auto is = [](size_t successes, size_t trials, double low, double high) {
    const Interval interval = WilsonInterval(successes, trials);
    EXPECT_NEAR(interval.low, low, 5e-5) << successes << " of " << trials;
    EXPECT_NEAR(interval.high, high, 5e-5) << successes << " of " << trials;
  };
  is(81, 263, 0.2553, 0.3662);
  is(15, 148, 0.0624, 0.1605);
  is(0, 20, 0, 0.1611);
  is(1, 29, 0.0061, 0.1718);
  EXPECT_EQ(WilsonInterval(0, 20).low, 0);
  EXPECT_EQ(WilsonInterval(20, 20).high, 1);
  EXPECT_EQ(WilsonInterval(0, 0), (Interval{0, 1}));
}

TEST(BenchStatistics, FoundOverTime) {
  EXPECT_THAT(FoundOverTime({}), IsEmpty());
  EXPECT_THAT(FoundOverTime({{kNever, 1}}), IsEmpty());
  EXPECT_THAT(FoundOverTime({{3, 0.5}, {1, 1}, {kNever, 1}, {3, 0.5}, {2, 0.25}}),
              ElementsAre(CurvePoint{1, 1}, CurvePoint{2, 1.25}, CurvePoint{3, 2.25}));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
