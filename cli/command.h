// SPDX-License-Identifier: Apache-2.0
// The subcommands of hpfuzz. Each adds itself to the application with its help and an example; when it is chosen it
// stores its exit code.
#ifndef HPFUZZ_CLI_COMMAND_H_
#define HPFUZZ_CLI_COMMAND_H_

#include <CLI/CLI.hpp>

namespace hpfuzz {

inline constexpr int kExitAgrees = 0;
inline constexpr int kExitFinding = 1;
inline constexpr int kExitBadInput = 2;  // also wrong usage
inline constexpr int kExitSetup = 3;     // something of this machine is missing: no guest to ask

void AddFuzz(CLI::App& app, int* exit_code);
void AddReplay(CLI::App& app, int* exit_code);
void AddShow(CLI::App& app, int* exit_code);
void AddReport(CLI::App& app, int* exit_code);
void AddEncode(CLI::App& app, int* exit_code);
void AddRecorded(CLI::App& app, int* exit_code);
void AddImportIomem(CLI::App& app, int* exit_code);
void AddContract(CLI::App& app, int* exit_code);
void AddMinimize(CLI::App& app, int* exit_code);
void AddTriage(CLI::App& app, int* exit_code);
void AddWitness(CLI::App& app, int* exit_code);
void AddCorpus(CLI::App& app, int* exit_code);
void AddBench(CLI::App& app, int* exit_code);
void AddCiReport(CLI::App& app, int* exit_code);

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_COMMAND_H_
