// SPDX-License-Identifier: Apache-2.0
// Mutants behind a switch: the list that scripts/make_mutants.py writes, and the explanations of those that nothing can
// see (bugs/equivalent_mutants.txt).
#ifndef HPFUZZ_CAMPAIGN_MUTANT_LIST_H_
#define HPFUZZ_CAMPAIGN_MUTANT_LIST_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

struct Mutant {
  int number = 0;  // HPFUZZ_MUTANT makes a program this one
  std::string file;
  int line = 0;
  std::string kind;    // comparison, operator, constant, condition, statement, arguments
  std::string change;  // "< to <="
  std::string source;  // the line as it was

  // What is left of it when lines move.
  std::tuple<std::string, std::string, std::string> identity() const { return {file, source, change}; }
};

// Lines "NUMBER FILE LINE KIND CHANGE SOURCE" with tabs between. InvalidArgument: with the line, and what is expected.
absl::StatusOr<std::vector<Mutant>> ReadMutants(absl::string_view text, absl::string_view file);

// Why nothing can see a mutant, by its identity.
using Explanations = std::map<std::tuple<std::string, std::string, std::string>, std::string>;
// Lines "FILE SOURCE CHANGE REASON" with tabs between, comments that begin with '#'. Errors as above.
absl::StatusOr<Explanations> ReadExplanations(absl::string_view text, absl::string_view file);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_MUTANT_LIST_H_
