// SPDX-License-Identifier: Apache-2.0
// Replay as JSON.
#include "registry/replay_json.h"

#include <nlohmann/json.hpp>

#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

StepText DescribeStep(const Trace& trace, const StepLog& log, size_t i) {
  const Step& step = log.step(i);
  const HandleNames names = NamesOf(trace);
  StepText text;
  text.operation = PrintOp(log.op(i), names);
  for (unsigned side = 0; side < kSides; ++side) {
    if (step.applied[side]) text.answer[side] = PrintAnswer(step.answer[side], names);
  }
  if (step.clause != kNoClause) {
    text.clause = std::string(Clauses()[step.clause].id);
    text.relation = std::string(RelationName(Clauses()[step.clause].relation));
  }
  return text;
}

std::string ReplayJson(absl::string_view file, const Replay& replay, const std::vector<PairReplay>& pairs) {
  using nlohmann::ordered_json;
  ordered_json root = {
      {"file", std::string(file)}, {"agrees", replay.agrees}, {"key", replay.key}, {"clauses", replay.clauses}};
  ordered_json& list = root["pairs"] = ordered_json::array();
  for (const PairReplay& pair : pairs) {
    ordered_json steps = ordered_json::array();
    for (const StepText& step : pair.steps) {
      ordered_json row = {{"operation", step.operation}};
      if (!step.answer[0].empty()) row["legacy"] = step.answer[0];
      if (!step.answer[1].empty()) row["subsection"] = step.answer[1];
      if (!step.clause.empty()) {
        row["clause"] = step.clause;
        row["relation"] = step.relation;
      }
      steps.push_back(std::move(row));
    }
    list.push_back({{"legacy", pair.legacy},
                    {"subsection", pair.subsection},
                    {"key", pair.key},
                    {"explanation", pair.explanation},
                    {"steps", std::move(steps)}});
  }
  // File names and trace text are a stranger's: what is no UTF-8 is replaced, never thrown at.
  return root.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
