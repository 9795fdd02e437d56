// SPDX-License-Identifier: Apache-2.0
// Triage runs over a workbench that does what its traces say: what becomes a bucket, what is kept, what a crash, a
// hang, a full disk and an interruption leave behind.
#include "triage/triage_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "files/input_files.h"
#include "files/sha1.h"
#include "tests/directory.h"
#include "tests/triage/fake_workbench.h"
#include "triage/triage_text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

namespace fs = std::filesystem;

// As `hpfuzz replay` would: a trace names its key in its second word. One that is "flaky" shows it in odd calls.
constexpr char kReplay[] = R"sh(#!/bin/bash
read -r what key rest <"$2"
case $what in
  find) echo "$2"; echo "verdict  a and b: FINDING $key" ;;
  crash) echo "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1
    #0 0x1 in hpfuzz::$key()"; kill -ABRT $$ ;;
  flaky) calls=$(cat "$1" 2>/dev/null); calls=$((calls + 1)); echo $calls >"$1"
    [ $((calls % 2)) = 0 ] || echo "x: FINDING $key" ;;
esac
)sh";

class TriageRunTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Write("replay", kReplay);
    fs::permissions(directory_ / "replay", fs::perms::owner_all);
  }

  TriageSetting Setting() {
    TriageSetting setting;
    setting.out = directory_ / "out";
    setting.replay = {(directory_ / "replay").string(), (directory_ / "calls").string()};
    setting.seconds = 1;
    setting.read = [](const std::string& file) { return ReadBytes(file); };
    setting.workbench = [this](absl::string_view, absl::string_view) -> absl::StatusOr<const Workbench*> {
      return &workbench_;
    };
    return setting;
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const fs::path& file : InputsBelow(directory_ / "in")) files.push_back(file.string());
    return files;
  }

  TriageSummary Run(const TriageSetting& setting) {
    absl::StatusOr<TriageSummary> summary = RunTriage(Files(), setting);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return summary.ok() ? *std::move(summary) : TriageSummary();
  }
  TriageSummary Run() { return Run(Setting()); }

  // Buckets by name, with the number of their inputs.
  static std::map<std::string, size_t> Buckets(const TriageSummary& summary) {
    std::map<std::string, size_t> buckets;
    for (const Bucket& bucket : summary.buckets) buckets[bucket.name()] = bucket.inputs.size();
    return buckets;
  }

  FakeWorkbench workbench_;
};

TEST_F(TriageRunTest, OneKeyWithOtherOperationsIsAnotherBucket) {
  Write("in/a", "find add.x add pin 1\n");
  Write("in/b", "find add.x add pin 1  \n");
  Write("in/c", "find add.x add map 1\n");
  Write("in/d", "find map.x map 1\n");
  Write("in/e", "agree\n");
  const TriageSummary summary = Run();
  EXPECT_THAT(Buckets(summary), ElementsAre(Pair("add.x+map+1", 1), Pair("add.x+pin+1", 2), Pair("map.x+1", 1)));
  EXPECT_EQ(summary.no_finding, 1u);
  for (const Bucket& bucket : summary.buckets) {
    EXPECT_EQ(bucket.replays.same, 5);
    EXPECT_FALSE(bucket.flaky());
    EXPECT_THAT(bucket.report, HasSubstr("FINDING " + bucket.key));
    EXPECT_TRUE(fs::exists(directory_ / "out" / bucket.name() / "trace"));
  }
  EXPECT_THAT(Contents("out/add.x+pin+1/inputs"), ElementsAre("find add.x add pin 1\n", "find add.x add pin 1  \n"));
}

TEST_F(TriageRunTest, FilesOfOneContentAreOneInput) {
  Write("in/a", "find add.x\n");
  Write("in/deep/b", "find add.x\n");
  const TriageSummary summary = Run();
  EXPECT_EQ(summary.inputs, 2u);
  EXPECT_EQ(summary.different, 1u);
  ASSERT_THAT(summary.buckets, SizeIs(1));
  EXPECT_THAT(summary.buckets[0].inputs, SizeIs(1));
  EXPECT_THAT(summary.buckets[0].inputs[0].names, ElementsAre("a", "b"));
}

