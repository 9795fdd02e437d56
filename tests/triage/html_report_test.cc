// SPDX-License-Identifier: Apache-2.0
// Reports: their data in tests/golden/report_data.txt, their drawings in tests/golden/report_svg.txt; that a stranger's
// text stays text; and, of every trace of repro/, that the data hold together and fail where replay says. What a
// browser makes of the page is scripts/report_test.py's business.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "registry/workbench_geometry.h"
#include "tests/files.h"
#include "tests/golden.h"
#include "triage/report.h"
#include "triage/report_assets.h"
#include "triage/report_json.h"
#include "triage/svg_report.h"

namespace hpfuzz {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

ReportPicture Taken(const std::string& trace) {
  const absl::StatusOr<ReportPicture> picture = GetWorkbench().Picture(trace, "test");
  EXPECT_TRUE(picture.ok()) << picture.status();
  return picture.ok() ? *picture : ReportPicture();
}

ReportOrigin Origin(const std::string& file) { return {.file = file, .command = CommandText({.file = file})}; }

ordered_json DataOf(const std::string& trace, const std::string& file = "test") {
  return ordered_json::parse(ReportJson(Taken(trace), Origin(file)));
}

Report Made(const std::string& trace, const std::string& file = "test") {
  const absl::StatusOr<Report> report = MakeReport(GetWorkbench(), trace, {.file = file});
  EXPECT_TRUE(report.ok()) << report.status();
  return report.ok() ? *report : Report();
}

// A line a field; of a list, a line an element.
std::string Lines(const ordered_json& data) {
  std::string text;
  for (const auto& [key, value] : data.items()) {
    if (!value.is_array() || value.empty() || value.front().is_primitive()) {
      absl::StrAppend(&text, key, " ", value.dump(), "\n");
      continue;
    }
    absl::StrAppend(&text, key, "\n");
    for (const ordered_json& element : value) absl::StrAppend(&text, "  ", element.dump(), "\n");
  }
  return text;
}

TEST(Report, Data) {
  CheckGolden("report_data.txt", [](const std::string& trace) { return Lines(DataOf(trace)); });
}

TEST(Report, Drawings) {
  CheckGolden("report_svg.txt", [](const std::string& trace) {
    const std::string svg = Made(trace).svg;
    // What each state is filled with is a file of its own.
    const size_t patterns = svg.find(kReportPatterns);
    EXPECT_NE(patterns, std::string::npos);
    return svg.substr(0, patterns) + svg.substr(patterns + kReportPatterns.size());
  });
}

constexpr char kAttack[] = "</script><script>hacked()</script><img src=x onerror=hacked()>\"'&amp;";

TEST(Report, AStrangersTextStaysText) {
  const std::string trace = absl::StrCat("# ", kAttack, "\xe2\x80\xa8\xe2\x80\xae\xff --> ]]>\npfn_valid 0 # ", kAttack,
                                         "\nmemremap_pages onerror 200000000-207ffffff\n");
  const Report report = Made(trace, absl::StrCat("dir/", kAttack));
  for (const std::string* form : {&report.html, &report.svg}) {
    EXPECT_THAT(*form, Not(HasSubstr("<img"))) << "markup of the trace";
    EXPECT_THAT(*form, Not(HasSubstr("<script>hacked")));
    EXPECT_THAT(*form, Not(HasSubstr("\xe2\x80\xae"))) << "turns what follows";
    EXPECT_THAT(*form, HasSubstr("hacked()")) << "is shown";
  }
  // Its own, the data and the end of the one it carries.
  EXPECT_EQ(std::vector<std::string>(absl::StrSplit(report.html, "</script>")).size(), 3U);
  const std::string json = ReportJson(Taken(trace), Origin(kAttack));
  EXPECT_EQ(json.find_first_of("<>&\n"), std::string::npos);
  for (const char byte : json) EXPECT_GE(byte, ' ') << "ASCII";
  const ordered_json data = ordered_json::parse(json);
  EXPECT_EQ(data["file"], kAttack);
  EXPECT_THAT(data["trace"].get<std::string>(), HasSubstr("hacked()>\"'&amp;<U+2028><U+202E>\xef\xbf\xbd --> ]]>"));
}

// What is filled in may look like a place to be filled in.
TEST(Report, PlacesOfThePageInATrace) {
  const Report report = Made("pfn_valid 0 # @SCRIPT@ @DATA@\n", "@STYLE@");
  EXPECT_THAT(report.html, HasSubstr("pfn_valid 0 # @SCRIPT@ @DATA@"));
  EXPECT_THAT(report.html, HasSubstr("@STYLE@</title>"));
}

TEST(Report, LoadsNothingAndRunsItsOwnScriptOnly) {
  const std::string html = Made("pfn_valid 0\n").html;
  EXPECT_THAT(html, HasSubstr("default-src 'none'; style-src 'sha256-"));
  EXPECT_THAT(html, Not(HasSubstr("unsafe")));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("@STYLE_HASH@")));
  for (const char* word : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("}) {
    EXPECT_EQ(kReportScript.find(word), std::string_view::npos) << word << " takes text for markup or script";
  }
}

