// SPDX-License-Identifier: Apache-2.0
// Mix: reading and counting.
#include "bench/mix.h"

#include <algorithm>
#include <fstream>
#include <string_view>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "trace/bytes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

class Counter final : public StepObserver {
 public:
  explicit Counter(MixShares* shares) : shares_(shares) {}
  void OnStep(const Step& step) override {
    if (step.teardown) return;
    ++shares_->operations;
    if (step.applied[0] && step.applied[1]) ++shares_->applied_both;
    const bool done = (step.applied[0] && step.answer[0].ok()) || (step.applied[1] && step.answer[1].ok());
    if (SpecOf(step.op->kind).effects != kNothing && done) ++shares_->changed;
  }

 private:
  MixShares* shares_;
};

}  // namespace

absl::StatusOr<std::vector<MixInput>> ReadMix(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::vector<MixInput> mix;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const size_t bad = line.find_first_not_of(kDigits);
    if (bad != std::string::npos || line.size() % 2 != 0) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ":", std::min(bad, line.size()) + 1,
                                                     ": expected pairs of hexadecimal digits, read '", line, "'"));
    }
    const std::string bytes = absl::HexStringToBytes(line);
    mix.emplace_back(bytes.begin(), bytes.end());
  }
  return mix;
}

MixShares CountShares(const std::vector<MixInput>& mix, Lockstep& lockstep) {
  MixShares shares;
  Counter counter(&shares);
  Trace trace;
  for (const MixInput& input : mix) {
    DecodeTrace(input, &trace);
    if (lockstep.Run(trace, &counter)) ++shares.findings;
  }
  return shares;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
