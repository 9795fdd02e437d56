// SPDX-License-Identifier: Apache-2.0
// hpfuzz fuzz as a user runs it, over a stand-in for a fuzz target (stand_in.sh). Not covered here: a real target
// (scripts/canary_test.sh), AFL++ (afl_command_test.cc).
#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/campaign/fuzz_command.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

namespace fs = std::filesystem;

TEST_F(FuzzCommand, GoesOnAfterFindings) {
  const Ran ran = Fuzz("find a.b c.d a.b", "--seconds 30");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Found(), ElementsAre("a.b 2", "c.d 1"));
  EXPECT_THAT(ran.out, HasSubstr("\ntarget, some build, "));
  EXPECT_THAT(ran.out, HasSubstr("\n  findings      2\n    a.b  "));
  EXPECT_THAT(ran.out, HasSubstr("replay build/fuzz/target/findings/a.b/crash-"));
  EXPECT_THAT(ran.out, HasSubstr(" 2 times\n"));
  // Two inputs, and the report.
  EXPECT_THAT(InputsBelow(Bucket("a.b")), SizeIs(3));
  EXPECT_THAT(ContentOf(Bucket("a.b/report.md")), HasSubstr("the input was a.b at start "));
  // Each start counted 5 executions before it said 7, the last only 5; nothing is left outside the buckets.
  EXPECT_EQ(Json()["executions"], 7 + 7 + 7 + 5);
  EXPECT_THAT(Json()["findings"][1]["report"].get<std::string>(), HasSubstr("Assertion failure: c.d"));
  EXPECT_EQ(std::distance(fs::directory_iterator(Bucket("")), {}), 2);
}

TEST_F(FuzzCommand, EachStartHasASeedOfItsOwn) {
  Fuzz("find a.b c.d", "--seconds 30 --jobs 1");
  const std::string starts = ContentOf(Path("build/some/bin/starts"));
  EXPECT_THAT(starts, testing::ContainsRegex("^5 30\n6 [23][0-9]\n7 [23][0-9]\n$"));
}

// The target is told in its environment, and what it finds is kept apart.
TEST_F(FuzzCommand, AnotherPairHasAFolderOfItsOwn) {
  const Ran ran = Fuzz("find a.b", "--seconds 30 --pair series-v5,mainline-6.1 --without B6,B8");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ContentOf(Path("build/some/bin/pairs")), testing::StartsWith("series-v5,mainline-6.1 without B6,B8\n"));
  EXPECT_THAT(ran.out, HasSubstr("replay --pair series-v5,mainline-6.1 --without B6,B8 "
                                 "build/fuzz/target-series-v5,mainline-6.1/findings/a.b/crash-"));
  Fuzz("find a.b", "--seconds 30", "rm build/some/bin/starts");
  EXPECT_THAT(InputsBelow(Bucket("a.b")), SizeIs(2)) << "of the default pair alone";
}

TEST_F(FuzzCommand, APairThatIsNoneIsBadUsage) {
  const Ran pair = Fuzz("find a.b", "--seconds 30 --pair series-v5,6.1");
  EXPECT_EQ(pair.exit_code, 2);
  EXPECT_THAT(pair.err, HasSubstr("no pair 'series-v5,6.1'; two of legacy, series-v5, mainline-6.1, mainline-6.12"));
  const Ran clause = Fuzz("find a.b", "--seconds 30 --pair series-v5,mainline-6.1 --without B99");
  EXPECT_EQ(clause.exit_code, 2);
  EXPECT_THAT(clause.err, HasSubstr("no clause 'B99' in this pair"));
}

TEST_F(FuzzCommand, MutedFindingsAreShownAndDoNotCount) {
  Write("muted.txt", "a.b until 9999-12-31  # known\n");
  const Ran ran = Fuzz("find a.b", "--seconds 30");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("findings      1, 1 of them muted\n"));
  EXPECT_THAT(ran.out, HasSubstr(" 1 time, muted until 9999-12-31\n"));
  EXPECT_EQ(Json()["findings"][0]["muted_until"], "9999-12-31");
}

TEST_F(FuzzCommand, AnotherFileOfMutesCanBeNamed) {
  Write("muted.txt", "a.b until 9999-12-31\n");
  Write("other", "c.d until 9999-12-31\na.b until 2001-01-01");
  const Ran ran = Fuzz("find a.b c.d", "--seconds 30 --mutes other");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(" 1 time, its mute expired on 2001-01-01\n"));
  EXPECT_EQ(Json()["findings"][0]["mute_expired"], "2001-01-01");
}

