// SPDX-License-Identifier: Apache-2.0
// Replay as JSON: one object a trace, for programs. Fields: file, agrees, key, clauses, pairs[{legacy, subsection, key,
// explanation, steps[{operation, legacy, subsection, clause, relation}]}]. Answers are as traces spell them; a side
// that had stopped before has none.
#ifndef HPFUZZ_REGISTRY_REPLAY_JSON_H_
#define HPFUZZ_REGISTRY_REPLAY_JSON_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "oracle/explain.h"
#include "registry/workbench.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct StepText {
  std::string operation;
  std::string answer[kSides];  // empty: the machine had stopped
  std::string clause;
  std::string relation;
};

struct PairReplay {
  std::string legacy;
  std::string subsection;
  std::string key;
  std::string explanation;
  std::vector<StepText> steps;
};

StepText DescribeStep(const Trace& trace, const StepLog& log, size_t i);
std::string ReplayJson(absl::string_view file, const Replay& replay, const std::vector<PairReplay>& pairs);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_REPLAY_JSON_H_
