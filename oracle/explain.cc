// SPDX-License-Identifier: Apache-2.0
// Explain: steps, findings and unmet expectations as text.
#include "oracle/explain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/invariants.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Only what was written counts: the payload when the expectation has one.
bool Meets(const Expectation& expectation, const Answer& answer) {
  if (expectation.payload) return answer == expectation.answer;
  return answer.kind == expectation.answer.kind && answer.value == expectation.answer.value &&
         answer.warnings == expectation.answer.warnings && answer.page == expectation.answer.page;
}

const Expectation* ExpectationFor(const std::vector<Expectation>& expectations, Side side, std::string_view party) {
  const Expectation* general = nullptr;
  for (const Expectation& expectation : expectations) {
    if (expectation.who == party) return &expectation;
    if (expectation.who == SideName(side)) general = &expectation;
  }
  return general;
}

}  // namespace

std::vector<Disappointment> UnmetExpectations(const Trace& trace, const StepLog& log, Side side, std::string_view party) {
  std::vector<Disappointment> unmet;
  const size_t steps = std::min(log.size(), trace.expectations.size());
  for (size_t i = 0; i < steps; ++i) {
    const Expectation* expectation = ExpectationFor(trace.expectations[i], side, party);
    const Step& step = log.step(i);
    if (expectation == nullptr || step.teardown) continue;
    const unsigned which = static_cast<unsigned>(side);
    if (!step.applied[which] || !Meets(*expectation, step.answer[which])) {
      unmet.push_back({.step = i, .side = side, .expected = expectation->answer});
    }
  }
  return unmet;
}

std::string ExplainStep(const Trace& trace, const StepLog& log, size_t i, const Lockstep& lockstep) {
  const Step& step = log.step(i);
  const HandleNames names{.mappings = trace.mapping_names, .resources = trace.resource_names};
  std::string text = absl::StrFormat("%4s  %s\n", step.teardown ? "end" : absl::StrCat(i + 1), PrintOp(log.op(i), names));
  for (Side side : {Side::kLegacy, Side::kSubsection}) {
    const unsigned which = static_cast<unsigned>(side);
    if (!step.applied[which]) {
      if (!step.teardown) absl::StrAppendFormat(&text, "        %-13s stopped\n", Absl(lockstep.party(side).name));
      continue;
    }
    absl::StrAppendFormat(&text, "        %-13s %s\n", Absl(lockstep.party(side).name), PrintAnswer(step.answer[which], names));
    if (step.answer[which] != step.expected[which]) {
      absl::StrAppendFormat(&text, "          expected:   %s\n", PrintAnswer(step.expected[which], names));
    }
  }
  if (step.clause != kNoClause) {
    const Clause& clause = Clauses()[step.clause];
    absl::StrAppendFormat(&text, "        clause        %s (%s): %s\n", Absl(clause.id), Absl(RelationName(clause.relation)),
                          Absl(clause.because));
  }
  return text;
}

std::string ExplainFinding(const Finding& finding, const Lockstep& lockstep) {
  const std::string where = absl::StrCat(" (at page ", absl::Hex(finding.pfn.value()), ")");
  const absl::string_view party = Absl(lockstep.party(finding.side).name);
  switch (finding.kind) {
    case Finding::Kind::kNothing: return {};
    case Finding::Kind::kReference:
      return absl::StrCat(party, " and its reference differ in: ", Absl(CheckName(finding.check)),
                          finding.check == Check::kAnswer ? "" : where);
    case Finding::Kind::kPair:
      return absl::StrCat("the two generations differ and no clause allows it, in: ", Absl(CheckName(finding.check)),
                          finding.check == Check::kAnswer ? "" : where);
    case Finding::Kind::kClause:
      return absl::StrCat("the answers are not what this clause foretells: ", Absl(Clauses()[finding.clause].id), " (",
                          Absl(Clauses()[finding.clause].when), ")");
    case Finding::Kind::kInvariant:
      return absl::StrCat("invariant broken in ", party, ": ", Absl(Invariants()[finding.invariant].says), where);
    case Finding::Kind::kExpectation: return absl::StrCat(party, " does not answer what the trace expects");
  }
  __builtin_unreachable();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
