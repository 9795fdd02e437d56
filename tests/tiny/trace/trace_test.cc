// SPDX-License-Identifier: Apache-2.0
// Text and bytes in the tiny geometry: the same round trips as in the usual one, and texts that say which they mean.
#include <gtest/gtest.h>

#include "tests/trace/round_trip.h"
#include "trace/generate.h"
#include "trace/presets.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(TinyTrace, EveryStringOfUpToTwoBytes) {
  Trace buffer;
  CheckBytes({}, &buffer);
  for (unsigned a = 0; a < 256; ++a) {
    CheckBytes({static_cast<uint8_t>(a)}, &buffer);
    for (unsigned b = 0; b < 256; ++b) CheckBytes({static_cast<uint8_t>(a), static_cast<uint8_t>(b)}, &buffer);
    ASSERT_FALSE(HasFatalFailure()) << a;
  }
}

TEST(TinyTrace, GeneratedTraces) {
  Trace buffer;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    const bool wild = seed % 2 != 0;
    const GenerateOptions options{.min_ops = 1, .max_ops = 9, .odd_percent = wild ? 60U : 5U, .stops = wild};
    CheckTrace(GenerateTrace(seed, options), &buffer);
    ASSERT_FALSE(HasFatalFailure()) << seed;
  }
}

TEST(TinyTrace, PresetsFitTheMachine) {
  for (unsigned i = 0; i < kPresets; ++i) {
    for (const FirmwareRange& range : Preset(i)) EXPECT_LE(range.range.end(), Preset(i).physmem_end()) << i;
  }
}

TEST(TinyTrace, TextNamesItsGeometry) {
  const std::string text = PrintTrace(Trace{});
  EXPECT_EQ(text, "geometry tiny\n");
  EXPECT_EQ(GeometryOfText(text), kGeometryName);
  EXPECT_TRUE(ParseTrace("ram 1000-ffff", "t").ok());
  EXPECT_EQ(ParseTrace("geometry x86-64", "t").status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