TEST_F(TriageRunTest, CrashesOfOnePlaceAreOneBucketWhateverElseTheyHold) {
  Write("in/a", "crash Here 1\n");
  Write("in/b", "crash Here 22\n");
  Write("in/c", "crash There 1\n");
  const TriageSummary summary = Run();
  EXPECT_THAT(Buckets(summary),
              ElementsAre(Pair("crash.heap-use-after-free.here+1", 2), Pair("crash.heap-use-after-free.there+1", 1)));
  EXPECT_THAT(summary.buckets[0].report, HasSubstr("heap-use-after-free"));
  // The next run knows the place, and minimises it no more.
  Write("in/d", "crash Here 333\n");
  EXPECT_THAT(Buckets(Run()),
              ElementsAre(Pair("crash.heap-use-after-free.here+1", 3), Pair("crash.heap-use-after-free.there+1", 1)));
}

TEST_F(TriageRunTest, WhatHangsIsABucketAsItIs) {
  Write("in/a", "hang\n");
  Write("in/b", "find add.x\n");
  TriageSetting setting = Setting();
  setting.grace = std::chrono::milliseconds(200);
  const TriageSummary summary = Run(setting);
  EXPECT_THAT(Buckets(summary), ElementsAre(Pair("add.x", 1), Pair("crash.out-of-time", 1)));
  EXPECT_THAT(Read("out/crash.out-of-time/trace"), HasSubstr("hang"));
  for (const Bucket& bucket : summary.buckets) EXPECT_FALSE(bucket.flaky()) << bucket.key;
}

TEST_F(TriageRunTest, WhatShowsItsKeyNowAndThenIsFlaky) {
  Write("in/a", "flaky add.x\n");
  const TriageSummary summary = Run();
  ASSERT_THAT(Buckets(summary), ElementsAre(Pair("add.x", 1)));
  EXPECT_TRUE(summary.buckets[0].flaky());
  EXPECT_EQ(summary.buckets[0].inputs[0].replays.same, 2);
  EXPECT_EQ(summary.buckets[0].inputs[0].replays.all, 5);
  EXPECT_THAT(PrintTriage(summary, "out"), HasSubstr("FLAKY"));
}

TEST_F(TriageRunTest, ALaterRunAddsAndWritesOverNothing) {
  Write("in/a", "find add.x add\n");
  Run();
  Write("out/add.x/trace", "# my own words\nfind add.x add\n");
  Write("out/add.x/notes", "mine");
  Write("in/b", "find add.x add \n");
  Write("in/again", "find add.x add\n");
  const TriageSummary summary = Run();
  EXPECT_EQ(summary.known, 1u);
  EXPECT_THAT(Buckets(summary), ElementsAre(Pair("add.x", 2)));
  EXPECT_THAT(summary.buckets[0].inputs[0].names, ElementsAre("a", "again"));
  EXPECT_EQ(Read("out/add.x/trace"), "# my own words\nfind add.x add\n");
  EXPECT_EQ(Read("out/add.x/notes"), "mine");
}

TEST_F(TriageRunTest, FewOfManyInputsAreKeptAllAreNamed) {
  for (int i = 0; i < 40; ++i) Write(absl::StrCat("in/", i), "find add.x add\n" + std::string(i, '\n'));
  const TriageSummary summary = Run();
  EXPECT_THAT(Buckets(summary), ElementsAre(Pair("add.x", 40)));
  EXPECT_THAT(InputsBelow(directory_ / "out/add.x/inputs"), SizeIs(16));
}

TEST_F(TriageRunTest, JobsChangeNothing) {
  for (int i = 0; i < 30; ++i) Write(absl::StrCat("in/", i), absl::StrCat("find add.x add ", i % 7, "\n"));
  TriageSetting setting = Setting();
  setting.jobs = 4;
  std::string together;
  for (const Bucket& bucket : Run(setting).buckets) absl::StrAppend(&together, PrintBucket(bucket));
  fs::remove_all(directory_ / "out");
  std::string alone;
  for (const Bucket& bucket : Run().buckets) absl::StrAppend(&alone, PrintBucket(bucket));
  EXPECT_EQ(together, alone);
}

