// SPDX-License-Identifier: Apache-2.0
// docs/contract.md, made from the tables that judge.
#include "oracle/contract_markdown.h"

#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "oracle/contract.h"
#include "oracle/finding.h"
#include "oracle/invariants.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

std::string OpNames(OpSet ops) {
  if (ops == 0) return "(facts)";
  if (ops == (OpSet{1} << kOpKinds) - 1) return "every operation";
  std::vector<std::string> names;
  for (const OpSpec& spec : kOpSpecs) {
    if ((ops & Ops(spec.kind)) != 0) names.push_back(absl::StrCat("`", Absl(spec.name), "`"));
  }
  return absl::StrJoin(names, ", ");
}

std::string ForetoldText(const Foretold& foretold) {
  if (foretold.outcomes == kAny) return "anything";
  std::vector<std::string> parts;
  if (foretold.outcomes & kSucceeds) parts.push_back("succeeds");
  if (foretold.outcomes & kRefuses) {
    parts.push_back(foretold.error == 0 ? "an error" : std::string(ErrnoName(-foretold.error)));
  }
  if (foretold.outcomes & kStops) parts.push_back("stops");
  if (foretold.outcomes & kElse) parts.push_back("none");
  return absl::StrJoin(parts, " or ");
}

std::string SuspendedText(uint8_t suspended_by) {
  std::vector<absl::string_view> parts;
  if (suspended_by & kRemovedUnderneath) parts.push_back("pages added or removed underneath");
  if (suspended_by & kRetired) parts.push_back("a change of zone by hand");
  return parts.empty() ? "never" : absl::StrJoin(parts, ", ");
}

}  // namespace

std::string ContractMarkdown() {
  std::string text =
      "# The contract between the two generations\n\n"
      "Made by `hpfuzz contract` from the tables in `oracle/contract.cc` and `oracle/invariants.cc`; a test fails when "
      "it is "
      "stale.\n\n"
      "For each operation the first clause that names it and whose condition holds governs it: both answers must be "
      "what the "
      "clause foretells.\nWhere no clause holds, both answers and all facts afterwards must be equal. *Diverges*: what "
      "the "
      "operation touched is compared\nwith its reference only from then on, until both sides have emptied it. Each "
      "layer is "
      "always compared with its own reference.\n\n"
      "| clause | operations | when | relation | legacy | sub-section | diverges | because |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const Clause& clause : Clauses()) {
    absl::StrAppend(&text, "| `", Absl(clause.id), "` | ", OpNames(clause.ops), " | ", Absl(clause.when), " | ",
                    Absl(RelationName(clause.relation)), " | ", ForetoldText(clause.legacy), " | ",
                    ForetoldText(clause.subsection), " | ", clause.diverges ? "yes" : "no", " | ", Absl(clause.because),
                    " |\n");
  }
  absl::StrAppend(&text,
                  "\n## Invariants\n\nJudged in each layer by its own facts, on every section a trace touched, at the "
                  "end and after a "
                  "refused request for memory.\n\n"
                  "| invariant | generations | says | suspended by | source |\n|---|---|---|---|---|\n");
  for (const Invariant& invariant : Invariants()) {
    const absl::string_view sides = invariant.sides == 3 ? "both" : invariant.sides == 1 ? "legacy" : "sub-section";
    absl::StrAppend(&text, "| `", Absl(invariant.id), "` | ", sides, " | ", Absl(invariant.says), " | ",
                    SuspendedText(invariant.suspended_by), " | ", Absl(invariant.source), " |\n");
  }
  return text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
