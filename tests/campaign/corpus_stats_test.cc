// SPDX-License-Identifier: Apache-2.0
// Figures of corpora: what is counted over traces in each form, and how it is printed.
#include "campaign/corpus_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/golden.h"
#include "trace/bytes.h"
#include "trace/text.h"

namespace hpfuzz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kTwoOps[] = "ram 0-7ffffff node 0\npfn_valid 0\nadd_memory 8000000-fffffff\n";
constexpr char kOneOp[] = "ram 0-7ffffff node 0\npfn_valid 0\n";

std::string Encoded(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  const std::vector<uint8_t> bytes = EncodeTrace(*trace);
  return {bytes.begin(), bytes.end()};
}

uint64_t CountOf(const std::vector<std::pair<std::string, uint64_t>>& counts, const std::string& name) {
  const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& row) { return row.first == name; });
  EXPECT_NE(found, counts.end()) << name;
  return found == counts.end() ? 0 : found->second;
}

TEST(CorpusStats, OfBytes) {
  const std::string longest = Encoded(kTwoOps);
  const std::string shortest = Encoded(kOneOp);
  const CorpusStats stats = StatsOf({{"a", longest}, {"b", shortest}, {"c", longest}}, InputForm::kBytes);
  EXPECT_EQ(stats.size.files, 3);
  EXPECT_EQ(stats.size.bytes, 2 * longest.size() + shortest.size());
  EXPECT_EQ(stats.bytes.least, shortest.size());
  EXPECT_EQ(stats.bytes.median, longest.size());
  EXPECT_EQ(stats.bytes.most, longest.size());
  EXPECT_EQ(stats.traces, 3);
  EXPECT_EQ(stats.refused, 0);
  EXPECT_EQ(stats.operations, 5);
  EXPECT_EQ(stats.applied_both, 5);
  EXPECT_EQ(stats.operations_per_trace.least, 1);
  EXPECT_EQ(stats.operations_per_trace.median, 2);
  EXPECT_EQ(CountOf(stats.kinds, "pfn_valid"), 3);
  EXPECT_EQ(CountOf(stats.kinds, "add_memory"), 2);
  EXPECT_EQ(CountOf(stats.kinds, "reboot"), 0);
  EXPECT_THAT(stats.equal, ElementsAre(ElementsAre("a", "c")));
  EXPECT_THAT(stats.findings, IsEmpty());
}

// The trace of the series' cover letter: the clause that made it.
TEST(CorpusStats, ClausesThatGoverned) {
  const std::string mixed =
      "ram 100000000-1ffffffff node 0\npmem 200000000-2fbffffff node 0\nram 2fc000000-33fffffff node 0\n"
      "memremap_pages a 200000000-2fbffffff\n";
  const CorpusStats stats = StatsOf({{"a", mixed}}, InputForm::kText);
  EXPECT_EQ(CountOf(stats.clauses, "ram-in-section"), 1);
}

TEST(CorpusStats, WhatATargetRefuses) {
  const std::string bytes = Encoded(kOneOp);
  EXPECT_EQ(StatsOf({{"a", bytes}}, InputForm::kNvdimmBytes).refused, 1);
  EXPECT_EQ(StatsOf({{"a", kOneOp}, {"b", "no trace"}}, InputForm::kText).refused, 1);
  EXPECT_EQ(StatsOf({{"a", kOneOp}, {"b", "no trace"}}, InputForm::kText).traces, 1);
}

TEST(CorpusStats, InfoBlocksAreTracesWhateverTheyHold) {
  const CorpusStats stats = StatsOf({{"a", ""}, {"b", std::string(3, '\0')}, {"c", "\x83xyz"}}, InputForm::kInfoBlock);
  EXPECT_EQ(stats.traces, 3);
  EXPECT_THAT(stats.equal, ElementsAre(ElementsAre("a", "b")));  // what is missing is zero
}

TEST(CorpusStats, OtherInputsHaveSizesOnly) {
  const CorpusStats stats = StatsOf({{"a", "xy"}, {"b", ""}}, FormOf("recorded_text"));
  EXPECT_EQ(stats.form, InputForm::kOther);
  EXPECT_EQ(stats.bytes.least, 0);
  EXPECT_EQ(stats.bytes.most, 2);
  EXPECT_EQ(stats.traces, 0);
}

TEST(CorpusStats, ThePathNamesTheTarget) {
  EXPECT_EQ(TargetOf("corpus/trace_text"), "trace_text");
  EXPECT_EQ(TargetOf("/a/build/fuzz/namespace/corpus/"), "namespace");
  EXPECT_EQ(TargetOf("differential/recorded_text"), "recorded_text");
  EXPECT_EQ(TargetOf("my-namespace"), "differential");
}

TEST(CorpusStats, OfNothing) { EXPECT_EQ(StatsOf({}, InputForm::kBytes).bytes.most, 0); }

TEST(CorpusStats, Golden) {
  CheckGolden("corpus_stats.txt", [](const std::string& input) {
    CorpusStats stats;
    stats.size = {3, 12345};
    stats.bytes = {0, 12, 12333};
    if (input != "other\n") {
      stats.form = InputForm::kBytes;
      stats.traces = 2;
      stats.refused = 1;
      stats.operations = 1234567;
      stats.applied_both = 1000000;
      stats.operations_per_trace = {1, 2, 3};
      stats.kinds = {{"add_memory", 1000}, {"reboot", 0}};
      stats.clauses = {{"span-timing", 0}, {"ram-in-section", 7}, {"diverged-before", 0}};
      stats.equal = {{"c/a", "c/b"}};
      stats.findings = {{"c/a", "end.lookup"}};
    }
    const std::vector<std::string> unreadable = {"c/\xff: Permission denied"};
    return PrintCorpusStats(stats, "c", "target", {}) + "\n" + CorpusStatsJson(stats, "c", "target", unreadable);
  });
}

}  // namespace
}  // namespace hpfuzz
