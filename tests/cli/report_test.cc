// SPDX-License-Identifier: Apache-2.0
// hpfuzz report as a user runs it: what it writes, and what it says when it cannot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "cli/command.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

class ReportCliTest : public ShellTest {};

TEST_F(ReportCliTest, PageAndDrawing) {
  Write("a.trace", "ram 1000-1fffffff\nadd_memory 40000000-47ffffff -> legacy -EBUSY\n");
  const Ran ran = Shell("hpfuzz report a.trace -o out.html --svg out.svg");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << "whatever the trace shows: " << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "hpfuzz report: out.html: add_memory.legacy-expectation\n");
  EXPECT_THAT(ContentOf(Path("out.html")), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(ContentOf(Path("out.html")), EndsWith("</html>\n"));
  EXPECT_THAT(ContentOf(Path("out.svg")), EndsWith("</svg>\n"));
}

TEST_F(ReportCliTest, WithoutOptions) {
  Write("a.trace", "pfn_valid 0\n");
  const Ran ran = Shell("hpfuzz report a.trace && hpfuzz report - -o - <a.trace >other.html");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("report.html: no finding"));
  EXPECT_THAT(ContentOf(Path("report.html")), HasSubstr("./hpfuzz replay a.trace"));
  EXPECT_THAT(ContentOf(Path("other.html")), HasSubstr("./hpfuzz replay finding.trace"));
}

TEST_F(ReportCliTest, OfAChosenPair) {
  Write("a.trace", "ram 0-1fffff\nram 400000-7ffffff\npfn_valid 0\n");
  const Ran ran =
      Shell("hpfuzz report --pair series-v5,mainline-6.1 a.trace -o - && hpfuzz report --pair legacy a.trace");
  EXPECT_EQ(ran.exit_code, kExitBadInput) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"series-v5\""));
  EXPECT_THAT(ran.out, HasSubstr("./hpfuzz replay --pair series-v5,mainline-6.1 a.trace"));
}

TEST_F(ReportCliTest, BytesOfAnotherGeometryAndInfoBlocks) {
  Write("bytes", std::string("\1\2\3\4\5\6\7\0\11\12\13\14\15\16\17\20", 16));
  const Ran tiny =
      Shell("hpfuzz report --geometry tiny bytes -o tiny.html && hpfuzz report --info-block bytes -o block.html");
  EXPECT_EQ(tiny.exit_code, kExitAgrees) << tiny.err;
  EXPECT_THAT(ContentOf(Path("tiny.html")), HasSubstr("\"geometry\":\"tiny\""));
  EXPECT_THAT(ContentOf(Path("tiny.html")), HasSubstr("./hpfuzz show --geometry tiny bytes | ./hpfuzz replay -"));
  EXPECT_THAT(ContentOf(Path("block.html")), HasSubstr("./hpfuzz replay --info-block bytes"));
  EXPECT_EQ(Shell("hpfuzz report --geometry huge bytes").exit_code, kExitBadInput);
}

TEST_F(ReportCliTest, BadInputLeavesNothing) {
  Write("a.trace", "ram 1000-1fffffff\nadd_memory nonsense\n");
  const Ran ran = Shell("hpfuzz report a.trace -o out.html --svg out.svg");
  EXPECT_EQ(ran.exit_code, kExitBadInput);
  EXPECT_THAT(ran.err, HasSubstr("hpfuzz report: a.trace:2:12: read \"nonsense\""));
  EXPECT_FALSE(fs::exists(Path("out.html")));
  EXPECT_FALSE(fs::exists(Path("out.svg")));
  EXPECT_EQ(Shell("hpfuzz report missing").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz report").exit_code, kExitBadInput);
}

TEST_F(ReportCliTest, WhatCannotBeWritten) {
  Write("a.trace", "pfn_valid 0\n");
  const Ran page = Shell("hpfuzz report a.trace -o no/such/folder.html");
  EXPECT_EQ(page.exit_code, kExitSetup);
  EXPECT_THAT(page.err, HasSubstr("no/such/folder.html: No such file or directory"));
  EXPECT_EQ(Shell("hpfuzz report a.trace -o out.html --svg .").exit_code, kExitSetup);
  const Ran full = Shell("hpfuzz report a.trace -o /dev/full");
  EXPECT_EQ(full.exit_code, kExitSetup);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: No space left on device"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
