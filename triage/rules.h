// SPDX-License-Identifier: Apache-2.0
// What findings mean, for reports that explain them: one rule a clause, an invariant, a rule of namespaces, a
// comparison, an expectation and a kind of crash, each with a sentence and with what to look at first. Made from the
// tables that judge, so that none is missing; what those tables do not say stands here (rule_help.h).
#ifndef HPFUZZ_TRIAGE_RULES_H_
#define HPFUZZ_TRIAGE_RULES_H_

#include <string>
#include <string_view>
#include <vector>

#include "triage/sarif.h"

namespace hpfuzz {

// Ids are what stands behind the operation in a finding's key, or "crash.<what>".
std::vector<SarifRule> RulesOfFindings();

// The rule of a finding's key ("memremap_pages.pair-answer" -> "pair-answer"), of a crash's, or of what the summary
// line of a sanitizer makes (process/sanitizer_summary.h). The key itself when nothing is known of it.
std::string RuleOfKey(std::string_view key);

// Of the rules, in their order, those that `results` name.
std::vector<SarifRule> RulesNamedIn(const std::vector<SarifResult>& results);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_RULES_H_