TEST_F(FuzzCommand, MutesThatCannotBeReadAreBadInput) {
  Write("muted.txt", "\na.b until soon\n");
  const Ran ran = Fuzz("find a.b");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("muted.txt:2:11: read \"soon\", expected the last day, YYYY-MM-DD\n"));
  EXPECT_FALSE(fs::exists(Path("build/some/bin/starts")));
}

TEST_F(FuzzCommand, StopsAtTheFirstFindingIfThatIsWanted) {
  EXPECT_EQ(Fuzz("find a.b c.d", "--seconds 30 --stop-at-first").exit_code, 1);
  EXPECT_THAT(Found(), ElementsAre("a.b 1"));
}

TEST_F(FuzzCommand, DoesNotStopAtAMutedOne) {
  Write("muted.txt", "a.b until 9999-12-31\n");
  EXPECT_EQ(Fuzz("find a.b c.d e.f", "--seconds 30 --stop-at-first").exit_code, 1);
  EXPECT_THAT(Found(), ElementsAre("a.b 1", "c.d 1"));
}

TEST_F(FuzzCommand, SeedsThatCrashAreLeftOut) {
  Write("corpus/target/bad", "crash seed.bad");
  Write("corpus/target/worse", "crash seed.worse");
  Write("corpus/target/good", "good");
  const Ran ran = Fuzz("find a.b a.b a.b", "--seconds 30");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Found(), ElementsAre("a.b 1", "seed.bad 1", "seed.worse 1"));
  EXPECT_EQ(ContentOf(Path("corpus/target/bad")), "crash seed.bad") << "the source tree is not touched";
}

TEST_F(FuzzCommand, KeptInputsThatCrashMoveToTheirBucket) {
  fs::create_directories(Path("kept"));
  Write("kept/bad", "crash kept.bad");
  Write("kept/good", "good");
  const Ran ran = Fuzz("find", "--seconds 30 --corpus kept");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Below("kept"), ElementsAre(Path("kept/good")));
  EXPECT_THAT(Found(), ElementsAre("kept.bad 1"));
  EXPECT_EQ(ContentOf(Json()["findings"][0]["file"]), "crash kept.bad");
  EXPECT_EQ(std::distance(fs::directory_iterator(Bucket("")), {}), 1);
  EXPECT_THAT(InputsBelow(Bucket("kept.bad")), SizeIs(2));
}

TEST_F(FuzzCommand, AKeptInputLongerThanTheLongestIsMovedWhole) {
  Write("fuzzers/target.options", "[libfuzzer]\nmax_len = 9\n");
  fs::create_directories(Path("kept"));
  Write("kept/long", "crash a.b and more");
  // libFuzzer writes what it read, which is the beginning.
  const Ran ran =
      Fuzz("find", "--seconds 30 --corpus kept", "sed -i 's/cp \"$1\"/head -c 9 \"$1\" >/' build/some/bin/target");
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Below("kept"), SizeIs(0));
  EXPECT_THAT(InputsBelow(Bucket("a.b")), SizeIs(3));
  EXPECT_EQ(ContentOf(Json()["findings"][0]["file"]), "crash a.b");
}

TEST_F(FuzzCommand, SeedsCanBeLeftOut) {
  Write("corpus/target/bad", "crash seed.bad");
  EXPECT_EQ(Fuzz("find", "--seconds 30 --no-seeds").exit_code, 0);
}

TEST_F(FuzzCommand, WhatNoFileHoldsEndsTheRun) {
  const Ran ran = Fuzz("empty", "--seconds 30");
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(Found(), ElementsAre("no.input 3"));
  EXPECT_THAT(ran.err, HasSubstr("target stops before it has read its corpus, at an input that is in no file."));
}

TEST_F(FuzzCommand, ATargetThatDoesNotStartIsSaidWithTheEndOfItsLog) {
  const Ran ran = Fuzz("die", "--seconds 30");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("target ended by itself, without a finding. The end of "));
  EXPECT_THAT(ran.err, HasSubstr("logs/0.log:\nstand-in: there is a library missing\n"));
  EXPECT_THAT(ran.out, HasSubstr("findings      0\n"));
}

TEST_F(FuzzCommand, ThereIsNoSuchTarget) {
  Write("build/some/fuzz_targets.txt", "one\ntwo\n");
  for (const char* target : {"nothing", "../bin/target", ""}) {
    const Ran ran = Shell("hpfuzz fuzz --bin build/some/bin --target '" + std::string(target) + "'");
    EXPECT_EQ(ran.exit_code, 2) << target;
  }
  EXPECT_THAT(Shell("hpfuzz fuzz --bin build/some/bin --target x").err,
              testing::ContainsRegex("no fuzz target 'x' in .*/build/some/bin; known are one two\n"));
}

