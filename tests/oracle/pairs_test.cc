// SPDX-License-Identifier: Apache-2.0
// Pairs other than 5.1 beside mainline: who stands where, which clauses hold, and that random traces find nothing on
// any pair. Each implementation beside itself is its layer against its reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "tests/files.h"
#include "tests/oracle/nvdimm_bytes.h"
#include "trace/generate.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;

TEST(Pairs, TheOlderOneStandsFirst) {
  for (const char* text : {"series-v5,mainline-6.1", "mainline-6.1,series-v5"}) {
    const absl::StatusOr<ImplementationPair> pair = ParsePair(text);
    ASSERT_TRUE(pair.ok()) << pair.status();
    EXPECT_EQ(pair->left->name, "series-v5");
    EXPECT_EQ(pair->right->name, "mainline-6.1");
  }
  for (const char* text :
       {"", "legacy", "legacy,", "legacy,series", "legacy,series-v5,mainline-6.1", "legacy, series-v5"}) {
    EXPECT_THAT(std::string(ParsePair(text).status().message()), HasSubstr("mainline-6.12")) << text;
  }
}

TEST(Pairs, ClausesAreSwitchedOffByName) {
  Lockstep lockstep = MakeLockstep(*ParsePair("series-v5,mainline-6.1"));
  for (const char* list : {"", "known", "B6", "B1,B2,exists-passed-over", "span-timing"}) {
    EXPECT_TRUE(SwitchOffClauses(list, &lockstep).ok()) << list;
  }
  for (const char* list : {"B3", "ram-in-section", "Known", "B6;B8"}) {
    EXPECT_THAT(std::string(SwitchOffClauses(list, &lockstep).message()), HasSubstr(list)) << list;
  }
}

TEST(Pairs, AFindingNamesItsMachines) {
  Lockstep lockstep = MakeLockstep(*ParsePair("series-v5,mainline-6.1"));
  const Trace trace = *ParseTrace("ram 0-3ffffff\npfn_valid 4000\n", "test");
  lockstep.Run(trace);
  Finding finding;
  finding.kind = Finding::Kind::kPair;
  finding.check = Check::kPfnValid;
  finding.pfn = Pfn(0x4000);
  EXPECT_THAT(ExplainFinding(finding, lockstep),
              testing::AllOf(HasSubstr("\n         series-v5 "), HasSubstr("\n         mainline-6.1 ")));
}

std::vector<ImplementationPair> EveryPair() {
  std::vector<ImplementationPair> pairs;
  for (const Implementation& left : Implementations()) {
    for (const Implementation* right = &left; right != Implementations().data() + Implementations().size(); ++right)
      pairs.push_back({&left, right});
  }
  return pairs;
}

class EveryPairTest : public testing::TestWithParam<ImplementationPair> {};

void RunGenerated(const ImplementationPair& pair, uint64_t seeds, const GenerateOptions& options) {
  Lockstep lockstep = MakeLockstep(pair);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const Trace trace = GenerateTrace(seed, options);
    const Finding finding = lockstep.Run(trace);
    ASSERT_FALSE(finding) << FindingKey(finding) << "\n"
                          << ExplainFinding(finding, lockstep) << "\n"
                          << PrintTrace(trace);
  }
  EXPECT_GT(lockstep.statistics().compared, 5000U);
}

TEST_P(EveryPairTest, RandomTracesFindNothing) { RunGenerated(GetParam(), 150, {}); }
TEST_P(EveryPairTest, NorOddOnesThatStopMachines) {
  RunGenerated(GetParam(), 50, {.own_map_percent = 50, .odd_percent = 30, .failure_percent = 10, .stops = true});
}

TEST_P(EveryPairTest, NorNamespaces) { ExpectNoFinding(GetParam(), 500, 13); }

std::string NameOf(const ImplementationPair& pair) {
  std::string name = std::string(pair.left->name) + "_" + std::string(pair.right->name);
  for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Pairs, EveryPairTest, testing::ValuesIn(EveryPair()),
                         [](const auto& info) { return NameOf(info.param); });

// What a comment "# MARK VALUE" of a trace says; empty: there is none.
std::string Marked(const std::string& text, const std::string& mark) {
  const std::string start = "# " + mark + " ";
  const size_t at = text.find(start);
  if (at == std::string::npos) return {};
  return text.substr(at + start.size(), text.find('\n', at) - at - start.size());
}

