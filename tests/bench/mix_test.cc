// SPDX-License-Identifier: Apache-2.0
// The fixed mix of the speed measurements: it is what the figures say it is, and a damaged one is told by line.
#include "bench/mix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;

std::string Written(const std::string& text) {
  const std::string path = testing::TempDir() + "/mix.hex";
  std::ofstream(path) << text;
  return path;
}

TEST(MixTest, IsWorkThatCounts) {
  const auto mix = ReadMix(HPFUZZ_SOURCE_DIR "/bench/mix.hex");
  ASSERT_TRUE(mix.ok()) << mix.status();
  Lockstep lockstep = MakeDefaultLockstep();
  const MixShares shares = CountShares(*mix, lockstep);
  EXPECT_EQ(shares.findings, 0U);
  const double operations = static_cast<double>(shares.operations);
  EXPECT_NEAR(operations / static_cast<double>(mix->size()), 32, 1);
  EXPECT_GE(static_cast<double>(shares.applied_both) / operations, 0.8);
  EXPECT_GE(static_cast<double>(shares.changed) / operations, 0.6);
}

TEST(MixTest, CommentsAndEmptyLinesAreNoInputs) {
  const auto mix = ReadMix(Written("# a comment\n\n00ff\n"));
  ASSERT_TRUE(mix.ok()) << mix.status();
  EXPECT_EQ(*mix, (std::vector<MixInput>{{0x00, 0xff}}));
}

TEST(MixTest, WhatIsNoHexIsToldByLineAndColumn) {
  EXPECT_THAT(ReadMix(Written("00\n0g\n")).status().ToString(), HasSubstr("mix.hex:2:2: expected"));
  EXPECT_THAT(ReadMix(Written("000\n")).status().ToString(), HasSubstr("mix.hex:1:4: expected"));
}

TEST(MixTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(ReadMix(testing::TempDir() + "/no such file").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
