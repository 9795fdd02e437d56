// SPDX-License-Identifier: Apache-2.0
// FuzzRun over an engine that finds what it is told to: mutes, stopping, and what cannot be kept.
#include "campaign/fuzz_run.h"

#include <gmock/gmock.h>

#include <optional>

#include "campaign/work_folder.h"
#include "tests/directory.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Finds one key a look, then ends; an interruption ends it too.
class ScriptedEngine final : public Engine {
 public:
  ScriptedEngine(std::filesystem::path findings, std::vector<std::string> keys)
      : findings_(std::move(findings)), keys_(std::move(keys)) {}

  absl::Status Start(int /*seconds*/) override { return absl::OkStatus(); }
  void Collect(std::vector<Sighting>* found) override {
    if (interrupted || next_ == keys_.size()) return;
    const std::filesystem::path input = findings_ / ("crash-" + std::to_string(next_));
    std::ofstream(input) << std::string(keys_.size() - next_, 'x');
    found->push_back({keys_[next_], input, "report " + std::to_string(next_), {}});
    ++next_;
  }
  void Continue(int /*seconds_left*/) override {}
  bool Running() const override { return !interrupted && next_ < keys_.size(); }
  void Interrupt() override { interrupted = true; }
  void Kill() override {}
  void Finish(std::vector<Sighting>* /*found*/) override {}
  Counts counts() const override { return {{"executions", next_}}; }
  const std::string& failure() const override { return failure_; }

  bool interrupted = false;

 private:
  std::filesystem::path findings_;
  std::vector<std::string> keys_;
  size_t next_ = 0;
  std::string failure_;
};

class FuzzRunTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    plan_.target = "target";
    plan_.work = directory_;
    plan_.corpus = directory_ / "corpus";
    folder_.emplace(*WorkFolder::Open(plan_));
    setting_.today = Day(std::chrono::year(2027), std::chrono::month(3), std::chrono::day(31));
  }
  FuzzResult Run(const std::vector<std::string>& keys) {
    ScriptedEngine engine(plan_.findings(), keys);
    const absl::StatusOr<FuzzResult> result = RunFuzzing(plan_, setting_, FuzzSummary(), engine);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }
  void Mute(const std::string& lines) { setting_.mutes = *Mutes::Parse(lines, "muted.txt"); }

  FuzzPlan plan_;
  FuzzSetting setting_;
  std::optional<WorkFolder> folder_;
};

TEST_F(FuzzRunTest, NothingFound) {
  const FuzzResult result = Run({});
  EXPECT_FALSE(result.found());
  EXPECT_THAT(result.summary.findings, IsEmpty());
}

TEST_F(FuzzRunTest, CountsByKeyInTheOrderOfKeys) {
  const FuzzResult result = Run({"c.d", "a.b", "c.d", "c.d"});
  EXPECT_TRUE(result.found());
  ASSERT_THAT(result.summary.findings, SizeIs(2));
  EXPECT_EQ(result.summary.findings[0].key, "a.b");
  EXPECT_EQ(result.summary.findings[0].times, 1u);
  EXPECT_EQ(result.summary.findings[1].key, "c.d");
  EXPECT_EQ(result.summary.findings[1].times, 3u);
  // The last one is the smallest, and the report is its own.
  EXPECT_EQ(Read(result.summary.findings[1].file), "x");
  EXPECT_EQ(result.summary.findings[1].report, "report 3");
  EXPECT_EQ(CountOf(result.summary.counts, "executions"), 4u);
}

TEST_F(FuzzRunTest, AMuteHoldsThroughItsLastDay) {
  Mute("a.b until 2027-03-31");
  const FuzzResult result = Run({"a.b", "a.b"});
  EXPECT_FALSE(result.found());
  ASSERT_THAT(result.summary.findings, SizeIs(1));
  EXPECT_TRUE(result.summary.findings[0].muted());
  EXPECT_EQ(result.summary.findings[0].times, 2u);
}

TEST_F(FuzzRunTest, ThenTheFindingCountsAgain) {
  Mute("a.b until 2027-03-30");
  const FuzzResult result = Run({"a.b"});
  EXPECT_TRUE(result.found());
  EXPECT_TRUE(result.summary.findings[0].mute_expired);
  EXPECT_FALSE(result.summary.findings[0].muted());
}

TEST_F(FuzzRunTest, AMuteIsForItsKeyAlone) {
  Mute("a.b until 2027-03-31");
  EXPECT_TRUE(Run({"a.b", "a.bc"}).found());
}

TEST_F(FuzzRunTest, StopsAtTheFirstThatIsNotMuted) {
  Mute("a.b until 2027-03-31");
  setting_.stop_at_first = true;
  const FuzzResult result = Run({"a.b", "c.d", "e.f"});
  ASSERT_THAT(result.summary.findings, SizeIs(2));
  EXPECT_EQ(result.summary.findings[1].key, "c.d");
  EXPECT_FALSE(result.interrupted);
}

TEST_F(FuzzRunTest, GoesOnOtherwise) { EXPECT_THAT(Run({"a.b", "c.d", "e.f"}).summary.findings, SizeIs(3)); }

TEST_F(FuzzRunTest, AnInterruptionEndsIt) {
  setting_.interrupted = [] { return true; };
  const FuzzResult result = Run({"a.b"});
  EXPECT_TRUE(result.interrupted);
  EXPECT_THAT(result.summary.findings, IsEmpty());
}

TEST_F(FuzzRunTest, WhatCannotBeKeptIsSaidOnceAndCountsAllTheSame) {
  Write("findings/a.b", "a file where the bucket would be");
  const FuzzResult result = Run({"a.b", "a.b"});
  EXPECT_TRUE(result.found());
  EXPECT_THAT(result.errors, ElementsAre(HasSubstr("findings/a.b: Not a directory")));
  EXPECT_EQ(result.summary.findings[0].times, 2u);
  EXPECT_EQ(Read(result.summary.findings[0].file), "xx");
}

TEST_F(FuzzRunTest, AFolderIsForOneRunAtATime) {
  EXPECT_EQ(WorkFolder::Open(plan_).status().code(), absl::StatusCode::kFailedPrecondition);
  folder_.reset();
  EXPECT_TRUE(WorkFolder::Open(plan_).ok());
}

TEST_F(FuzzRunTest, AFolderThatCannotBeMadeIsAnError) {
  plan_.work = Write("file", "") / "below";
  const absl::StatusOr<WorkFolder> folder = WorkFolder::Open(plan_);
  EXPECT_EQ(folder.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(folder.status().message()), HasSubstr("file/below: Not a directory"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
