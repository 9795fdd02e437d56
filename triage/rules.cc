// SPDX-License-Identifier: Apache-2.0
// Rules: a sentence and a help from each row of each table.
#include "triage/rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "oracle/contract.h"
#include "oracle/contract_markdown.h"
#include "oracle/finding.h"
#include "oracle/invariants.h"
#include "oracle/nvdimm_rules.h"
#include "triage/rule_help.h"

namespace hpfuzz {
namespace {

constexpr char kCrash[] = "crash.";

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

absl::string_view GenerationOf(const Finding& finding) {
  if (finding.generation == OfGeneration::kSeries) return "the series as posted";
  return finding.side == Side::kLegacy ? "5.1" : "6.1 or 6.12";
}

// Some tools print AddressSanitizer's words in capitals: keys of summaries keep them.
std::string Lower(std::string_view text) { return absl::AsciiStrToLower(Absl(text)); }

SarifRule CheckRule(const CheckHelp& row, Finding finding) {
  SarifRule rule;
  finding.check = row.check;
  rule.id = FindingName(finding);
  const std::string look = absl::StrCat("\nLook first at ", Absl(row.look), ".");
  if (finding.kind == Finding::Kind::kPair) {
    rule.title = absl::StrCat("The two generations differ in ", Absl(row.what), ", and no clause allows it.");
    rule.help = absl::StrCat(
        "Each layer agrees with its own reference, or the key would name that. So a clause is missing in "
        "oracle/contract.cc, or one did not mark what it let differ, or a layer and its reference are wrong alike.",
        look);
    return rule;
  }
  const absl::string_view generation = GenerationOf(finding);
  rule.title = absl::StrCat("The layer of ", generation, " and its reference differ in ", Absl(row.what), ".");
  rule.help = absl::StrCat(
      "One of the two is wrong by its own kernel. A reference is small and written from the kernel's rules; what real "
      "kernels answered is the law (hpfuzz recorded, ./hpfuzz witness replay).",
      look);
  return rule;
}

SarifRule ExpectationRule(Finding finding) {
  finding.kind = Finding::Kind::kExpectation;
  return {
      FindingName(finding), absl::StrCat(GenerationOf(finding), " does not answer what the trace expects."),
      "Expected answers stand in the trace behind '->'; the layer agrees with its reference and with the contract, or "
      "the key would name that.\nLook first at where the expectation comes from. If a real kernel answered so, the "
      "layer and its reference are wrong alike."};
}

SarifRule ClauseRule(const Clause& clause) {
  const std::string id(clause.id);
  const bool merged = clause.HoldsIn(PairKind::kLegacyMainline);
  const absl::string_view older = merged ? "5.1" : "the older machine";
  const absl::string_view newer = merged ? "6.1 and 6.12" : "the newer one";
  return {id, absl::StrCat("An answer is not what the clause ", id, " foretells."),
          absl::StrCat("The clause governs when: ", Absl(clause.when), ". Relation: ",
                       Absl(RelationName(clause.relation)), ". Foretold of ", older, ": ", ForetoldText(clause.legacy),
                       "; of ", newer, ": ", ForetoldText(clause.subsection), ". Because: ", Absl(clause.because),
                       ".\nLook first at which of the two answers is another. Each layer agrees with its reference, or "
                       "the key would name that: the clause is wrong (oracle/contract.cc), or a layer and its "
                       "reference are wrong alike.")};
}

SarifRule InvariantRule(const Invariant& invariant) {
  const unsigned merged = invariant.sides & 3U;
  const absl::string_view where = merged == 3   ? "each layer"
                                  : merged == 1 ? "the layer of 5.1"
                                                : "the layers of 6.1 and 6.12";
  return {
      std::string(invariant.id), absl::StrCat("Broken invariant: ", Absl(invariant.says), "."),
      absl::StrCat("Must hold in ", where,
                   " by its own facts, at the end of a run and after a refused request for memory. Suspended by: ",
                   SuspendedText(invariant.suspended_by), ". Source: ", Absl(invariant.source),
                   ".\nLook first at the section that the explanation names, and at the last operation that touched "
                   "it (hpfuzz replay --draw).")};
}

SarifRule NvdimmRuleOf(const NvdimmRuleRow& row) {
  return {std::string(row.id), absl::StrCat("Broken rule of namespaces: ", Absl(row.says), "."),
          absl::StrCat("Must hold in each world by itself, whatever its reference says. Source: ", Absl(row.source),
                       ".\nLook first at the info block: what was written, and what the last probe read.")};
}

std::set<std::string> Ids() {
  std::set<std::string> ids;
  for (const SarifRule& rule : RulesOfFindings()) ids.insert(rule.id);
  return ids;
}

}  // namespace

std::vector<SarifRule> RulesOfFindings() {
  std::vector<SarifRule> rules;
  Finding finding;
  for (const CheckHelp& row : CheckHelps()) {
    finding.kind = Finding::Kind::kReference;
    for (const Side side : {Side::kLegacy, Side::kSubsection}) {
      finding.side = side;
      rules.push_back(CheckRule(row, finding));
    }
    finding.generation = OfGeneration::kSeries;
    rules.push_back(CheckRule(row, finding));
    finding.generation = OfGeneration::kAsSide;
    finding.kind = Finding::Kind::kPair;
    rules.push_back(CheckRule(row, finding));
  }
  for (const Clause& clause : Clauses()) rules.push_back(ClauseRule(clause));
  for (const Invariant& invariant : Invariants()) rules.push_back(InvariantRule(invariant));
  for (const NvdimmRuleRow& row : NvdimmRules()) rules.push_back(NvdimmRuleOf(row));
  finding = {};
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    finding.side = side;
    rules.push_back(ExpectationRule(finding));
  }
  finding.generation = OfGeneration::kSeries;
  rules.push_back(ExpectationRule(finding));
  for (const CrashHelp& row : CrashHelps()) {
    rules.push_back({absl::StrCat(kCrash, Absl(row.id)), std::string(row.title), std::string(row.help)});
  }
  return rules;
}

std::string RuleOfKey(std::string_view key) {
  static const std::set<std::string> kIds = Ids();
  const size_t dot = key.find('.');
  const std::string_view first = key.substr(0, dot);
  if (key.starts_with(kCrash)) {
    std::string_view kind = key.substr(std::string_view(kCrash).size());
    kind = kind.substr(0, kind.find('.'));
    const std::string_view id = CrashHelpOf(kind);
    return absl::StrCat(kCrash, id.empty() ? "other" : Absl(id));
  }
  if (dot != std::string_view::npos) {
    if (std::string name(key.substr(dot + 1)); kIds.contains(name)) return name;
  }
  const std::string_view id = CrashHelpOf(Lower(first));
  return id.empty() ? std::string(key) : absl::StrCat(kCrash, Absl(id));
}

std::vector<SarifRule> RulesNamedIn(const std::vector<SarifResult>& results) {
  std::vector<SarifRule> rules = RulesOfFindings();
  const auto named = [&results](const SarifRule& rule) {
    return std::any_of(results.begin(), results.end(),
                       [&rule](const SarifResult& result) { return result.rule == rule.id; });
  };
  rules.erase(std::remove_if(rules.begin(), rules.end(), [&named](const SarifRule& rule) { return !named(rule); }),
              rules.end());
  return rules;
}

}  // namespace hpfuzz
