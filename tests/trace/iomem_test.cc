// SPDX-License-Identifier: Apache-2.0
// Importing /proc/iomem: golden cases, machines with more resources than a map has room for, and this machine.
#include "trace/iomem.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/golden.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string Printed(const FirmwareMap& map) {
  Trace trace;
  trace.map = map;
  return PrintTrace(trace);
}

TEST(IomemTest, Golden) {
  CheckGolden("iomem.txt", [](const std::string& input) {
    const absl::StatusOr<IomemMap> imported = ParseIomem(input, "case");
    if (!imported.ok()) return std::string(imported.status().message());
    std::string out;
    for (const std::string& note : imported->notes) absl::StrAppend(&out, "# ", note, "\n");
    return out + Printed(imported->map);
  });
}

// RAM stays as it is, reserved ranges are joined until they fit, and never over RAM.
TEST(IomemTest, MoreThanAMapHolds) {
  std::string text = "00100000-0fffffff : System RAM\n";
  for (uint64_t i = 0; i < 200; ++i) {
    const uint64_t start = 0x10000000 + i * 0x100000;
    absl::StrAppendFormat(&text, "%08x-%08x : device %d\n", start, start + 0x1000 + i * 0x10, i);
  }
  absl::StrAppend(&text, "100000000-13fffffff : System RAM\n", "140000000-14000ffff : a device\n");
  const absl::StatusOr<IomemMap> imported = ParseIomem(text, "case");
  ASSERT_TRUE(imported.ok()) << imported.status();
  const FirmwareMap& map = imported->map;
  EXPECT_EQ(map.count, FirmwareMap::kMaxRanges);
  EXPECT_EQ(imported->notes,
            (std::vector<std::string>{"139 gaps between reserved ranges are closed, to make them fit"}));
  unsigned ram = 0;
  uint64_t first_reserved = ~uint64_t{0};
  uint64_t last_reserved = 0;
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kRam) {
      ++ram;
      continue;
    }
    first_reserved = std::min(first_reserved, range.range.start);
    last_reserved = std::max(last_reserved, range.range.end());
  }
  EXPECT_EQ(ram, 2U);
  EXPECT_EQ(first_reserved, 0x10000000U);
  EXPECT_EQ(last_reserved, 0x140010000U);
}

TEST(IomemTest, MoreRamThanAMapHoldsIsAnError) {
  std::string text;
  for (uint64_t i = 0; i < 65; ++i)
    absl::StrAppendFormat(&text, "%08x-%08x : System RAM\n", i << 21, (i << 21) + 0xfffff);
  EXPECT_EQ(ParseIomem(text, "case").status().message(),
            "case:65:1: read 8000000-80fffff, expected at most 64 ranges in a map");
}

// Root sees addresses, others see zeroes; where there is no such file there is nothing to import.
TEST(IomemTest, ThisMachine) {
  std::ifstream file("/proc/iomem");
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().empty()) GTEST_SKIP() << "no /proc/iomem";
  const absl::StatusOr<IomemMap> imported = ParseIomem(text.str(), "/proc/iomem");
  if (!imported.ok()) {
    EXPECT_EQ(imported.status().code(), absl::StatusCode::kFailedPrecondition) << imported.status();
    return;
  }
  const absl::StatusOr<Trace> again = ParseTrace(Printed(imported->map), "printed");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->map, imported->map);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
