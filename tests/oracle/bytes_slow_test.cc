// SPDX-License-Identifier: Apache-2.0
// Short and random byte strings, decoded and run as a fuzz target runs them: no crash and no finding.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/bytes.h"
#include "trace/rng.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class BytesTest : public testing::Test {
 protected:
  void Run(absl::Span<const uint8_t> bytes) {
    DecodeTrace(bytes, &trace_);
    const Finding finding = lockstep_.Run(trace_);
    ASSERT_FALSE(finding) << FindingKey(finding) << "\n"
                          << ExplainFinding(finding, lockstep_) << "\n"
                          << PrintTrace(trace_);
  }

  // Sections that the run goes over, one by one: of boot RAM and of requests.
  static uint64_t Weight(const Trace& trace) {
    uint64_t sections = 0;
    for (const FirmwareRange& range : trace.map) sections += range.range.size >> kSectionShift;
    for (const Op& op : trace.ops) sections += std::min(op.range.size, uint64_t{1} << kPhysmemBits) >> kSectionShift;
    return sections;
  }

  Trace trace_;
  Lockstep lockstep_ = MakeDefaultLockstep();
};

TEST_F(BytesTest, EveryStringOfUpToTwoBytes) {
  Run({});
  for (unsigned first = 0; first < 256; ++first) {
    uint8_t bytes[2] = {static_cast<uint8_t>(first), 0};
    Run(absl::MakeConstSpan(bytes, 1));
    for (unsigned second = 0; second < 256; ++second) {
      bytes[1] = static_cast<uint8_t>(second);
      Run(bytes);
      ASSERT_FALSE(HasFatalFailure()) << first << " " << second;
    }
  }
}

// All 16.8 million are decoded; running them all takes minutes, so every first two bytes run with one third byte in
// four.
TEST_F(BytesTest, EveryStringOfThreeBytes) {
  for (unsigned i = 0; i < 1U << 24; ++i) {
    const uint8_t bytes[3] = {static_cast<uint8_t>(i >> 16), static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    // The third bytes that run differ from one pair to the next, so that all take part.
    if ((i + (i >> 8)) % 4 != 0) {
      DecodeTrace(bytes, &trace_);
      continue;
    }
    Run(bytes);
    ASSERT_FALSE(HasFatalFailure()) << i;
  }
}

TEST_F(BytesTest, AMillionRandomStrings) {
  Rng rng(3);
  std::vector<uint8_t> bytes;
  for (unsigned i = 0; i < 1000000; ++i) {
    bytes.resize(rng.Below(24));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    // One trace in fifty goes over terabytes and all of them together take nine tenths of the time: few of them run.
    DecodeTrace(bytes, &trace_);
    if (Weight(trace_) > 200 && i % 64 != 0) continue;
    Run(bytes);
    ASSERT_FALSE(HasFatalFailure()) << "string " << i;
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
