// SPDX-License-Identifier: Apache-2.0
// The report of a CI run: what each kind of step and each kind of broken file becomes. A case of the golden file is the
// folder that scripts/ci.sh leaves: "@@ NAME" and the content of that file, in steps.tsv with '|' for tabs.
#include "triage/ci_report.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/golden.h"
#include "triage/ci_details.h"

namespace hpfuzz {
namespace {

std::map<std::string, std::string> FolderOf(const std::string& input) {
  std::map<std::string, std::string> files;
  std::string* content = nullptr;
  for (absl::string_view line : absl::StrSplit(absl::StripSuffix(input, "\n"), '\n')) {
    if (absl::ConsumePrefix(&line, "@@ ")) {
      content = &files[std::string(line)];
    } else if (content != nullptr) {
      absl::StrAppend(content, line, "\n");
    }
  }
  return files;
}

CiReport ReportOf(const std::string& input) {
  const std::map<std::string, std::string> files = FolderOf(input);
  const auto steps = ParseCiSteps(absl::StrReplaceAll(files.at("steps.tsv"), {{"|", "\t"}}), "steps.tsv");
  EXPECT_TRUE(steps.ok()) << steps.status();
  if (!steps.ok()) return {};
  return MakeCiReport(*steps, "/src", "/src/build/ci", [&](const std::string& name) -> absl::StatusOr<std::string> {
    const auto found = files.find(name);
    if (found == files.end()) return absl::NotFoundError(absl::StrCat(name, ": no such file"));
    return found->second;
  });
}

TEST(CiReport, Golden) {
  CheckGolden("ci_report.txt", [](const std::string& input) {
    const CiReport report = ReportOf(input);
    return absl::StrCat(report.clean ? "clean" : "not clean", "\n\n", report.table, "\n", report.junit, "\n",
                        report.sarif);
  });
}

TEST(CiReport, NothingIsNotClean) {
  EXPECT_FALSE(MakeCiReport({}, "", "", [](const std::string&) { return ""; }).clean);
}

TEST(CiSteps, BadRowsHaveAPlace) {
  const std::string good = "asan\tbuild\tok\t1\tlog\t\n";
  EXPECT_EQ(ParseCiSteps(good + "asan\tbuild\n", "f").status().message(),
            "f:2: read 2 fields, expected 6 separated by tabs");
  EXPECT_EQ(ParseCiSteps("asan\tbuild\tgood\t1\tlog\t\n", "f").status().message(),
            "f:1: read 'good' and '1', expected ok, failed, running or skipped and milliseconds");
  EXPECT_FALSE(ParseCiSteps("asan\tbuild\tok\t-1\tlog\t\n", "f").ok());
  EXPECT_FALSE(ParseCiSteps("asan\tbuild\tok\tsoon\tlog\t\n", "f").ok());
}

TEST(CiSteps, TheLastRowOfAStepCountsAndAHalfWrittenOneDoesNot) {
  const auto steps =
      ParseCiSteps("a\tbuild\trunning\t0\tl\t\nb\tbuild\trunning\t0\tl\t\na\tbuild\tok\t7\tl\t\nb\tbuild\tfai", "f");
  ASSERT_TRUE(steps.ok()) << steps.status();
  ASSERT_EQ(steps->size(), 2);
  EXPECT_EQ((*steps)[0].result, CiResult::kOk);
  EXPECT_EQ((*steps)[0].time.count(), 7);
  EXPECT_EQ((*steps)[1].result, CiResult::kInterrupted);
}

TEST(FindingsInLog, OfReplay) {
  const auto findings = FindingsInLog("repro/a.trace: FINDING a.b\n2 traces: 1 agree\nrepro/c.trace: FINDING c.d\n");
  ASSERT_EQ(findings.size(), 2);
  EXPECT_EQ(findings[0].key, "a.b");
  EXPECT_EQ(findings[0].file, "repro/a.trace");
  EXPECT_EQ(findings[1].key, "c.d");
}

TEST(FindingsInLog, OfATarget) {
  const auto findings = FindingsInLog(
      "trace\nAssertion failure: a.b FuzzerHash=a.b\n==1== ERROR: libFuzzer: deadly signal\nSUMMARY: libFuzzer: deadly "
      "signal\n"
      "artifact_prefix='x/'; Test unit written to x/crash-1\n");
  ASSERT_EQ(findings.size(), 1);
  EXPECT_EQ(findings[0].key, "a.b");
  EXPECT_EQ(findings[0].file, "x/crash-1");
}

TEST(FindingsInLog, OfASanitizer) {
  const auto findings =
      FindingsInLog("SUMMARY: AddressSanitizer: heap-use-after-free a.cc:1 in f\nSUMMARY: X: second\n");
  ASSERT_EQ(findings.size(), 1);
  EXPECT_EQ(findings[0].key, "heap-use-after-free.f");
  EXPECT_EQ(findings[0].file, "");
}

TEST(FindingsInLog, None) { EXPECT_TRUE(FindingsInLog("").empty() && FindingsInLog("all is well\n").empty()); }

TEST(FuzzFindings, BadFilesAreNamed) {
  for (const char* bad : {"", "{", "[]", "{}", R"({"findings": 1})", R"({"findings": [1]})", R"({"findings": [{}]})",
                          R"({"findings": [{"key": ""}]})", R"({"findings": [{"key": 1}]})"}) {
    const auto findings = ParseFuzzFindings(bad, "f.json");
    EXPECT_FALSE(findings.ok()) << bad;
    EXPECT_EQ(findings.status().message().substr(0, 8), "f.json: ") << bad;
  }
}

TEST(FuzzFindings, OddMembersAreLeftOut) {
  const auto findings =
      ParseFuzzFindings(R"({"findings": [{"key": "a", "file": 1, "muted_until": null, "more": []}]})", "f");
  ASSERT_TRUE(findings.ok()) << findings.status();
  EXPECT_EQ((*findings)[0].file, "");
  EXPECT_FALSE((*findings)[0].muted_until.has_value());
}

TEST(CtestJunit, BadFilesAreNamed) {
  const std::string head = "<?xml?>\n<testsuite name=\"\"\n>\n";
  for (const std::string& bad : {std::string(), std::string("text"), head, head + "<testcase name=\"a\" </testsuite>",
                                 head + "<testcase time=\"1\"></testcase></testsuite>"}) {
    const auto cases = ParseCtestJunit(bad, "f.xml");
    EXPECT_FALSE(cases.ok()) << bad;
    EXPECT_EQ(cases.status().message().substr(0, 7), "f.xml: ") << bad;
  }
}

}  // namespace
}  // namespace hpfuzz
