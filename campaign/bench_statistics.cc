// SPDX-License-Identifier: Apache-2.0
// Statistics of times.
#include "campaign/bench_statistics.h"

#include <algorithm>
#include <cmath>

#include "trace/rng.h"

namespace hpfuzz {
namespace {

constexpr size_t kSamples = 2000;
constexpr double kTail = 0.025;
// The quantile of the normal distribution that leaves as much at either end.
constexpr double kZ = 1.959963984540054;
constexpr uint64_t kSeed = 1;  // any, and always the same

}  // namespace

double Median(std::vector<double> values) {
  if (values.empty()) return kNever;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  if (values.size() % 2 != 0) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

Interval MedianInterval(const std::vector<double>& values) {
  if (values.empty()) return {kNever, kNever};
  Rng rng(kSeed);
  std::vector<double> medians(kSamples);
  std::vector<double> sample(values.size());
  for (double& median : medians) {
    for (double& value : sample) value = values[rng.Below(values.size())];
    median = Median(sample);
  }
  std::sort(medians.begin(), medians.end());
  const auto cut = static_cast<size_t>(kTail * kSamples);
  return {medians[cut], medians[kSamples - 1 - cut]};
}

Interval WilsonInterval(size_t successes, size_t trials) {
  if (trials == 0) return {0, 1};
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double square = kZ * kZ;
  const double middle = (share + square / (2 * n)) / (1 + square / n);
  const double half = kZ / (1 + square / n) * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
  // At the ends the bound is exact, the arithmetic is not.
  return {successes == 0 ? 0 : middle - half, successes == trials ? 1 : middle + half};
}

std::vector<CurvePoint> FoundOverTime(std::vector<WeightedTime> times) {
  std::sort(times.begin(), times.end(),
            [](const WeightedTime& a, const WeightedTime& b) { return a.seconds < b.seconds; });
  std::vector<CurvePoint> curve;
  double found = 0;
  for (const WeightedTime& time : times) {
    if (time.seconds == kNever) break;
    found += time.weight;
    if (!curve.empty() && curve.back().seconds == time.seconds) curve.back().found = found;
    else curve.push_back({time.seconds, found});
  }
  return curve;
}

}  // namespace hpfuzz
