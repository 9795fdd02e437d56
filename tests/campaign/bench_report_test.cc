// SPDX-License-Identifier: Apache-2.0
// Reports of the benchmark of bugs, in golden files, and its results as files.
#include "campaign/bench_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "campaign/bench_number.h"
#include "campaign/bench_plot.h"
#include "tests/directory.h"
#include "tests/golden.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Lines "MUTANT CONTENDER SEED LIMIT SECONDS EXECUTIONS [KEY [OPERATIONS]]"; without a key it found nothing.
BenchTable Parse(const std::string& text) {
  std::vector<BenchResult> results;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    BenchResult& result = results.emplace_back();
    in >> result.mutant >> result.contender >> result.seed >> result.limit >> result.seconds >> result.executions;
    result.found = static_cast<bool>(in >> result.key);
    uint64_t operations = 0;
    if (in >> operations) result.operations = operations;
  }
  return SumUp(results);
}

TEST(BenchReport, Golden) {
  CheckGolden("bench_report.txt", [](const std::string& text) {
    const BenchTable table = Parse(text);
    return absl::StrCat(PrintBenchText(table), "\n", PrintBenchMarkdown(table));
  });
}

TEST(BenchReport, Plot) {
  CheckGolden("bench_plot.txt", [](const std::string& text) { return PlotBench(Parse(text)); });
}

TEST(BenchReport, Json) {
  const auto object = nlohmann::json::parse(PrintBenchJson(
      Parse("a/b structured 1 60 0.5 100 x.y 3\na/b structured 2 60 60 900\na/b structured 3 60 1.5 200 x.z 4")));
  EXPECT_EQ(object, nlohmann::json::parse(R"({
    "limit": 60,
    "contenders": {"structured": {"bugs": 1, "found_by_every_run": 0, "found_by_one": 1, "seconds": 1.5, "executions": 200.0,
                                  "not_the_bug": 0, "curve": [[0.5, 0.3333333333333333], [1.5, 0.6666666666666666]]}},
    "bugs": {"a/b": {"structured": {"runs": 3, "found": 2, "seconds": 1.5, "seconds_95": [0.5, null], "executions": 200.0,
                                    "executions_95": [100.0, null], "operations": 3.5, "keys": ["x.y", "x.z"]}}}})"));
}

TEST(BenchReport, Numbers) {
  EXPECT_EQ(SecondsText(0.314), "0.31");
  EXPECT_EQ(SecondsText(12.34), "12.3");
  EXPECT_EQ(SecondsText(kNever), "never");
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(CountText(3.5), "3.5");
  EXPECT_EQ(CountText(1000.5), "1,000");
  EXPECT_EQ(CountText(kNever), "never");
}

class BenchResultTest : public DirectoryTest {};

TEST_F(BenchResultTest, ComesBackFromItsFile) {
  BenchResult result;
  result.mutant = "a/b";
  result.contender = "random";
  result.target = "namespace";
  result.programs = "key";
  result.seed = 3;
  result.limit = 60;
  result.found = true;
  result.seconds = 1.25;
  result.executions = 17;
  result.key = "op.check";
  result.operations = 2;
  result.not_the_bug = {"other.key"};
  Write("results/random/a/b/3.json", PrintResult(result));
  Write("results/random/a/b/3.input", "{");
  BenchResult other = result;
  other.mutant = "a/a";
  other.operations.reset();
  Write("results/random/a/a/3.json", PrintResult(other));
  const BenchResults read = ReadResults(directory_ / "results");
  EXPECT_THAT(read.errors, ElementsAre());
  ASSERT_EQ(read.results.size(), 2u);
  EXPECT_EQ(PrintResult(read.results[0]), PrintResult(other));
  EXPECT_EQ(PrintResult(read.results[1]), PrintResult(result));
}

// Of a folder that others write to, too, what is no result does not keep the others from being read.
TEST_F(BenchResultTest, NamesWhatIsNone) {
  Write("r/1.json", PrintResult({}));
  Write("r/2.json", "{\"mutant\": 1}");
  Write("r/3.json", "[]");
  Write("r/4.json", "{\"mutant\": \"a\", \"contender\": \"\\ud8");
  const BenchResults read = ReadResults(directory_ / "r");
  EXPECT_EQ(read.results.size(), 1u);
  EXPECT_THAT(read.errors, ElementsAre(HasSubstr("2.json: no result of a run: mutant is missing or of another kind"),
                                       HasSubstr("3.json: no result of a run: the object"),
                                       HasSubstr("4.json: no result of a run: the object")));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
