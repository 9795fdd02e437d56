// SPDX-License-Identifier: Apache-2.0
// The help of rules, as data: what each comparison is about, what each kind of crash is, and what to look at first.
// Clauses, invariants and rules of namespaces tell about themselves (oracle/contract.h, oracle/invariants.h,
// oracle/nvdimm_rules.h).
#ifndef HPFUZZ_TRIAGE_RULE_HELP_H_
#define HPFUZZ_TRIAGE_RULE_HELP_H_

#include <string_view>

#include "absl/types/span.h"
#include "oracle/finding.h"

namespace hpfuzz {

struct CheckHelp {
  Check check;
  std::string_view what;  // "... differ in <what>"
  std::string_view look;  // "Look first at <look>."
};
// By Check.
absl::Span<const CheckHelp> CheckHelps();

struct CrashHelp {
  std::string_view id;  // of the rule, behind "crash."
  std::string_view title;
  std::string_view help;
};
absl::Span<const CrashHelp> CrashHelps();

// The id of the help for what a crash's key, or a sanitizer, calls it ("heap-use-after-free"); empty: nothing is known
// of it.
std::string_view CrashHelpOf(std::string_view kind);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_RULE_HELP_H_
