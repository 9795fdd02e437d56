// SPDX-License-Identifier: Apache-2.0
// The contract against real kernels: every sequence that both a 5.1 and a 6.1 kernel were given is run in lockstep, and
// what the contract says of each operation is held against the two recorded answers. Where no clause governs they must
// be equal; where one does, both must be what it foretells. The layers take no part in that; that no fact differs
// either follows from the run having no finding, since both layers give the recorded answers and states
// (recorded_test.cc).
#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "oracle/contract.h"
#include "oracle/explain.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "tests/recorded/files.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// One operation that both kernels were given, with what each said.
struct Both {
  std::string where;
  RecordedAnswer legacy;
  RecordedAnswer mainline;
};

// The operations of a case from its start, up to the first that the two kernels were not both given, or whose answer is
// not to be asserted in one of the files. Where memory was refused to them at different sites they went different ways.
struct CommonPart {
  Trace trace;
  std::vector<Both> answers;  // parallel to trace.ops
};

CommonPart CommonPartOf(const RecordedCase& legacy, const RecordedCase& mainline) {
  CommonPart common;
  common.trace.map = legacy.map;
  for (size_t i = 0; i < std::min(legacy.lines.size(), mainline.lines.size()); ++i) {
    const RecordedLine& a = legacy.lines[i];
    const RecordedLine& b = mainline.lines[i];
    if (a.steps.size() != b.steps.size()) break;
    for (size_t j = 0; j < a.steps.size(); ++j) {
      const Op& op = a.steps[j].op;
      if (op != b.steps[j].op || ExceedsRangeLimit(op.kind, op.range) || ExceedsRangeLimit(op.kind, op.second))
        return common;
      common.trace.ops.push_back(op);
      common.answers.push_back({legacy.name + ", " + a.text, a.steps[j].recorded, b.steps[j].recorded});
    }
    if (a.ends_case || b.ends_case) break;
  }
  return common;
}

bool SameAnswerAsRecorded(const RecordedAnswer& a, const RecordedAnswer& b) {
  if (a.answer.kind != b.answer.kind) return false;
  if (a.has_warnings && b.has_warnings && a.answer.warnings != b.answer.warnings) return false;
  if (a.has_refs && b.has_refs && a.answer.refs_left != b.answer.refs_left) return false;
  if (a.answer.kind != Answer::Kind::kPage) return a.answer.value == b.answer.value;
  const PageView& left = a.answer.page;
  const PageView& right = b.answer.page;
  const bool same_map = !a.has_page_map || !b.has_page_map || SameMapping(left, right);
  const bool same_count = !a.has_page_count || !b.has_page_count || left.count == right.count;
  return left.zone == right.zone && left.reserved == right.reserved && same_map && same_count;
}

// Holds the governing clause of each operation against the recorded answers.
class Judge final : public StepObserver {
 public:
  explicit Judge(const std::vector<Both>& answers) : answers_(answers) {}

  void OnStep(const Step& step) override {
    if (step.teardown) return;
    const Both& both = answers_[next_++];
    if (step.op->kind == OpKind::kFailAlloc || !step.applied[0] || !step.applied[1]) return;
    ++judged_;
    if (step.clause == kNoClause) {
      EXPECT_TRUE(SameAnswerAsRecorded(both.legacy, both.mainline)) << both.where << ": no clause, and they differ";
      return;
    }
    const Clause& clause = Clauses()[step.clause];
    governed_.insert(clause.id);
    EXPECT_TRUE(clause.legacy.Allows(both.legacy.answer)) << both.where << ": 5.1 contradicts " << clause.id;
    EXPECT_TRUE(clause.subsection.Allows(both.mainline.answer)) << both.where << ": 6.1 contradicts " << clause.id;
  }

  size_t judged() const { return judged_; }
  const std::set<std::string_view>& governed() const { return governed_; }

 private:
  const std::vector<Both>& answers_;
  size_t next_ = 0;
  size_t judged_ = 0;
  std::set<std::string_view> governed_;
};

TEST(ContractRecordedTest, HoldsForWhatBothKernelsAnswered) {
  const std::vector<RecordedCase> legacy = ReadRecordedFile("legacy-cases.txt");
  std::map<std::string, RecordedCase> mainline;
  for (RecordedCase& one : ReadRecordedFile("mainline-cases.txt")) mainline.emplace(one.name, one);
  Lockstep lockstep = MakeDefaultLockstep();
  size_t cases = 0;
  size_t judged = 0;
  std::set<std::string_view> governed;
  for (const RecordedCase& one : legacy) {
    const auto other = mainline.find(one.name);
    if (other == mainline.end() || other->second.layout != one.layout) continue;
    ++cases;
    const CommonPart common = CommonPartOf(one, other->second);
    Judge judge(common.answers);
    const Finding finding = lockstep.Run(common.trace, &judge);
    EXPECT_FALSE(finding) << one.name << ": " << FindingKey(finding) << "\n" << ExplainFinding(finding, lockstep);
    judged += judge.judged();
    governed.insert(judge.governed().begin(), judge.governed().end());
  }
  // What of the files is used: less would mean that the cases are no longer recognised.
  EXPECT_GE(cases, 340U);
  EXPECT_GE(judged, 4900U);
  EXPECT_GE(governed.size(), 48U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
