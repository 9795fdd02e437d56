// SPDX-License-Identifier: Apache-2.0
// The mutation score, its lists and its reports, in a golden file and as JSON; and mutants that are run, with scripts
// in place of programs.
#include "campaign/mutant_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/directory.h"
#include "tests/golden.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Killed = MutantVerdict::Killed;

struct Case {
  std::vector<Mutant> mutants;
  std::vector<MutantVerdict> verdicts;
  Explanations explanations;
};

// Lines "corpus|fuzzing|survived|failed MUTANT-LINE" and "explained EXPLANATION-LINE".
Case Parse(const std::string& text) {
  Case parsed;
  std::string mutants;
  std::string explanations;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    absl::StrAppend(parts.first == "explained" ? &explanations : &mutants, parts.second, "\n");
    if (parts.first == "explained") continue;
    MutantVerdict& verdict = parsed.verdicts.emplace_back();
    if (parts.first == "corpus") verdict.killed = Killed::kByCorpus;
    if (parts.first == "fuzzing") verdict.killed = Killed::kByFuzzing;
    verdict.failed = parts.first == "failed";
    if (verdict.failed) verdict.error = "no such program";
  }
  parsed.mutants = *ReadMutants(mutants, "list");
  parsed.explanations = *ReadExplanations(explanations, "explanations");
  return parsed;
}

TEST(MutantReport, Golden) {
  CheckGolden("mutant_report.txt", [](const std::string& text) {
    const Case parsed = Parse(text);
    const MutantScore score = ScoreOf(parsed.mutants, parsed.verdicts, parsed.explanations);
    return absl::StrCat(PrintMutantText(score), "\n", PrintMutantMarkdown(score));
  });
}

TEST(MutantReport, Json) {
  const Case parsed =
      Parse("corpus 1\tf.cc\t3\tconstant\t1 to 2\tx = 1;\nsurvived 2\tf.cc\t4\tconstant\t1 to 0\ty = 1;\n");
  const MutantScore score = ScoreOf(parsed.mutants, parsed.verdicts, {});
  const auto object = nlohmann::json::parse(PrintMutantJson(score, parsed.mutants, parsed.verdicts));
  EXPECT_EQ(object["mutants"], 2);
  EXPECT_EQ(object["share"], 0.5);
  EXPECT_EQ(object["kinds"]["constant"]["killed_by_corpus"], 1);
  EXPECT_EQ(object["each"][1]["killed"], "survived");
  EXPECT_EQ(object["each"][1]["line"], 4);
}

// What could not be run says nothing about the score.
TEST(MutantReport, FailuresDoNotCount) {
  const Case parsed =
      Parse("corpus 1\tf.cc\t3\tconstant\t1 to 2\tx = 1;\nfailed 2\tf.cc\t4\tconstant\t1 to 0\ty = 1;\n");
  const MutantScore score = ScoreOf(parsed.mutants, parsed.verdicts, {});
  EXPECT_EQ(score.total.all, 1u);
  EXPECT_THAT(score.survivors, IsEmpty());
  EXPECT_THAT(score.errors, ElementsAre("mutant 2: no such program"));
}

TEST(MutantList, SaysWhatIsWrong) {
  for (const char* line :
       {"1\tf\t1\tk\tc", "0\tf\t1\tk\tc\ts", "x\tf\t1\tk\tc\ts", "1\tf\t0\tk\tc\ts", "1\tf\t1\tk\tc\ts\tmore"}) {
    EXPECT_THAT(ReadMutants(absl::StrCat("# head\n", line), "list").status().message(),
                HasSubstr(absl::StrCat("list:2: read \"", line, "\", expected number")));
  }
  EXPECT_THAT(ReadExplanations("f\ts\tc\t", "list").status().message(), HasSubstr("list:1: read"));
}

// The contender kills 1, hangs for nobody, refuses 3; the target finds 2 when it is fuzzed.
class MutantRunTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    Program("contender",
            "case $HPFUZZ_MUTANT in 1) echo 'Assertion failure: op.one'; exit 1;; 3) echo 'bad file'; exit 2;; esac");
    Program("differential",
            "[ \"$HPFUZZ_MUTANT\" = 2 ] || exit 0\n"
            "for word; do case $word in -artifact_prefix=*) prefix=${word#*=};; esac; done\n"
            "echo x >\"${prefix}crash-1\"; echo 'Assertion failure: op.two'\n"
            "echo \"Test unit written to ${prefix}crash-1\"; exit 77");
    Write("corpus/differential/seed", "x");
    setting_.source = directory_;
    setting_.programs = directory_ / "bin";
    setting_.work = directory_ / "work";
    setting_.seconds = 1;
    setting_.jobs = 2;
  }
  void Program(const std::string& name, const std::string& content) const {
    std::filesystem::permissions(Write("bin/" + name, "#!/bin/sh\n" + content + "\n"),
                                 std::filesystem::perms::owner_all);
  }

  MutantSetting setting_;
};

TEST_F(MutantRunTest, CorpusThenFuzzing) {
  std::vector<Mutant> mutants(4);
  for (int i = 0; i < 4; ++i) mutants[static_cast<size_t>(i)].number = i + 1;
  const std::vector<MutantVerdict> verdicts = RunMutants(mutants, setting_);
  ASSERT_THAT(verdicts, SizeIs(4));
  EXPECT_EQ(verdicts[0].killed, Killed::kByCorpus);
  EXPECT_EQ(verdicts[0].key, "op.one");
  EXPECT_EQ(verdicts[1].killed, Killed::kByFuzzing);
  EXPECT_EQ(verdicts[1].key, "op.two");
  EXPECT_TRUE(verdicts[2].failed);
  EXPECT_THAT(verdicts[2].error, HasSubstr("bad file"));
  EXPECT_EQ(verdicts[3].killed, Killed::kNot);
  EXPECT_FALSE(verdicts[3].failed) << verdicts[3].error;
}

TEST(MutantRun, TargetsByFile) {
  Mutant mutant;
  mutant.file = "impl_legacy/nvdimm_pfn.cc";
  EXPECT_EQ(TargetOfMutant(mutant), "namespace");
  mutant.file = "impl_subsection/pmem.h";
  EXPECT_EQ(TargetOfMutant(mutant), "namespace");
  mutant.file = "impl_subsection/memremap.cc";
  EXPECT_EQ(TargetOfMutant(mutant), "differential");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
