// SPDX-License-Identifier: Apache-2.0
// Explain: a run as text, operation by operation, both answers side by side, with the clause that explains a
// difference; and what a trace expected against what was answered.
#ifndef HPFUZZ_ORACLE_EXPLAIN_H_
#define HPFUZZ_ORACLE_EXPLAIN_H_

#include <string>
#include <vector>

#include "oracle/lockstep.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Keeps every step of one run.
class StepLog : public StepObserver {
 public:
  void OnStep(const Step& step) override {
    steps_.push_back(step);
    ops_.push_back(*step.op);
  }
  size_t size() const { return steps_.size(); }
  const Step& step(size_t i) const { return steps_[i]; }
  const Op& op(size_t i) const { return ops_[i]; }

 private:
  std::vector<Step> steps_;
  std::vector<Op> ops_;  // tear-down operations do not outlive their step
};

// An answer that was not the one a trace expected.
struct Disappointment {
  size_t step;
  Side side;
  Answer expected;
  Generation generation;  // of that side
};

// Expectations of `trace` that name the party of this side (by its generation or its own name, which overrides that)
// and were not met.
std::vector<Disappointment> UnmetExpectations(const Trace& trace, const StepLog& log, Side side, const Party& party);

// One line an operation, then its two answers and, where they differ or a clause governed, the clause.
std::string ExplainStep(const Trace& trace, const StepLog& log, size_t i, const Lockstep& lockstep);
// What was found, in words: "" for nothing.
std::string ExplainFinding(const Finding& finding, const Lockstep& lockstep);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_EXPLAIN_H_