// The clause that a trace shows: the first of those it names.
std::string ShownClause(const std::string& text) {
  const std::string clauses = Marked(text, "clause");
  return clauses.substr(0, clauses.find(','));
}

std::string PostedPair(const std::string& text) {
  const std::string pair = Marked(text, "pair");
  return pair.empty() ? "series-v5,mainline-6.1" : pair;
}

// The traces of docs/from-v5-to-mainline.md, and one for each other clause of oracle/series_clauses.h. Each says which
// clause it shows, behind that which others would have to go, too, and where it is not version 5 beside 6.1 the pair.
class PostedTrace : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string text = ContentOf(GetParam());
    const absl::StatusOr<Trace> trace = ParseTrace(text, GetParam());
    ASSERT_TRUE(trace.ok()) << trace.status();
    trace_ = *trace;
    clauses_ = Marked(text, "clause");
    clause_ = ShownClause(text);
    ASSERT_NE(clause_, "") << "names no clause";
    const absl::StatusOr<ImplementationPair> pair = ParsePair(PostedPair(text));
    ASSERT_TRUE(pair.ok()) << pair.status();
    lockstep_ = std::make_unique<Lockstep>(MakeParty(*pair->left), MakeParty(*pair->right));
  }

  std::unique_ptr<Lockstep> lockstep_;
  Trace trace_;
  std::string clauses_;
  std::string clause_;
};

void ExpectAgreement(const Trace& trace, Lockstep* lockstep) {
  StepLog log;
  const Finding finding = lockstep->Run(trace, &log);
  EXPECT_FALSE(finding) << FindingKey(finding) << "\n" << ExplainFinding(finding, *lockstep);
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    const Party& party = lockstep->party(side);
    EXPECT_TRUE(UnmetExpectations(trace, log, side, party).empty()) << party.name;
  }
}

TEST_P(PostedTrace, AgreesWithItsAnswersByItsClause) {
  ExpectAgreement(trace_, lockstep_.get());
  bool known = false;
  for (size_t i = 0; i < Clauses().size(); ++i) {
    if (Clauses()[i].id != clause_) continue;
    known = true;
    EXPECT_GT(lockstep_->statistics().clause[i], 0U) << clause_ << " governed nothing";
  }
  EXPECT_TRUE(known) << clause_;
}

TEST_P(PostedTrace, IsAFindingWithoutItsClause) {
  const absl::Status off = SwitchOffClauses(clauses_, lockstep_.get());
  ASSERT_TRUE(off.ok()) << off;
  const Finding finding = lockstep_->Run(trace_);
  EXPECT_EQ(FindingName(finding), clause_);
  EXPECT_THAT(ExplainFinding(finding, *lockstep_), HasSubstr("switched off: " + clause_));
}

// Those of this folder reach a step of version 5 that no other trace reaches.
constexpr char kPaths[] = "/repro/v5/paths/";

std::vector<std::string> PostedTraces() {
  std::vector<std::string> files = FilesBelow("repro/v5", ".trace");
  files.erase(std::remove_if(files.begin(), files.end(),
                             [](const std::string& file) { return file.find(kPaths) != std::string::npos; }),
              files.end());
  return files;
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(info.param.rfind('/') + 1);
  name.resize(name.rfind('.'));
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Repro, PostedTrace, testing::ValuesIn(PostedTraces()), TestName);

TEST(PostedTraces, ShowEveryClauseOfTheSeries) {
  std::vector<std::string> shown;
  for (const std::string& file : PostedTraces()) shown.push_back(ShownClause(ContentOf(file)));
  for (const Clause& clause : Clauses()) {
    if (clause.HoldsIn(PairKind::kLegacyMainline)) continue;
    EXPECT_THAT(shown, testing::Contains(std::string(clause.id)));
  }
}

class AnyPair : public testing::TestWithParam<std::string> {};

TEST_P(AnyPair, AgreesWithTheAnswers) {
  const absl::StatusOr<Trace> trace = ParseTrace(ContentOf(GetParam()), GetParam());
  ASSERT_TRUE(trace.ok()) << trace.status();
  for (const ImplementationPair& pair : EveryPair()) {
    SCOPED_TRACE(NameOf(pair));
    Lockstep lockstep = MakeLockstep(pair);
    ExpectAgreement(*trace, &lockstep);
  }
}
INSTANTIATE_TEST_SUITE_P(Repro, AnyPair, testing::ValuesIn(FilesBelow("repro/v5", ".trace")), TestName);

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
