// SPDX-License-Identifier: Apache-2.0
// hpfuzz triage as a user runs it: what it leaves, what it prints, and what happens when it is killed or cannot write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
namespace fs = std::filesystem;

// Findings without a bug: the traces expect what is not so.
constexpr char kOnline[] =
    "ram 1000-1fffffff\npmem 20000000-2fffffff\n"
    "add_memory 40000000-47ffffff\n"
    "online_pages 40000000-47ffffff movable -> subsection -EBUSY\n";
constexpr char kMap[] =
    "pmem 20000000-2fffffff\n"
    "memremap_pages a 20000000-2fffffff\n"
    "memunmap_pages a -> legacy -ENOMEM\n";
constexpr char kOnlineBucket[] = "triage/online_pages.subsection-expectation";

class TriageCliTest : public ShellTest {
 protected:
  void SetUp() override {
    ShellTest::SetUp();
    fs::create_directories(Path("in"));
  }

  nlohmann::json Bucket(const std::string& folder) const {
    return nlohmann::json::parse(ContentOf(Path(folder + "/bucket.json")), nullptr, false);
  }
};

TEST_F(TriageCliTest, AFolderForEachCause) {
  Write("in/online.trace", kOnline);
  Write("in/again.trace", kOnline);
  Write("in/map.trace", kMap);
  Write("in/sound.trace", "pfn_valid 1\n");
  const Ran ran = Shell("hpfuzz triage in --jobs 2 --quiet");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(ran.out, StartsWith("4 files, 3 different: 1 without a finding, 0 known before\n2 buckets in triage\n"));
  EXPECT_EQ(ContentOf(Path(absl::StrCat(kOnlineBucket, "/trace"))),
            "# online_pages.subsection-expectation\nonline_pages 0-1fffff keep -> subsection -EBUSY\n");
  const nlohmann::json bucket = Bucket(kOnlineBucket);
  EXPECT_EQ(bucket["kinds"], nlohmann::json::array({"online_pages"}));
  EXPECT_EQ(bucket["replays"], nlohmann::json({{"same", 5}, {"all", 5}}));
  EXPECT_EQ(bucket["inputs"][0]["names"], nlohmann::json::array({"again.trace", "online.trace"}));
  for (const char* file : {"report.html", "regression_test.cc", "recipe.md"}) {
    EXPECT_THAT(ContentOf(Path(absl::StrCat(kOnlineBucket, "/", file))), HasSubstr("online_pages")) << file;
  }
  // Bytes carry no expectations.
  EXPECT_FALSE(fs::exists(Path(absl::StrCat(kOnlineBucket, "/input"))));
  EXPECT_THAT(ContentOf(Path("triage/buckets.sarif")), HasSubstr("subsection-expectation"));
  EXPECT_THAT(ContentOf(Path("triage/buckets.xml")),
              HasSubstr("<testsuites name=\"hpfuzz triage\" tests=\"2\" failures=\"2\""));
  EXPECT_EQ(Shell(absl::StrCat("hpfuzz replay --quiet ", kOnlineBucket, "/trace")).exit_code, kExitFinding);
}

TEST_F(TriageCliTest, AChosenPairIsPartOfWhatIsKept) {
  Write("in/a.trace", "ram 0-1fffff\nram 400000-7ffffff\npfn_valid 0 -> series-v5 1, mainline-6.1 1\n");
  const Ran ran = Shell("hpfuzz triage --pair series-v5,mainline-6.1 in --quiet");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  const std::string folder = "triage/pfn_valid.series-expectation";
  EXPECT_EQ(Bucket(folder)["pair"], "series-v5,mainline-6.1") << ran.out;
  EXPECT_THAT(ContentOf(Path(folder + "/report.html")), HasSubstr("./hpfuzz replay --pair series-v5,mainline-6.1 "));
  EXPECT_THAT(ContentOf(Path(folder + "/regression_test.cc")), HasSubstr("\"series-v5,mainline-6.1\""));
  // The tests of repro/open run the default pairs.
  const Ran promoted = Shell("hpfuzz triage --promote pfn_valid.series-expectation");
  EXPECT_EQ(promoted.exit_code, kExitBadInput);
  EXPECT_THAT(promoted.err, HasSubstr("is a finding of series-v5,mainline-6.1"));
  EXPECT_FALSE(fs::exists(Path("repro")));
  // Keys name sides, which are others in another pair.
  const Ran other = Shell("hpfuzz triage in --quiet");
  EXPECT_EQ(other.exit_code, kExitSetup);
  EXPECT_THAT(other.err, HasSubstr("is of series-v5,mainline-6.1; a folder has the buckets of one pair"));
}