TEST_F(TriageRunTest, WhatCannotBeReadIsNamedAndTheRestGoesOn) {
  Write("in/a", "broken\n");
  Write("in/b", "find add.x\n");
  std::vector<std::string> files = Files();
  files.push_back((directory_ / "in/gone").string());
  const absl::StatusOr<TriageSummary> summary = RunTriage(files, Setting());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(summary->errors, UnorderedElementsAre(HasSubstr("in/a:1:1: read broken"),
                                                    HasSubstr("in/gone: No such file or directory")));
  EXPECT_THAT(Buckets(*summary), ElementsAre(Pair("add.x", 1)));
}

TEST_F(TriageRunTest, AnInterruptionKeepsWhatIsDone) {
  for (int i = 0; i < 9; ++i) Write(absl::StrCat("in/", i), absl::StrCat("find add.x add ", i, "\n"));
  TriageSetting setting = Setting();
  size_t done = 0;
  setting.show = [&](absl::string_view, size_t now, size_t, size_t) { done = now; };
  setting.interrupted = [&] { return done >= 3; };
  const TriageSummary summary = Run(setting);
  EXPECT_TRUE(summary.interrupted);
  EXPECT_THAT(summary.buckets, SizeIs(done));
  EXPECT_LT(done, 9u);
  EXPECT_THAT(Run().buckets, SizeIs(9));
}

TEST_F(TriageRunTest, WhatAKilledRunLeftUnfinishedGoes) {
  Write("in/a", "find add.x\n");
  Write("out/.unfinished-bucket-add.x/trace", "half");
  Write("out/.new-of-mine", "not ours");
  EXPECT_THAT(Buckets(Run()), ElementsAre(Pair("add.x", 1)));
  EXPECT_FALSE(fs::exists(directory_ / "out/.unfinished-bucket-add.x"));
  EXPECT_TRUE(fs::exists(directory_ / "out/.new-of-mine"));
}

TEST_F(TriageRunTest, WhatARunDidNotComeToTheNextOneFurnishes) {
  Write("in/a", "find add.x add\n");
  TriageSetting setting = Setting();
  setting.recipe = [](absl::string_view, absl::string_view, bool) { return "ask it"; };
  bool examined = false;
  setting.show = [&](absl::string_view, size_t, size_t, size_t) { examined = true; };
  setting.interrupted = [&] { return examined; };
  const TriageSummary bare = Run(setting);
  ASSERT_THAT(bare.buckets, SizeIs(1));
  EXPECT_EQ(bare.buckets[0].replays.all, 0);
  EXPECT_FALSE(fs::exists(directory_ / "out/add.x/recipe.md"));
  setting.interrupted = [] { return false; };
  const TriageSummary furnished = Run(setting);
  EXPECT_EQ(furnished.buckets[0].replays.same, 5);
  EXPECT_EQ(furnished.buckets[0].report, "verdict  a and b: FINDING add.x\n");
  EXPECT_EQ(Read("out/add.x/recipe.md"), "ask it");
}

TEST_F(TriageRunTest, ARecipeThatHangsOrEatsCostsNothingElse) {
  Write("in/a", "find add.x add\n");
  Write("in/b", "find add.y add\n");
  TriageSetting setting = Setting();
  setting.grace = std::chrono::milliseconds(200);
  setting.memory = size_t{512} << 20;
  setting.recipe = [](absl::string_view trace, absl::string_view, bool) {
    std::string eaten;
    while (absl::StrContains(trace, "add.y")) eaten.append(size_t{1} << 20, 'x');
    while (true) pause();
    return eaten;
  };
  const TriageSummary summary = Run(setting);
  ASSERT_THAT(summary.buckets, SizeIs(2));
  for (const Bucket& bucket : summary.buckets) EXPECT_EQ(bucket.replays.same, 5) << bucket.key;
}

TEST_F(TriageRunTest, FilesOfItsOwnFolderAreNoInputs) {
  Write("in/a", "find add.x add\n");
  std::vector<std::string> files = Files();
  Run();
  for (const fs::path& file : InputsBelow(directory_ / "in/../out")) files.push_back(file.string());
  const absl::StatusOr<TriageSummary> summary = RunTriage(files, Setting());
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->inputs, 1u);
  EXPECT_EQ(summary->own, files.size() - 1);
  EXPECT_GE(summary->own, 3u);
}

