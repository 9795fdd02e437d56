// SPDX-License-Identifier: Apache-2.0
// Summaries of runs, as text in a golden file and as JSON.
#include "campaign/summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/golden.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// YYYY-MM-DD
Day DayIn(std::istream& in) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char dash = 0;
  in >> year >> dash >> month >> dash >> day;
  return Day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
}

FuzzSummary Parse(const std::string& text) {
  FuzzSummary summary;
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    if (word == "target") in >> summary.target;
    if (word == "build") in >> summary.build;
    if (word == "seconds") in >> summary.seconds;
    if (word == "jobs") in >> summary.jobs;
    if (word == "inputs") in >> summary.inputs;
    if (word == "count") {
      std::string name;
      in >> name;
      in >> summary.counts[name];
    }
    if (word == "finding") {
      FindingSummary finding;
      std::string file;
      in >> finding.key >> finding.times >> file;
      finding.file = file;
      summary.findings.push_back(finding);
    }
    if (word == "muted" || word == "expired") {
      summary.findings.back().mute = DayIn(in);
      summary.findings.back().mute_expired = word == "expired";
    }
  }
  return summary;
}

TEST(Summary, Golden) {
  CheckGolden("fuzz_summary.txt", [](const std::string& text) {
    const FuzzSummary summary = Parse(text);
    return absl::StrCat(PrintStatus(summary, 3), "\n", PrintSummary(summary, {"./hpfuzz replay", "/here"}));
  });
}

TEST(Summary, GroupsDigits) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(123456), "123,456");
  EXPECT_EQ(Grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(Summary, Json) {
  FuzzSummary summary = Parse(
      "target namespace build afl seconds 1.5 jobs 2 inputs 7 count executions 5 count edges 6 count operations 8 "
      "count "
      "clause:a 9 count new 3 count stability 9984 finding a.b 1 /f/crash-1 muted 2027-03-31 finding c.d 2 /f/crash-2 "
      "finding e.f 3 /f/crash-3 expired 2026-01-31");
  summary.engine = "afl";
  summary.seed = 17;
  summary.findings[1].report = "not UTF-8: \xff \"quoted\"\n";
  EXPECT_EQ(nlohmann::json::parse(PrintJson(summary)), nlohmann::json::parse(R"({
    "target": "namespace", "engine": "afl", "build": "afl", "seconds": 1.5, "jobs": 2, "seed": 17,
    "executions": 5, "edges": 6, "operations": 8, "new_inputs": 3, "stability_percent": 99.84, "corpus_inputs": 7,
    "clauses": {"a": 9},
    "findings": [
      {"key": "a.b", "times": 1, "file": "/f/crash-1", "report": "", "muted_until": "2027-03-31"},
      {"key": "c.d", "times": 2, "file": "/f/crash-2", "report": "not UTF-8: \ufffd \"quoted\"\n"},
      {"key": "e.f", "times": 3, "file": "/f/crash-3", "report": "", "mute_expired": "2026-01-31"}]})"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
