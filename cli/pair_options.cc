// SPDX-License-Identifier: Apache-2.0
// --pair and --without.
#include "cli/pair_options.h"

#include <cstdlib>
#include <memory>

#include "registry/pair_choice.h"

namespace hpfuzz {
namespace {

std::string Set(const char* variable, const std::string& value) {
  setenv(variable, value.c_str(), 1);
  const absl::Status status = CheckPairChoice();
  return status.ok() ? std::string() : std::string(status.message());
}

std::string Get(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

}  // namespace

CLI::Option* AddPairOption(CLI::App* command) {
  // Lives as long as the option does.
  const auto names = std::make_shared<std::string>();
  return command
      ->add_option("--pair", *names,
                   "two of legacy, series-v5, mainline-6.1 and mainline-6.12, with a comma "
                   "(default: legacy beside either mainline; fuzz targets run the first)")
      ->check([names](const std::string& value) { return Set(kPairVariable, *names = value); });
}

void AddPairOptions(CLI::App* command) {
  CLI::Option* const pair = AddPairOption(command);
  const auto clauses = std::make_shared<std::string>();
  command
      ->add_option("--without", *clauses,
                   "clauses that excuse nothing: ids, numbers of known bugs such as B6, or known for all "
                   "differences that are known to be faults")
      ->needs(pair)
      ->check([clauses](const std::string& value) { return Set(kWithoutVariable, *clauses = value); });
}

std::string ChosenPair() { return Get(kPairVariable); }
std::string SwitchedOffClauses() { return Get(kWithoutVariable); }

}  // namespace hpfuzz
