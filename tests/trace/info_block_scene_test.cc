// SPDX-License-Identifier: Apache-2.0
// Info-block scenes: golden cases in hexadecimal, and for random bytes: the trace is one that text can say, and its
// operations put exactly these bytes where the block lies.
#include "trace/info_block_scene.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "tests/golden.h"
#include "trace/rng.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::vector<uint8_t> FromHex(const std::string& text) {
  const std::string bytes = absl::HexStringToBytes(absl::StrReplaceAll(text, {{" ", ""}, {"\n", ""}}));
  return {bytes.begin(), bytes.end()};
}

TEST(InfoBlockScene, Golden) {
  CheckGolden("info_block_scene.txt", [](const std::string& input) {
    Trace trace;
    MakeInfoBlockTrace(FromHex(input), &trace);
    return PrintTrace(trace);
  });
}

// The block that the operations `corrupt` leave on media of zeroes, but for the checksum of a sealed one.
std::array<uint8_t, kInfoBlockSize> BlockOf(const Trace& trace) {
  std::array<uint8_t, kInfoBlockSize> block = {};
  for (const Op& op : trace.ops) {
    if (op.kind != OpKind::kCorrupt) continue;
    EXPECT_GE(op.extent.start, kInfoBlockOffset);
    EXPECT_LE(op.extent.start + op.extent.size, kInfoBlockOffset + kInfoBlockSize);
    for (uint64_t i = 0; i < op.extent.size; ++i) {
      block[op.extent.start - kInfoBlockOffset + i] = static_cast<uint8_t>(op.number >> 8 * i);
    }
  }
  return block;
}

size_t SealedOps(const Trace& trace) {
  return static_cast<size_t>(std::count_if(trace.ops.begin(), trace.ops.end(), [](const Op& op) { return op.sealed; }));
}

TEST(InfoBlockScene, PutsTheBytesWhereTheBlockLies) {
  Rng rng(1);
  Trace trace;
  for (const size_t size : {0, 1, 3, 4, 5, 11, 12, 13, 100, 4092, 4099, 4100, 4101, 5000}) {
    for (unsigned round = 0; round < 20; ++round) {
      std::vector<uint8_t> bytes(size);
      for (uint8_t& byte : bytes) byte = rng.Percent(50) ? 0 : static_cast<uint8_t>(rng.Next());
      MakeInfoBlockTrace(bytes, &trace);

      std::array<uint8_t, kInfoBlockSize> expected = {};
      const size_t given = size - std::min(size, kSceneBytes);
      std::copy_n(bytes.end() - static_cast<std::ptrdiff_t>(given), std::min<size_t>(given, kInfoBlockSize),
                  expected.begin());
      ASSERT_EQ(BlockOf(trace), expected) << PrintTrace(trace);
      ASSERT_EQ(SealedOps(trace), size != 0 && (bytes[0] & kSceneSealed) != 0 ? 1U : 0U) << PrintTrace(trace);

      const absl::StatusOr<Trace> parsed = ParseTrace(PrintTrace(trace), "printed");
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      ASSERT_TRUE(parsed->SameProgram(trace)) << PrintTrace(trace);
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
