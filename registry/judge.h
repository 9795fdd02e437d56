// SPDX-License-Identifier: Apache-2.0
// Judge: the verdict on a trace and nothing else, for those who ask about one trace after the other: a key, by the
// first pair of implementations that has one. Not covered: saying why (workbench.h).
#ifndef HPFUZZ_REGISTRY_JUDGE_H_
#define HPFUZZ_REGISTRY_JUDGE_H_

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "oracle/lockstep.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Expectations of either side that were not met before `finding`, if any, ended the run.
std::vector<Disappointment> UnmetBefore(const Finding& finding, const Trace& trace, const StepLog& log,
                                        const Lockstep& lockstep);
// Steps of `log` after which something was wrong, without order; log.size(): at the end, or never run.
std::vector<size_t> FailingSteps(const Finding& finding, const std::vector<Disappointment>& unmet, const StepLog& log);
// Of a run: that of the finding, else of the first expectation that was not met, else "".
std::string KeyOfRun(const Finding& finding, const std::vector<Disappointment>& unmet, const Trace& trace);

class Judge {
 public:
  // Of the chosen pairs (pair_choice.h).
  Judge();

  struct Verdict {
    std::string key;  // "" for none
    size_t pair = 0;  // the first that has it
  };
  Verdict Of(const Trace& trace);
  // Whether the verdict is this one; stops at the first pair that says otherwise.
  bool Is(const Verdict& verdict, const Trace& trace);
  Lockstep& pair(size_t i) { return pairs_[i]; }

 private:
  std::string KeyOf(Lockstep& pair, const Trace& trace);

  std::deque<Lockstep> pairs_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_JUDGE_H_
