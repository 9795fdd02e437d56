// SPDX-License-Identifier: Apache-2.0
// Statistics of times of which some never ended: what was not found in its time counts as infinite, so that a median is
// known as long as half of the runs found something, and no mean is ever taken. Pure functions.
#ifndef HPFUZZ_CAMPAIGN_BENCH_STATISTICS_H_
#define HPFUZZ_CAMPAIGN_BENCH_STATISTICS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace hpfuzz {

inline constexpr double kNever = std::numeric_limits<double>::infinity();

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

// The middle one, or the mean of the middle two; kNever for none.
double Median(std::vector<double> values);

// 95 % of the medians of 2,000 samples drawn from the values with replacement (percentile bootstrap). The same for the
// same values in the same order. Of fewer than three values hardly more than the least and the greatest.
Interval MedianInterval(const std::vector<double>& values);

// Of a share, 95 % (Wilson 1927): also near 0 and 1, where the normal approximation has nothing to say. {0, 1} for
// none.
Interval WilsonInterval(size_t successes, size_t trials);

// How much was found up to a time: a step of `weight` at each time. Times that are kNever are no step.
struct CurvePoint {
  double seconds;
  double found;
  bool operator==(const CurvePoint&) const = default;
};
struct WeightedTime {
  double seconds;
  double weight;
};
// By time, one point for each; sums of weights.
std::vector<CurvePoint> FoundOverTime(std::vector<WeightedTime> times);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_STATISTICS_H_