TEST_F(TriageRunTest, ANameThatIsNoTextIsOneNameOnly) {
  Write("in/\xff", "find add.x add\n");
  Run();
  EXPECT_THAT(Run().buckets[0].inputs[0].names, ElementsAre("\xef\xbf\xbd"));
}

TEST_F(TriageRunTest, AFolderThatCannotBeWrittenIsAnErrorThatNamesIt) {
  Write("in/a", "find add.x\n");
  Write("out", "a file");
  EXPECT_THAT(RunTriage(Files(), Setting()).status().message(), HasSubstr(Setting().out.string()));
}

TEST_F(TriageRunTest, ACopyOfABucketIsNotTakenForIt) {
  Write("in/a", "find add.x\n");
  Run();
  Write("out/notes/mine.txt", "no bucket");
  Run();
  fs::copy(directory_ / "out/add.x", directory_ / "out/0-backup", fs::copy_options::recursive);
  EXPECT_THAT(std::string(RunTriage(Files(), Setting()).status().message()),
              HasSubstr("out/0-backup: read the bucket add.x, expected it in a folder of that name"));
}

TEST_F(TriageRunTest, AFileThatGoesAwayEndsNothing) {
  Write("in/a", "find add.x\n");
  Write("in/b", "find add.x b\n");
  TriageSetting setting = Setting();
  setting.read = [this](const std::string& file) {
    // The second time it is to be copied.
    if (fs::path(file).filename() == "a" && fs::exists(directory_ / "out/add.x")) fs::remove(file);
    return ReadBytes(file);
  };
  const TriageSummary summary = Run(setting);
  EXPECT_THAT(summary.errors, ElementsAre(HasSubstr("in/a: No such file or directory")));
  EXPECT_THAT(Buckets(summary), ElementsAre(Pair("add.x", 0), Pair("add.x+b", 1)));
}

TEST_F(TriageRunTest, WhatSomebodyKillsHasAKey) {
  Write("in/a", "die\n");
  EXPECT_THAT(Buckets(Run()), ElementsAre(Pair("crash.signal-kill", 1)));
}

TEST_F(TriageRunTest, TwoRunsDoNotShareAFolder) {
  Write("in/a", "find add.x\n");
  TriageSetting setting = Setting();
  absl::Status second;
  setting.show = [&](absl::string_view, size_t, size_t, size_t) { second = RunTriage({}, Setting()).status(); };
  Run(setting);
  EXPECT_EQ(second.code(), absl::StatusCode::kFailedPrecondition) << second;
}

TEST_F(TriageRunTest, ABucketThatCannotBeUnderstoodIsNotTouched) {
  Write("in/a", "find add.x\n");
  Write("out/add.x/bucket.json", "{\"key\": 7}");
  EXPECT_THAT(std::string(RunTriage(Files(), Setting()).status().message()), HasSubstr("out/add.x/bucket.json: "));
  EXPECT_EQ(Read("out/add.x/bucket.json"), "{\"key\": 7}");
}

TEST(BucketName, WhatShowsInTheEndStandsWithWhatItsLastOperationShows) {
  Bucket bucket;
  bucket.key = "add.bitmap";
  bucket.kinds = {"add", "map"};
  bucket.last_kind = "add";
  EXPECT_EQ(bucket.name(), "add.bitmap+map");
  bucket.key = "end.bitmap";
  const absl::StatusOr<Bucket> read = ParseBucket(PrintBucket(bucket), "bucket.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name(), "add.bitmap+map");
  bucket.last_kind = "";  // a bucket from before that was kept
  EXPECT_EQ(bucket.name(), "end.bitmap+add+map");
}

TEST(BucketJson, NamesOfStrangersComeBackRepaired) {
  Bucket bucket;
  bucket.key = "add.x";
  bucket.geometry = "x86-64";
  bucket.inputs = {{"abc", 3, "add.y", {"\xff</script>\n"}, {2, 5}}};
  const absl::StatusOr<Bucket> read = ParseBucket(PrintBucket(bucket), "bucket.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->inputs[0].names, ElementsAre("\xef\xbf\xbd</script>\n"));
  EXPECT_TRUE(read->flaky());
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
