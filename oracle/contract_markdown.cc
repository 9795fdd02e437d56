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
#include "oracle/nvdimm_rules.h"

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

std::string PairsText(PairSet pairs) {
  static constexpr absl::string_view kNames[kPairKinds] = {"5.1 and mainline", "5.1 and v5", "v5 and mainline",
                                                           "mainline twice"};
  std::vector<absl::string_view> names;
  for (unsigned i = 0; i < kPairKinds; ++i) {
    if ((pairs & In(static_cast<PairKind>(i))) != 0) names.push_back(kNames[i]);
  }
  return absl::StrJoin(names, ", ");
}

absl::string_view DispositionName(Disposition disposition) {
  static constexpr absl::string_view kNames[] = {
      "absent", "without a driver", "raw disk", "pfn", "dax", "pfn without a driver", "dax without a driver"};
  return kNames[static_cast<unsigned>(disposition)];
}

void AppendNvdimmRules(std::string* text) {
  absl::StrAppend(
      text, "\n## Namespaces\n\nRules that hold in each world by itself.\n\n| rule | says | source |\n|---|---|---|\n");
  for (const NvdimmRuleRow& rule : NvdimmRules()) {
    absl::StrAppend(text, "| `", Absl(rule.id), "` | ", Absl(rule.says), " | ", Absl(rule.source), " |\n");
  }
  absl::StrAppend(text,
                  "\nWhat a probe turns into:\n\n| generation | nd_pfn_validate | the namespace is then | answer |\n"
                  "|---|---|---|---|\n");
  for (const ProbeRow& row : ProbeTable()) {
    std::vector<absl::string_view> outcomes;
    for (unsigned i = 0; i <= static_cast<unsigned>(Disposition::kDaxFailed); ++i) {
      if ((row.outcomes >> i & 1) != 0) outcomes.push_back(DispositionName(static_cast<Disposition>(i)));
    }
    absl::StrAppend(text, "| ", Absl(SideName(row.side)), " | ", Absl(ErrnoName(row.validate)), " | ",
                    absl::StrJoin(outcomes, ", "), " | ", Absl(ErrnoName(row.answer)), " |\n");
  }
}

}  // namespace

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
  if (suspended_by & kMemmapReused)
    parts.push_back("a large page of memmap used again after sub-sections left it, or new memory that looks so");
  return parts.empty() ? "never" : absl::StrJoin(parts, ", ");
}

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
      "operation touched is compared\nwith its reference only from then on, until both sides have emptied it; a "
      "namespace, to the end of the trace. Each "
      "layer is "
      "always compared with its own reference.\n\n"
      "Most clauses are about Linux 5.1 beside mainline, *legacy* and *sub-section* of the table. Other pairs have "
      "them, "
      "too, where the column *pairs* says so, and some of their own. *legacy* is the older of the two then: "
      "`series-v5` beside mainline, or mainline 6.1 beside 6.12. A *bug* is the number of a known fault in "
      "docs/bugs.md: such a clause can be switched off (`--without`), to see it found.\n\n"
      "| clause | operations | when | relation | legacy | sub-section | diverges | because | pairs | bug |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Clause& clause : Clauses()) {
    absl::StrAppend(&text, "| `", Absl(clause.id), "` | ", OpNames(clause.ops), " | ", Absl(clause.when), " | ",
                    Absl(RelationName(clause.relation)), " | ", ForetoldText(clause.legacy), " | ",
                    ForetoldText(clause.subsection), " | ", clause.diverges ? "yes" : "no", " | ", Absl(clause.because),
                    " | ", PairsText(clause.pairs), " | ", Absl(clause.known), " |\n");
  }
  absl::StrAppend(&text,
                  "\n## Invariants\n\nJudged in each layer by its own facts, on every section a trace touched, at the "
                  "end and after a "
                  "refused request for memory.\n\n"
                  "| invariant | generations | says | suspended by | source |\n|---|---|---|---|---|\n");
  for (const Invariant& invariant : Invariants()) {
    const unsigned merged = invariant.sides & 3U;
    absl::string_view sides = merged == 3 ? "both" : merged == 1 ? "legacy" : "sub-section";
    if (merged == 3 && (invariant.sides & 4U) == 0) sides = "both, not as posted";
    if (merged == 2 && (invariant.sides & 4U) == 0) sides = "sub-section, not as posted";
    absl::StrAppend(&text, "| `", Absl(invariant.id), "` | ", sides, " | ", Absl(invariant.says), " | ",
                    SuspendedText(invariant.suspended_by), " | ", Absl(invariant.source), " |\n");
  }
  AppendNvdimmRules(&text);
  return text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
