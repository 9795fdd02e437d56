// SPDX-License-Identifier: Apache-2.0
// The contract as a table: names, keys, its text, and the kept traces that show its clauses at work.
#include "oracle/contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "oracle/contract_markdown.h"
#include "oracle/finding.h"
#include "oracle/invariants.h"
#include "oracle/report.h"
#include "registry/workbench_geometry.h"
#include "tests/files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool OnlyOf(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || others.find(c) != std::string_view::npos;
  });
}

TEST(Contract, IdsAreWordsAndUnique) {
  std::set<std::string_view> ids;
  for (const Clause& clause : Clauses()) {
    EXPECT_TRUE(OnlyOf(clause.id, "-")) << clause.id;
    EXPECT_TRUE(ids.insert(clause.id).second) << clause.id;
    EXPECT_FALSE(clause.when.empty()) << clause.id;
    EXPECT_FALSE(clause.because.empty()) << clause.id;
  }
  for (const Invariant& invariant : Invariants()) {
    EXPECT_TRUE(OnlyOf(invariant.id, "-")) << invariant.id;
    EXPECT_TRUE(ids.insert(invariant.id).second) << invariant.id;
    EXPECT_FALSE(invariant.says.empty()) << invariant.id;
    EXPECT_FALSE(invariant.source.empty()) << invariant.id;
    EXPECT_TRUE(invariant.sides >= 1 && invariant.sides <= 7) << invariant.id;
  }
}

TEST(Contract, FactClausesAreThere) {
  EXPECT_EQ(Clauses()[IndexOf(FactClause::kBootHole)].id, "boot-hole-facts");
  EXPECT_EQ(Clauses()[IndexOf(FactClause::kOfflinePages)].id, "offline-pages-reserved");
  EXPECT_EQ(Clauses()[IndexOf(FactClause::kSpanTiming)].id, "span-timing");
  EXPECT_EQ(Clauses()[IndexOf(FactClause::kDiverged)].id, "diverged-before");
  EXPECT_EQ(Clauses()[IndexOf(FactClause::kStopped)].id, "one-side-stopped");
}

// Engines normalise digits and addresses away: a key with one would not tell findings apart.
void ExpectGoodKey(const Finding& finding) {
  const std::string key = FindingKey(finding);
  EXPECT_TRUE(OnlyOf(key, "_.-")) << key;
  EXPECT_EQ(std::count(key.begin(), key.end(), '.'), 1) << key;
}

template <typename Visit>
void ForEachFinding(Visit visit) {
  Finding finding;
  for (const OpSpec& spec : kOpSpecs) {
    for (const bool at_end : {false, true}) {
      finding.op = spec.kind;
      finding.at_end = at_end;
      for (Side side : {Side::kLegacy, Side::kSubsection}) {
        finding.side = side;
        for (Finding::Kind kind : {Finding::Kind::kReference, Finding::Kind::kPair, Finding::Kind::kExpectation}) {
          finding.kind = kind;
          for (unsigned i = 0; i < kChecks; ++i) {
            finding.check = static_cast<Check>(i);
            visit(finding);
          }
        }
        finding.kind = Finding::Kind::kInvariant;
        for (size_t i = 0; i < Invariants().size(); ++i) {
          finding.invariant = static_cast<InvariantIndex>(i);
          visit(finding);
        }
      }
      finding.kind = Finding::Kind::kClause;
      for (size_t i = 0; i < Clauses().size(); ++i) {
        finding.clause = static_cast<ClauseIndex>(i);
        visit(finding);
      }
    }
  }
}

TEST(Findings, KeysAreWords) {
  ForEachFinding(ExpectGoodKey);
  EXPECT_EQ(FindingKey({}), "");
}

TEST(Findings, NamesTellThemApart) {
  std::set<std::string> names;
  Finding finding;
  for (Finding::Kind kind : {Finding::Kind::kReference, Finding::Kind::kPair}) {
    finding.kind = kind;
    for (unsigned i = 0; i < kChecks; ++i) {
      finding.check = static_cast<Check>(i);
      for (Side side : {Side::kLegacy, Side::kSubsection}) {
        if (kind == Finding::Kind::kPair && side == Side::kSubsection) continue;  // a pair has no side
        finding.side = side;
        EXPECT_TRUE(names.insert(FindingName(finding)).second) << FindingName(finding);
      }
    }
  }
  for (const Clause& clause : Clauses()) EXPECT_TRUE(names.insert(std::string(clause.id)).second) << clause.id;
}

TEST(Findings, EachHasItsFunction) { EXPECT_TRUE(EveryFindingHasItsFunction()); }