TEST(Report, Commands) {
  EXPECT_EQ(CommandText({.file = "a/b-1.trace"}), "./hpfuzz replay a/b-1.trace");
  EXPECT_EQ(CommandText({.file = "a;rm b"}), "./hpfuzz replay 'a;rm b'");
  EXPECT_EQ(CommandText({.file = "it's"}), "./hpfuzz replay 'it'\\''s'");
  EXPECT_EQ(CommandText({.file = "--json"}), "./hpfuzz replay ./--json");
  EXPECT_EQ(CommandText({.file = "-"}), "./hpfuzz replay finding.trace  # the trace below");
  EXPECT_EQ(CommandText({.file = "f", .info_block = true}), "./hpfuzz replay --info-block f");
  EXPECT_EQ(CommandText({.file = "f", .pair = "a,b"}), "./hpfuzz replay --pair a,b f");
  EXPECT_EQ(CommandText({.file = "f", .geometry = "tiny", .pair = "x"}),
            "./hpfuzz show --geometry tiny f | ./hpfuzz replay --pair x -");
  EXPECT_EQ(CommandText({.file = "f", .geometry = "tiny"}), "./hpfuzz show --geometry tiny f | ./hpfuzz replay -");
}

TEST(Report, BadInput) {
  const absl::StatusOr<Report> report = MakeReport(GetWorkbench(), "add_memory x\n", {.file = "f"});
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.status().message(), HasSubstr("f:1:12: read \"x\""));
  EXPECT_FALSE(MakeReport(GetWorkbench(), "pfn_valid 0 -> nobody 1\n", {.file = "f"}).ok());
}

// --- Of every trace.

// Every number names something, and each section is known from the first step on.
void CheckHoldsTogether(const ordered_json& data) {
  const size_t sections = data["sections"].size();
  for (const ordered_json& row : data["rows"]) {
    size_t cells = 0;
    for (size_t i = 0; i < row.size(); i += 2) {
      cells += row[i].get<size_t>();
      EXPECT_LT(row[i + 1], data["kinds"].size());
    }
    EXPECT_EQ(cells, data["cells"]);
  }
  EXPECT_EQ(sections == 0 ? 0 : data["steps"][0]["changes"].size(), sections);
  for (size_t index = 0; index < data["steps"].size(); ++index) {
    const ordered_json& step = data["steps"][index];
    if (step.contains("clause")) EXPECT_LT(step["clause"], data["clauses"].size());
    for (const ordered_json& change : step.value("changes", ordered_json::array())) {
      EXPECT_LT(change[0], sections);
      EXPECT_LT(change[1], data["rows"].size());
      EXPECT_LT(change[2], data["rows"].size());
      for (const ordered_json& difference : change[3]) EXPECT_LE(difference[2], index);
    }
    for (const ordered_json& asked : step.value("asked", ordered_json::array())) {
      EXPECT_LE(asked[0], asked[2]);
      EXPECT_LT(asked[2], sections);
    }
  }
}

std::vector<std::string> FailingSteps(const ordered_json& data) {
  std::vector<std::string> failing;
  for (const ordered_json& step : data["steps"]) {
    if (step.contains("failing")) failing.push_back(step["label"]);
  }
  return failing;
}

void CheckAgreesWithReplay(const ordered_json& data, const std::string& trace) {
  CheckHoldsTogether(data);
  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(trace, "test");
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(data["key"], replay->key);
  const std::vector<std::string> failing = FailingSteps(data);
  EXPECT_EQ(failing.empty(), replay->agrees);
  for (const ordered_json& step : data["steps"]) {
    if (!step.contains("unmet")) continue;
    EXPECT_THAT(replay->verdicts,
                HasSubstr(absl::StrCat("step ", step["label"].get<std::string>(), ": the trace expects")));
  }
}

TEST(Report, OfEveryTraceThatIsKept) {
  size_t traces = 0;
  for (const std::string& file : FilesBelow("repro", ".trace")) {
    SCOPED_TRACE(file);
    const std::string trace = ContentOf(file);
    if (!std::string(GetWorkbench().GeometryNamed(trace)).empty() &&
        std::string(GetWorkbench().GeometryNamed(trace)) != GetWorkbench().geometry()) {
      continue;
    }
    ++traces;
    const ordered_json data = DataOf(trace);
    CheckAgreesWithReplay(data, trace);
    if (data["key"] != "") continue;  // one of repro/open
    const std::string wrong = trace + "pfn_valid 0 -> subsection 77\n";
    const ordered_json failing = DataOf(wrong);
    CheckAgreesWithReplay(failing, wrong);
    EXPECT_EQ(failing["key"], "pfn_valid.subsection-expectation");
    EXPECT_EQ(failing["steps"].size(), data["steps"].size() + 1);
  }
  EXPECT_GT(traces, 100U);
}

}  // namespace
}  // namespace hpfuzz
