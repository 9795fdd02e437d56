// SPDX-License-Identifier: Apache-2.0
// Numbers in reports of benchmarks.
#include "campaign/bench_number.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "campaign/summary.h"

namespace hpfuzz {
namespace {

constexpr char kNeverText[] = "never";
constexpr double kWholeFrom = 100;

}  // namespace

std::string SecondsText(double seconds) {
  if (!std::isfinite(seconds)) return kNeverText;
  return seconds < 10 ? absl::StrFormat("%.2f", seconds) : absl::StrFormat("%.1f", seconds);
}

std::string CountText(double count) {
  if (!std::isfinite(count)) return kNeverText;
  const double whole = std::floor(count);
  const std::string text = Grouped(static_cast<uint64_t>(whole));
  return count != whole && count < kWholeFrom ? absl::StrCat(text, ".5") : text;
}

}  // namespace hpfuzz
