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

// The rest of the strings is dealt out to tests of their own, so that they share the processors.
constexpr unsigned kHands = 8;
class DealtBytesTest : public BytesTest, public testing::WithParamInterface<unsigned> {};

TEST_P(DealtBytesTest, EveryStringOfThreeBytes) {
  for (unsigned i = GetParam(); i < 1U << 24; i += kHands) {
    const uint8_t bytes[3] = {static_cast<uint8_t>(i >> 16), static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    Run(bytes);
    ASSERT_FALSE(HasFatalFailure()) << i;
  }
}

TEST_P(DealtBytesTest, AMillionRandomStrings) {
  Rng rng(3 + GetParam());
  std::vector<uint8_t> bytes;
  for (unsigned i = 0; i < 1000000 / kHands; ++i) {
    bytes.resize(rng.Below(24));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    Run(bytes);
    ASSERT_FALSE(HasFatalFailure()) << "string " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Hands, DealtBytesTest, testing::Range(0U, kHands));

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