#if GTEST_HAS_DEATH_TEST
TEST(FindingsDeathTest, ReportEndsWithTheKey) {
  Finding finding;
  finding.kind = Finding::Kind::kPair;
  finding.check = Check::kBitmap;
  finding.op = OpKind::kAddMemory;
  EXPECT_DEATH(ReportFinding(finding, "what happened"),
               "what happened\nAssertion failure: add_memory.pair-bitmap FuzzerHash=add_memory.pair-bitmap\n");
}
#endif

TEST(Contract, DocumentIsUpToDate) {
  const std::string committed = ContentOf(HPFUZZ_SOURCE_DIR "/docs/contract.md");
  const std::string made = ContractMarkdown();
  const auto differ = std::mismatch(committed.begin(), committed.end(), made.begin(), made.end()).first;
  EXPECT_TRUE(committed == made) << "docs/contract.md is stale from line "
                                 << 1 + std::count(committed.begin(), differ, '\n')
                                 << "; make it again: hpfuzz contract > docs/contract.md";
}

TEST(Outcomes, OfAnswers) {
  EXPECT_EQ(OutcomeOf(Answer::Value(0)), kSucceeds);
  EXPECT_EQ(OutcomeOf(Answer::Value(1)), kSucceeds);
  EXPECT_EQ(OutcomeOf(Answer::Mapping(3)), kSucceeds);
  EXPECT_EQ(OutcomeOf(Answer::Error(kEBUSY)), kRefuses);
  EXPECT_EQ(OutcomeOf(Answer::Of(Answer::Kind::kBug)), kStops);
  EXPECT_EQ(OutcomeOf(Answer::Of(Answer::Kind::kFault)), kStops);
  EXPECT_EQ(OutcomeOf(Answer::Of(Answer::Kind::kPending)), kElse);
  const Foretold busy{.outcomes = kRefuses | kStops, .error = kEBUSY};
  EXPECT_TRUE(busy.Allows(Answer::Error(kEBUSY, 2)));
  EXPECT_FALSE(busy.Allows(Answer::Error(kEEXIST)));
  EXPECT_TRUE(busy.Allows(Answer::Of(Answer::Kind::kBug)));
  EXPECT_FALSE(busy.Allows(Answer::Value(0)));
}

class KeptTrace : public testing::TestWithParam<std::string> {};

TEST_P(KeptTrace, Agrees) {
  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(ContentOf(GetParam()), GetParam());
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_TRUE(replay->agrees) << replay->text;
  EXPECT_EQ(replay->key, "");
}

std::string TestName(const std::string& path) {
  std::string name = path.substr(path.find("/repro/") + 7);
  name.resize(name.rfind('.'));
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}
// Those of repro/open show a finding, and have a test of their own.
std::vector<std::string> KeptTraces() {
  std::vector<std::string> files = FilesBelow("repro", ".trace");
  files.erase(std::remove_if(files.begin(), files.end(),
                             [](const std::string& file) { return file.find("/repro/open/") != std::string::npos; }),
              files.end());
  return files;
}
INSTANTIATE_TEST_SUITE_P(Repro, KeptTrace, testing::ValuesIn(KeptTraces()),
                         [](const auto& info) { return TestName(info.param); });

// The reason for the series: RAM in the section keeps 5.1 from mapping the PMEM beside it.
TEST(CoverLetter, NamesItsClause) {
  const std::string path = HPFUZZ_SOURCE_DIR "/repro/cover-letter.trace";
  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(ContentOf(path), path);
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_THAT(replay->clauses, testing::Contains("ram-in-section"));
}

// A mapping that goes parts the spans, and no step is governed by the clause that says so.
TEST(Replaying, TellsClausesOfFacts) {
  const absl::StatusOr<Replay> replay =
      GetWorkbench().ReplayTrace("ram 1000-1fffffff\nmemremap_pages a 40000000-47ffffff\nmemunmap_pages a\n", "t");
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_THAT(replay->clauses, testing::ElementsAre("span-timing"));
}

TEST(Replaying, TellsWrongExpectations) {
  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(
      "ram 1000-1fffffff\nadd_memory 40000000-47ffffff -> legacy 0, subsection -EEXIST\n", "t");
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_FALSE(replay->agrees);
  EXPECT_EQ(replay->key, "add_memory.subsection-expectation");
}

// Of a machine that stops only how it stops is compared, as with its reference.
TEST(Replaying, ComparesHowAMachineStops) {
  const std::string trace = "ram 1000-1fffffff\nremove_memory 40001000+1000 -> subsection ";
  for (const std::string_view met : {"BUG", "BUG warn"}) {
    const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(trace + std::string(met) + "\n", "t");
    ASSERT_TRUE(replay.ok()) << replay.status();
    EXPECT_TRUE(replay->agrees) << met;
  }
  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(trace + "FAULT\n", "t");
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(replay->key, "remove_memory.subsection-expectation");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
