// SPDX-License-Identifier: Apache-2.0
// What the benchmark of bugs runs, and in which order.
#include "campaign/bench_plan.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> NamesOf(const std::vector<const Contender*>& contenders) {
  std::vector<std::string> names;
  for (const Contender* contender : contenders) names.emplace_back(contender->name);
  return names;
}

TEST(BenchPlan, ContendersByName) {
  EXPECT_THAT(NamesOf(*ContendersNamed("random,structured")), ElementsAre("random", "structured"));
  EXPECT_EQ(ContendersNamed("all")->size(), Contenders().size());
  EXPECT_THAT(ContendersNamed("bytes,guesswork").status().message(),
              HasSubstr("no contender 'guesswork'; known are structured bytes"));
  EXPECT_FALSE(ContendersNamed("").ok());
}

TEST(BenchPlan, ReadsTheListOfMutants) {
  const auto mutants =
      ReadMutantList("nvdimm/a9-x\tnamespace\tk1\t/p/1\n\nseries/b1-y\tdifferential\tk2\t/p/2\n", "list");
  ASSERT_TRUE(mutants.ok()) << mutants.status();
  ASSERT_EQ(mutants->size(), 2u);
  EXPECT_EQ((*mutants)[1].name, "series/b1-y");
  EXPECT_EQ((*mutants)[1].target, "differential");
  EXPECT_EQ((*mutants)[1].key, "k2");
  EXPECT_EQ((*mutants)[1].asan(), "/p/2/asan");
  EXPECT_EQ((*mutants)[1].afl(), "/p/2/afl-asan");
}

// Names become paths below the folder of results.
TEST(BenchPlan, RefusesOtherLists) {
  for (const char* line : {"a/b\tt\tk", "a/b\tt\tk\tp\tq", "../b\tt\tk\tp", "a/../b\tt\tk\tp", "/b\tt\tk\tp",
                           "a\tt\tk\tp", "a/b|c\tt\tk\tp", "a/b\t\tk\tp", "a/b\tt\tk\t"}) {
    EXPECT_THAT(ReadMutantList(absl::StrCat("x/y\tt\tk\tp\n", line), "list").status().message(),
                HasSubstr(absl::StrCat("list:2: read \"", line, "\", expected FOLDER/NAME")));
  }
}

TEST(BenchPlan, SeedAfterSeed) {
  const std::vector<BenchMutant> mutants = {{"a/b", "differential", "k", "p"}, {"c/d", "namespace", "k", "p"}};
  const auto contenders = ContendersNamed("structured,corpus");
  std::vector<std::string> files;
  for (const BenchRun& run : PlanBench(mutants, *contenders, 2)) files.push_back(ResultFileOf(run).string());
  // What is given is run once.
  EXPECT_THAT(files, ElementsAre("structured/a/b/1.json", "corpus/a/b/1.json", "structured/c/d/1.json",
                                 "corpus/c/d/1.json", "structured/a/b/2.json", "structured/c/d/2.json"));
  EXPECT_THAT(PlanBench({}, *contenders, 2), IsEmpty());
}

TEST(BenchPlan, EveryContenderHasItsOwnName) {
  std::set<std::string_view> names;
  for (const Contender& contender : Contenders()) {
    EXPECT_TRUE(names.insert(contender.name).second) << contender.name;
    EXPECT_EQ(contender.given.empty(), contender.engine != Contender::Engine::kReplay) << contender.name;
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
