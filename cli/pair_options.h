// SPDX-License-Identifier: Apache-2.0
// The options --pair and --without of commands that run traces.
#ifndef HPFUZZ_CLI_PAIR_OPTIONS_H_
#define HPFUZZ_CLI_PAIR_OPTIONS_H_

#include <string>

#include <CLI/CLI.hpp>

namespace hpfuzz {

// They become variables of the environment (registry/pair_choice.h) when the command line is parsed.
void AddPairOptions(CLI::App* command);
// --pair alone, of commands whose output says how to see the trace run.
CLI::Option* AddPairOption(CLI::App* command);
// What was chosen, or "".
std::string ChosenPair();
std::string SwitchedOffClauses();

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_PAIR_OPTIONS_H_
