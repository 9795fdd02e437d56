// SPDX-License-Identifier: Apache-2.0
// Runs of the benchmark, with scripts in place of programs: what counts as found, what is kept, what is run again.
#include "campaign/bench_run.h"

#include <gmock/gmock.h>

#include "tests/directory.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Seeds below 1000 find "old", others "new". A LAST of five inputs, of which the last has three bytes.
constexpr char kContender[] = R"(#!/bin/sh
[ "$1" != reduce ] || { echo 'hpfuzz-stats: reduced_operations=2'; exit 0; }
if [ "$4" -lt 1000 ]; then input=old; else input=new; fi
printf "\005\0\0\0\0\0\0\0\003\0\0\0\0\0\0\0$input" >"$2"
echo "Assertion failure: op.$input"
exit 1
)";
constexpr char kClean[] = R"(#!/bin/sh
! grep -q old "$1" || { echo 'Assertion failure: op.without-bug'; exit 1; }
)";

class BenchRunTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Program("mutant/asan/contender", kContender);
    Program("mutant/asan/differential", "#!/bin/sh\n");
    Program("clean/differential", kClean);
    setting_.seconds = 30;
    setting_.source = directory_;
    setting_.clean = directory_ / "clean";
    setting_.results = directory_ / "results";
    setting_.work = directory_ / "work";
    mutant_ = {"a/b", "differential", "k", directory_ / "mutant"};
    contenders_ = *ContendersNamed("random");
  }
  void Program(const std::string& name, const std::string& content) const {
    std::filesystem::permissions(Write(name, content), std::filesystem::perms::owner_all);
  }
  std::vector<BenchRun> Plan(uint32_t seeds) const {
    return PlanBench(absl::MakeSpan(&mutant_, 1), contenders_, seeds);
  }

  BenchSetting setting_;
  BenchMutant mutant_;
  std::vector<const Contender*> contenders_;
};

// What the programs without the bug show with the same input is not the bug: the search goes on with another seed.
TEST_F(BenchRunTest, FindsWhatIsTheMutantsDoing) {
  const auto result = RunBench(Plan(1)[0], setting_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->found);
  EXPECT_EQ(result->key, "op.new");
  EXPECT_THAT(result->not_the_bug, ElementsAre("op.without-bug"));
  EXPECT_EQ(result->executions, 10u);
  EXPECT_EQ(result->operations, 2u);
  EXPECT_LT(result->seconds, 10);
  EXPECT_EQ(Read("results/random/a/b/1.input"), "new");
  EXPECT_EQ(Read("results/random/a/b/1.json"), PrintResult(*result));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "work/random/a/b/1"));
}

TEST_F(BenchRunTest, EndsWhenItsTimeIsUp) {
  Program("mutant/asan/contender",
          "#!/bin/sh\nprintf '\\007\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0' >\"$2\"\nexec sleep 60\n");
  setting_.seconds = 1;
  const auto result = RunBench(Plan(1)[0], setting_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->found);
  EXPECT_EQ(result->executions, 7u);
  EXPECT_GE(result->seconds, 1);
  EXPECT_LT(result->seconds, 20);
  EXPECT_EQ(result->key, "");
}

// RapidCheck's way: the moment of the finding is told while it goes on to shrink.
TEST_F(BenchRunTest, TakesTheMomentThatIsTold) {
  Program("mutant/asan/contender", R"(#!/bin/sh
[ "$1" != reduce ] || exit 2
printf '\003\0\0\0\0\0\0\0\003\0\0\0\0\0\0\0new' >"$2"
echo 'hpfuzz-stats: found_after_us=250000'
echo 'Assertion failure: op.told'
echo 'hpfuzz-stats: shrunk_operations=4'
exit 1
)");
  const auto result = RunBench(Plan(1)[0], setting_);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->seconds, 0.25);
  EXPECT_EQ(result->key, "op.told");
  EXPECT_EQ(result->operations, 4u);
}

TEST_F(BenchRunTest, AProgramThatFailsIsNoResult) {
  Program("mutant/asan/contender", "#!/bin/sh\necho 'contender: no such word'\nexit 2\n");
  const std::vector<std::string> errors = RunAllBenches(Plan(2), setting_);
  ASSERT_THAT(errors, SizeIs(2));
  EXPECT_THAT(errors[0], HasSubstr("random/a/b/1: contender ended by itself."));
  EXPECT_THAT(errors[0], HasSubstr("no such word"));
  EXPECT_THAT(WithoutResult(Plan(2), setting_), SizeIs(2));
}

TEST_F(BenchRunTest, GoesOnWhereItEnded) {
  size_t shown = 0;
  setting_.jobs = 2;
  setting_.show = [&](const BenchResult& result, size_t done, size_t all) {
    EXPECT_EQ(result.seed, ++shown);
    EXPECT_EQ(done, shown);
    EXPECT_EQ(all, 3u);
  };
  EXPECT_THAT(RunAllBenches(Plan(3), setting_), IsEmpty());
  EXPECT_EQ(shown, 3u);
  EXPECT_THAT(WithoutResult(Plan(3), setting_), IsEmpty());
  EXPECT_THAT(WithoutResult(Plan(5), setting_), SizeIs(2));
  // Another time, or other programs, are another run.
  setting_.seconds = 31;
  EXPECT_THAT(WithoutResult(Plan(3), setting_), SizeIs(3));
  setting_.seconds = 30;
  mutant_.key = "other";
  EXPECT_THAT(WithoutResult(Plan(3), setting_), SizeIs(3));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
