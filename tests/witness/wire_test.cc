// SPDX-License-Identifier: Apache-2.0
// Wire: requests as the module reads them, answers as it writes them, and what it never writes.
#include "witness/wire.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/golden.h"
#include "trace/rng.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Each operation of a trace as the line that is sent, "-" for those that cannot be asked.
TEST(Wire, Requests) {
  CheckGolden("witness_requests.txt", [](const std::string& input) -> std::string {
    const absl::StatusOr<Trace> trace = ParseTrace(input, "golden");
    if (!trace.ok()) return std::string(trace.status().message()) + "\n";
    std::string text;
    for (uint32_t i = 0; i < trace->ops.size(); ++i) {
      const Request request{.kind = Request::Kind::kOperation, .op = i};
      absl::StrAppend(&text, IsAskable(trace->ops[i]) ? RequestLine(request, *trace) : "-", "\n");
    }
    return text;
  });
}

TEST(Wire, AnswersToOperations) {
  const struct {
    absl::string_view line;
    absl::string_view text;
  } rows[] = {
      {"v 0 0", "0"},
      {"v -17 1", "-EEXIST warn"},
      {"v -22 2", "-EINVAL warn 2"},
      {"v 1 0", "1"},
      {"n", "none"},
      {"a 0", "already"},
      {"o 0", "disjoint"},
      {"o 2", "mixed"},
      {"BUG", "BUG"},
      {"FAULT", "FAULT"},
      {"v 0 0 200 1fe", "0 alloc 512 align 510"},
      {"m 0", "a"},
      {"1 0 1 ffff 2 0 1 1 ffff", "Normal count 1 reserved"},
      {"0 0 0 ffff 0 0 0 0 0", "none"},
      {"1 0 0 ffff 0 0 0 0 0", "FAULT"},
  };
  for (const auto& row : rows) {
    const absl::StatusOr<Answer> answer = ParseOperationAnswer(row.line);
    ASSERT_TRUE(answer.ok()) << row.line << ": " << answer.status();
    EXPECT_EQ(PrintAnswer(*answer), row.text) << row.line;
  }
}

TEST(Wire, ASection) {
  const absl::StatusOr<SectionSight> sight = ParseSectionSight("13 2 3 10 5 f 7 0 0 0 1 ffff 2 40");
  ASSERT_TRUE(sight.ok()) << sight.status();
  EXPECT_TRUE(sight->facts.present);
  EXPECT_TRUE(sight->facts.valid);
  EXPECT_TRUE(sight->facts.tainted);
  EXPECT_FALSE(sight->facts.early);
  EXPECT_EQ(sight->facts.block, BlockState::kOnline);
  EXPECT_EQ(sight->facts.memmap, MemmapKind::kPart);
  EXPECT_EQ(sight->facts.memmap_pages, 16);
  EXPECT_EQ(sight->facts.bitmap, 5U);
  EXPECT_EQ(sight->facts.direct_map, 15U);
  EXPECT_EQ(sight->valid, 7U);
  EXPECT_EQ(sight->lookup[0], 0);
  EXPECT_EQ(sight->lookup[1], kNoHandle);
  EXPECT_EQ(sight->lookup[63], 0xffff);
}

// A struct page that a kernel filled with 0xfd (PAGE_UNUSED) names zone 7, which is none.
TEST(Wire, APageThatNobodyInitialised) {
  const absl::StatusOr<PfnFacts> facts = ParsePageSight("1 0 1 ffff 7 3ff 1 fdfdfdfd ffff");
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_TRUE(facts->valid);
  EXPECT_TRUE(facts->backed);
  EXPECT_LT(static_cast<unsigned>(facts->page.zone), kZones);
}

TEST(Wire, AMachine) {
  const absl::StatusOr<Machine> machine =
      ParseMachine("6.1.0-56 ffffffffff 34|0-fff : Reserved|1000-7ffffff : System RAM|fd00000000-ffffffffff : PCI Bus");
  ASSERT_TRUE(machine.ok()) << machine.status();
  EXPECT_EQ(machine->release, "6.1.0-56");
  EXPECT_EQ(machine->map.phys_bits, 40);
  EXPECT_TRUE(machine->map.five_level);
  ASSERT_EQ(machine->map.count, 3);
  EXPECT_EQ(machine->map.ranges[1].kind, FirmwareKind::kRam);
  EXPECT_EQ(machine->map.ranges[1].range.end(), 0x8000000U);
}

TEST(Wire, WhatTheModuleNeverSaysIsAnErrorThatQuotesIt) {
  for (const char* line : {"", "?", "? no such word: x", "v", "v x 0", "v 0", "v 0 0 1", "m", "o", "1 0 1", "x 1 2 3",
                           "v 0 0 1 2 3", "a", "o 3", "m 1ffff", "1 0 1 ffff 2 0 1 1 ffff 9"}) {
    const absl::StatusOr<Answer> answer = ParseOperationAnswer(line);
    EXPECT_FALSE(answer.ok()) << line;
    EXPECT_NE(answer.status().message().find(line), absl::string_view::npos) << answer.status();
  }
  EXPECT_FALSE(ParseSectionSight("1 2 3").ok());
  EXPECT_FALSE(ParseSectionSight("13 0 3 8 1 1 1 0 0 0").ok());
  EXPECT_FALSE(ParseSpans("1 2 3").ok());
  EXPECT_FALSE(ParseResources("0 1 2 3 4").ok());
  EXPECT_FALSE(ParseResources("r 0 1 2 3 4 [cut]").ok());
  EXPECT_FALSE(ParseMachine("6.1.0 ff").ok());
  EXPECT_FALSE(ParseMachine("").ok());
}

TEST(Wire, NoLineCrashes) {
  constexpr absl::string_view kAlphabet = "vnaomr?| -:0123456789abcdefx";
  Rng rng(1);
  for (int i = 0; i < 20'000; ++i) {
    std::string line;
    for (uint64_t n = rng.Below(40); n != 0; --n) line += kAlphabet[rng.Below(kAlphabet.size())];
    (void)ParseOperationAnswer(line);
    (void)ParseSectionSight(line);
    (void)ParsePageSight(line);
    (void)ParseSpans(line);
    (void)ParseResources(line);
    (void)ParseMachine(line);
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