TEST_F(FuzzCommand, CtrlCEndsARunEarlyWithItsSummary) {
  for (const char* what : {"wait", "deaf"}) {
    const Ran ran = Fuzz(what,
                         "--seconds 600 --jobs 2 & run=$!\n"
                         "until [[ $(wc -l < build/some/bin/starts) == 2 ]]; do sleep 0.05; done 2>/dev/null\n"
                         "kill -INT $(pgrep -P $run -x hpfuzz || echo $run); wait $run",
                         "rm -f build/some/bin/starts; set -m");
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("Interrupted.\n"));
    EXPECT_THAT(ran.out, HasSubstr("target, some build, "));
    EXPECT_THAT(ran.out, HasSubstr("findings      0\n"));
  }
}

TEST_F(FuzzCommand, AJobThatWasStartedTwiceIsRefused) {
  const Ran ran = Shell(
      "export STAND_IN=wait; run() { hpfuzz fuzz --bin build/some/bin --target target --seconds 60; }\n"
      "set -m; run & first=$!\n"
      "until [[ -e build/some/bin/starts ]]; do sleep 0.05; done\n"
      "run; second=$?; kill -INT $(pgrep -P $first -x hpfuzz || echo $first); wait $first; exit $second");
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, testing::ContainsRegex("another run is under way in .*/build/fuzz/target\n"));
}

TEST_F(FuzzCommand, NothingIsLeftRunningWhenItIsKilled) {
  const Ran ran =
      Fuzz("wait",
           "--seconds 600 & run=$!\n"
           "until [[ -e build/some/bin/starts ]]; do sleep 0.05; done\n"
           "hpfuzz=$(pgrep -P $run -x hpfuzz || echo $run); target=$(pgrep -P $hpfuzz); kill -KILL $hpfuzz\n"
           "for i in {1..200}; do kill -0 $target 2>/dev/null || exit 0; sleep 0.05; done; exit 1");
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
}

// What the files hold whose names begin so.
std::set<std::string> TextsOf(const std::vector<fs::path>& files, absl::string_view prefix = "") {
  std::set<std::string> texts;
  for (const fs::path& file : files) {
    if (absl::StartsWith(file.filename().string(), prefix)) texts.insert(ContentOf(file.string()));
  }
  return texts;
}

TEST_F(FuzzCommand, KilledRunsLoseNothingThatWasThere) {
  Write("build/fuzz/target/corpus/kept", "an input of an earlier run");
  std::string keys;
  for (int i = 0; i < 200; ++i) absl::StrAppend(&keys, " key", i, ".x");
  std::set<std::string> before = TextsOf(Below("build/fuzz/target/corpus"));
  const std::string run = absl::StrCat("export STAND_IN='find", keys, "'\n", "timeout -s KILL ");
  // Each is killed at another moment, a start of the target takes a tenth of a second.
  const std::vector<const char*> kills = {"0.4", "0.7", "1.0", "1.3"};
  for (const char* seconds : kills) {
    Shell(absl::StrCat(run, seconds, " '" HPFUZZ_BINARY "' fuzz --bin build/some/bin --target target --seconds 60"));
    const std::set<std::string> after = TextsOf(Below("build/fuzz/target"));
    EXPECT_TRUE(std::includes(after.begin(), after.end(), before.begin(), before.end()));
    // Reports and logs speak of the latest run; inputs stay.
    before = TextsOf(Below("build/fuzz/target/corpus"));
    before.merge(TextsOf(Below("build/fuzz/target/findings"), "crash-"));
  }
  EXPECT_EQ(Fuzz("find last.x", "--seconds 30 --stop-at-first").exit_code, 0);
  const std::string starts = ContentOf(Path("build/some/bin/starts"));
  const size_t started = static_cast<size_t>(std::count(starts.begin(), starts.end(), '\n'));
  EXPECT_GT(started, 3 * kills.size());
  size_t found = 0;
  for (size_t i = 0; i < 200; ++i)
    found += Below(absl::StrCat("build/fuzz/target/findings/key", i, ".x")).empty() ? 0 : 1;
  // A kill takes at most what the target was about to write; the last start finds nothing.
  EXPECT_GE(found + kills.size() + 1, started);
}

TEST_F(FuzzCommand, WhatCannotBeWrittenIsSaid) {
  const Ran ran = Fuzz("find a.b", "--seconds 30 --work /dev/null/work");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("/dev/null/work: Not a directory"));
  EXPECT_EQ(Fuzz("find", "--seconds 30 --json /dev/full").exit_code, 2);
}

TEST_F(FuzzCommand, BadUsage) {
  for (const char* options : {"--seconds 0", "--jobs 257", "--seconds x", "--engine other", "--nothing", "word"}) {
    EXPECT_EQ(Fuzz("find", options).exit_code, 2) << options;
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
