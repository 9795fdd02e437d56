// SPDX-License-Identifier: Apache-2.0
// Pairs other than 5.1 beside mainline: who stands where, which clauses hold, and that random traces find nothing on
// any pair. Each implementation beside itself is its layer against its reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// The traces of docs/from-v5-to-mainline.md. Each says which clause it shows, and behind that which other
// would have to go, too.
class PostedTrace : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string text = ContentOf(GetParam());
    const absl::StatusOr<Trace> trace = ParseTrace(text, GetParam());
    ASSERT_TRUE(trace.ok()) << trace.status();
    trace_ = *trace;
    const std::string mark = "# clause ";
    const size_t at = text.find(mark);
    ASSERT_NE(at, std::string::npos) << "names no clause";
    clause_ = text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
  }

  Lockstep lockstep_ = MakeLockstep(*ParsePair("series-v5,mainline-6.1"));
  Trace trace_;
  std::string clause_;
};

TEST_P(PostedTrace, AgreesWithItsAnswersAndTheContract) {
  StepLog log;
  const Finding finding = lockstep_.Run(trace_, &log);
  EXPECT_FALSE(finding) << FindingKey(finding) << "\n" << ExplainFinding(finding, lockstep_);
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    EXPECT_TRUE(UnmetExpectations(trace_, log, side, lockstep_.party(side)).empty()) << lockstep_.party(side).name;
  }
}

TEST_P(PostedTrace, IsAFindingWithoutItsClause) {
  ASSERT_TRUE(SwitchOffClauses(clause_, &lockstep_).ok()) << clause_;
  EXPECT_EQ(FindingName(lockstep_.Run(trace_)), clause_.substr(0, clause_.find(',')));
}

INSTANTIATE_TEST_SUITE_P(Repro, PostedTrace, testing::ValuesIn(FilesBelow("repro/v5", ".trace")), [](const auto& info) {
  std::string name = info.param.substr(info.param.rfind('/') + 1);
  name.resize(name.rfind('.'));
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
