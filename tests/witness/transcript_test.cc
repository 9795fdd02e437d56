// SPDX-License-Identifier: Apache-2.0
// Transcripts: what real kernels answered to the traces of repro/ and to random ones, against the models; the form
// itself, and that a changed answer is noticed.
#include "witness/transcript.h"

#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "tests/files.h"
#include "witness/report.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr char kSmall[] =
    "# a comment\n"
    "kernel 6.1.0-56\n"
    "case small\n"
    "ram 1000-fffffff\n"
    "phys_bits 40\n"
    "__add_pages 100000000-1001fffff\n"
    "struct_page 200000\n"
    "asked\n"
    "op __add_pages 100000000 200000 0 = v 0 0\n"
    "look section 20 = 3 0 3 8 1 0 1 0\n"
    "look page 100200 = 0 0 0 ffff 0 0 0 0 0\n"
    "op page 200000 = 0 0 0 ffff 0 0 0 0 0\n"
    "end\n"
    "look section 20 = 3 0 3 8 1 0 1 0\n";

TEST(Transcript, ThatAgrees) {
  const absl::StatusOr<TranscriptReport> report = CheckTranscript(kSmall, "small");
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->cases, 1U);
  EXPECT_EQ(report->differences, 0U) << report->text;
}

TEST(Transcript, WhatIsWrittenIsReadBack) {
  const auto cases = ParseTranscript(kSmall, "small");
  ASSERT_TRUE(cases.ok()) << cases.status();
  ASSERT_EQ(cases->size(), 1U);
  const std::string text = "kernel 6.1.0-56\n" + TranscriptText("small", (*cases)[0].hearing);
  const auto again = ParseTranscript(text, "again");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(text, "kernel 6.1.0-56\n" + TranscriptText("small", (*again)[0].hearing));
  EXPECT_EQ((*again)[0].hearing.exchanges.size(), 5U);
}

TEST(Transcript, EveryChangedAnswerIsNoticed) {
  const struct {
    const char* from;
    const char* to;
    const char* key;
  } rows[] = {
      {"= v 0 0", "= v -17 0", "__add_pages.witness-answer"},
      {"= v 0 0", "= v 0 1", "__add_pages.witness-answer"},
      {"= 3 0 3 8 1 0 1 0\nlook page", "= 3 0 3 8 3 0 1 0\nlook page", "__add_pages.witness-bitmap"},
      {"= 3 0 3 8 1 0 1 0\nlook page", "= 3 0 3 8 1 0 3 0\nlook page", "__add_pages.witness-pfn-valid"},
      {"= 3 0 3 8 1 0 1 0\nlook page", "= 3 0 3 8 1 1 1 0\nlook page", "__add_pages.witness-direct-map"},
      {"100200 = 0 0 0 ffff", "100200 = 1 0 0 ffff", "__add_pages.witness-pfn-valid"},
      {"op page 200000 = 0", "op page 200000 = 1", "struct_page.witness-answer"},
      {"end\nlook section 20 = 3", "end\nlook section 20 = 13", "end.witness-section-flags"},
      {"= v 0 0", "= ? the machine hangs", "__add_pages.witness-unreadable"},
  };
  for (const auto& row : rows) {
    const std::string text = absl::StrReplaceAll(kSmall, {{row.from, row.to}});
    ASSERT_NE(text, kSmall) << row.from;
    const absl::StatusOr<TranscriptReport> report = CheckTranscript(text, "small");
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->differences, 1U) << row.to;
    EXPECT_NE(report->text.find(std::string("small: ") + row.key), std::string::npos) << report->text;
  }
}

TEST(Transcript, BadFilesAreErrorsWithTheirLine) {
  const struct {
    std::string text;
    const char* error;
  } rows[] = {
      {"", "expected kernel RELEASE"},
      {"case x\n", "f:1:1: read \"case x\", expected kernel RELEASE"},
      {"kernel 6.1\nfoo\n", "f:2:1: read \"foo\", expected case NAME"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\n", "expected asked"},
      {"kernel 6.1\ncase x\nbad\nasked\n", "case x:1:"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\nasked\nop pfn_valid 1 = v 0 0\n", "f:5:1:"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\nasked\nlook nothing = 1\n", "f:5:1:"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\npfn_valid 1\nasked\n", "expected an answer to every operation"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\npfn_valid 1\nasked\nop pfn_valid 1 = v 0 0\n",
       "and the looks at the end"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\npfn_valid 1\nasked\nop pfn_valid 2 = v 0 0\n", "expected pfn_valid 1"},
      {"kernel 6.1\ncase x\nram 1000-fffffff\nasked\nlook spans\n", "expected REQUEST = ANSWER"},
  };
  for (const auto& row : rows) {
    const absl::Status status = ParseTranscript(row.text, "f").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.text;
    EXPECT_NE(status.message().find(row.error), absl::string_view::npos) << status;
  }
}

class RecordedKernel : public testing::TestWithParam<const char*> {};

TEST_P(RecordedKernel, AnsweredAsItsModels) {
  const std::string file = std::string(HPFUZZ_RECORDED_DIR "/witness-") + GetParam() + ".txt";
  const absl::StatusOr<TranscriptReport> report = CheckTranscript(ContentOf(file), file);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GE(report->cases, 300U);
  EXPECT_EQ(report->differences, 0U) << report->text;
}

INSTANTIATE_TEST_SUITE_P(, RecordedKernel, testing::Values("6.1", "6.12"),
                         [](const auto& info) { return std::string(info.param) == "6.1" ? "v6_1" : "v6_12"; });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