TEST_F(TriageCliTest, SeveralKilledRunsAddUpToOneThatEnds) {
  for (int i = 0; i < 60; ++i) {
    Write(absl::StrCat("in/", i), absl::StrCat("# ", i, "\n", i % 2 == 0 ? kOnline : kMap));
  }
  // Each is killed at another moment; what it leaves is what the next begins with.
  for (const char* seconds : {"0.2", "0.5", "0.9", "1.4"}) {
    Shell(absl::StrCat("timeout -s KILL ", seconds, " '" HPFUZZ_BINARY "' triage in --quiet"));
    if (!fs::exists(Path("triage"))) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(Path("triage"))) {
      if (!entry.is_directory() || entry.path().filename().string()[0] == '.') continue;
      EXPECT_TRUE(fs::exists(entry.path() / "trace")) << entry.path();
      EXPECT_TRUE(nlohmann::json::accept(ContentOf((entry.path() / "bucket.json").string()))) << entry.path();
    }
  }
  const Ran ran = Shell("hpfuzz triage in --quiet");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  size_t inputs = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(Path("triage"))) {
    if (entry.is_directory()) inputs += Bucket(fs::relative(entry.path(), directory_).string())["inputs"].size();
  }
  EXPECT_EQ(inputs, 60u);
}

TEST_F(TriageCliTest, AnInterruptionEndsItWithATable) {
  for (int i = 0; i < 400; ++i) Write(absl::StrCat("in/", i), absl::StrCat("# ", i, "\n", kOnline));
  const Ran ran = Shell(
      "hpfuzz triage in --quiet & run=$!\n"
      "until ls triage/*/bucket.json >/dev/null 2>&1; do sleep 0.01; done; kill -INT $(pgrep -P $run -x hpfuzz || echo "
      "$run); wait $run");
  EXPECT_THAT(ran.out, HasSubstr("; interrupted\n1 buckets in triage\n")) << ran.err;
}

TEST_F(TriageCliTest, ADiskThatIsFullIsNamedAndLosesNothing) {
  Write("in/online.trace", kOnline);
  Shell("hpfuzz triage in --quiet");
  const std::string before = ContentOf(Path(absl::StrCat(kOnlineBucket, "/bucket.json")));
  Write("in/map.trace", kMap);
  const Ran ran = Shell(
      // Of this program only: its output goes through a pipe.
      "(trap '' XFSZ; ulimit -f 0; hpfuzz triage in --quiet 2>&1) | cat; exit ${PIPESTATUS[0]}");
  EXPECT_EQ(ran.exit_code, kExitSetup) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("triage/"));
  EXPECT_THAT(ran.out, HasSubstr("File too large"));
  EXPECT_EQ(ContentOf(Path(absl::StrCat(kOnlineBucket, "/bucket.json"))), before);
  EXPECT_EQ(Shell("ls -A triage | grep new").out, "");
  EXPECT_THAT(Shell("hpfuzz triage in --quiet").out, HasSubstr("2 buckets in triage"));
}

TEST_F(TriageCliTest, WhereNothingCanBeWrittenIsNamed) {
  Write("in/online.trace", kOnline);
  for (const char* folder : {"/proc/nowhere", "in/online.trace/below"}) {
    const Ran ran = Shell(absl::StrCat("hpfuzz triage in --quiet -o ", folder));
    EXPECT_EQ(ran.exit_code, kExitSetup);
    EXPECT_THAT(ran.err, HasSubstr(folder));
  }
}

TEST_F(TriageCliTest, NoInputIsWrongUsage) {
  EXPECT_EQ(Shell("hpfuzz triage").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz triage nowhere").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz triage --jobs 0 .").exit_code, kExitBadInput);
}

TEST_F(TriageCliTest, HostileNamesStayNames) {
  Write("in/<script>alert(1)<", kOnline);
  Write("in/$(touch gone)", absl::StrCat("# --><script>alert(2)</script>\n", kMap));
  const Ran ran = Shell("hpfuzz triage in --quiet");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  EXPECT_FALSE(fs::exists(Path("gone")));
  EXPECT_EQ(Shell("grep -rl 'script>alert' triage --include='*.html' --include='*.xml' --include='*.md'").out, "");
}

TEST_F(TriageCliTest, AFindingOnItsWayThroughTheTree) {
  Write("in/online.trace", kOnline);
  Shell("hpfuzz triage in --quiet");
  Ran ran = Shell("hpfuzz triage --promote online_pages.subsection-expectation");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_EQ(ran.out, "repro/open/online_pages.subsection-expectation.trace\n");
  ran = Shell("hpfuzz triage --promote online_pages.subsection-expectation");
  EXPECT_EQ(ran.exit_code, kExitBadInput);
  EXPECT_THAT(ran.err, HasSubstr("still shows"));
  Shell("sed -i 's/ -> .*//' repro/open/*.trace");
  ran = Shell("hpfuzz triage --promote online_pages.subsection-expectation");
  EXPECT_EQ(ran.out, "repro/online_pages.subsection-expectation.trace\n") << ran.err;
  EXPECT_EQ(Shell("hpfuzz replay --quiet repro").exit_code, kExitAgrees);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
