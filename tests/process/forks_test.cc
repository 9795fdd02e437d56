// SPDX-License-Identifier: Apache-2.0
// Work in forks: order, limits, crashes, stopping; files in memory.
#include "process/forks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "process/memory_file.h"

namespace hpfuzz {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

bool Always() { return true; }

std::vector<ForkOutcome> Outcomes(size_t count, const ForkLimits& limits, ForkWork work) {
  std::vector<ForkOutcome> outcomes;
  const absl::Status ran = RunInForks(
      count, limits, work,
      [&](size_t item, const ForkOutcome& outcome) {
        EXPECT_EQ(item, outcomes.size());
        outcomes.push_back(outcome);
      },
      Always);
  EXPECT_TRUE(ran.ok()) << ran;
  return outcomes;
}

TEST(Forks, OutcomesComeInTheOrderOfTheItems) {
  std::vector<std::string> told;
  for (const ForkOutcome& outcome : Outcomes(7, {.jobs = 3}, [](size_t item, Tell tell) {
         // The first takes longest.
         if (item == 0) std::this_thread::sleep_for(milliseconds(50));
         tell(absl::StrCat("item ", item));
         tell(std::string(1, '\0'));
       })) {
    EXPECT_EQ(outcome.end.exit_code, 0);
    told.push_back(outcome.told);
  }
  const std::string nul(1, '\0');
  EXPECT_THAT(told, ElementsAre("item 0" + nul, "item 1" + nul, "item 2" + nul, "item 3" + nul, "item 4" + nul,
                                "item 5" + nul, "item 6" + nul));
}

TEST(Forks, WhatWasToldBeforeACrashIsKept) {
  const std::vector<ForkOutcome> outcomes = Outcomes(2, {}, [](size_t item, Tell tell) {
    tell("so far");
    std::fprintf(stderr, "about to crash\n");
    if (item == 0) {
      signal(SIGTERM, SIG_DFL);
      raise(SIGTERM);
    }
    tell(", and on");
  });
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].end.signal, SIGTERM);
  EXPECT_EQ(outcomes[0].told, "so far");
  EXPECT_EQ(outcomes[0].output, "about to crash\n");
  EXPECT_EQ(outcomes[1].told, "so far, and on");
}

TEST(Forks, WhatHangsIsEnded) {
  const std::vector<ForkOutcome> outcomes = Outcomes(2, {.jobs = 2, .time = milliseconds(200)}, [](size_t item, Tell) {
    if (item == 0) pause();
  });
  EXPECT_EQ(outcomes[0].why, ForkOutcome::Why::kTime);
  EXPECT_EQ(outcomes[1].why, ForkOutcome::Why::kEnded);
}

TEST(Forks, WhatEatsMemoryIsEnded) {
  const std::vector<ForkOutcome> outcomes = Outcomes(1, {.memory = size_t{512} << 20}, [](size_t, Tell) {
    std::vector<std::string> eaten;
    for (;;) eaten.emplace_back(size_t{1} << 20, 'x');
  });
  EXPECT_EQ(outcomes[0].why, ForkOutcome::Why::kMemory);
}

TEST(Forks, WhatAProgramThatItStartsEatsCountsToo) {
  const std::vector<ForkOutcome> outcomes =
      Outcomes(1, {.time = seconds(60), .memory = size_t{512} << 20}, [](size_t, Tell) {
        // The shell's own child, which holds ever more.
        const auto child = Child::Start({"bash", "-c", "(x=x; while :; do x=$x$x; done); true"}, {});
        if (child.ok()) (*child)->Wait(seconds(100));
      });
  EXPECT_EQ(outcomes[0].why, ForkOutcome::Why::kMemory);
}

TEST(Forks, WhatPrintsWithoutEndIsEnded) {
  const std::vector<ForkOutcome> outcomes =
      Outcomes(1, {.time = seconds(60), .memory = size_t{512} << 20}, [](size_t, Tell tell) {
        for (const std::string line(size_t{1} << 20, 'x');;) tell(line);
      });
  EXPECT_EQ(outcomes[0].why, ForkOutcome::Why::kMemory);
}

TEST(Forks, NothingIsDoneAfterAStop) {
  size_t done = 0;
  const absl::Status ran = RunInForks(
      100, {.jobs = 2},
      [](size_t item, Tell) {
        if (item > 2) pause();
      },
      [&](size_t, const ForkOutcome&) { ++done; }, [&] { return done < 2; });
  EXPECT_TRUE(ran.ok()) << ran;
  EXPECT_LT(done, 4u);
}

TEST(Forks, ACopyWritesNothingThatThisProcessHasBuffered) {
  std::printf("not written yet");  // in the buffer of this process, and of its copy
  const std::vector<ForkOutcome> outcomes = Outcomes(1, {}, [](size_t, Tell) { std::printf("nor this"); });
  EXPECT_EQ(outcomes[0].output, "");
  std::printf("\n");
}

TEST(MemoryFile, IsReadFromTheStartEachTime) {
  const absl::StatusOr<OwnedFd> file = MemoryFileOf("one");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(AppendTo(file->get(), " two"));
  EXPECT_EQ(ContentOf(file->get()), "one two");
  const auto child = Child::Start({"cat", PathOf(*file), PathOf(*file)}, {.inherited = {file->get()}});
  ASSERT_TRUE(child.ok()) << child.status();
  ASSERT_TRUE((*child)->Wait(seconds(20)).has_value());
  EXPECT_EQ((*child)->Output(), "one twoone two");
}

TEST(Child, TellsItsMemory) {
  const auto child = Child::Start({"sleep", "100"}, {});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_GT((*child)->Memory(), 4096u);
  (*child)->Kill();
  EXPECT_EQ((*child)->Memory(), 0u);
}

}  // namespace
}  // namespace hpfuzz
