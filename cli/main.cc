// SPDX-License-Identifier: Apache-2.0
// hpfuzz: the command line. Parses, dispatches, returns the subcommand's exit code.
#include <csignal>
#include <exception>
#include <iostream>

#include "cli/command.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is a failed write, not a death
  int exit_code = hpfuzz::kExitAgrees;
  CLI::App app("hpfuzz: memory-hotplug implementations against each other and against recorded kernels");
  app.require_subcommand(1);
  app.footer(
      "Example: hpfuzz replay repro\nExit codes: 0 agrees, 1 a finding or difference, 2 bad input or usage, 3 the "
      "machine lacks something.");
  hpfuzz::AddFuzz(app, &exit_code);
  hpfuzz::AddReplay(app, &exit_code);
  hpfuzz::AddShow(app, &exit_code);
  hpfuzz::AddMinimize(app, &exit_code);
  hpfuzz::AddTriage(app, &exit_code);
  hpfuzz::AddReport(app, &exit_code);
  hpfuzz::AddEncode(app, &exit_code);
  hpfuzz::AddRecorded(app, &exit_code);
  hpfuzz::AddImportIomem(app, &exit_code);
  hpfuzz::AddContract(app, &exit_code);
  hpfuzz::AddWitness(app, &exit_code);
  hpfuzz::AddCorpus(app, &exit_code);
  hpfuzz::AddBench(app, &exit_code);
  hpfuzz::AddCiReport(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? hpfuzz::kExitAgrees : hpfuzz::kExitBadInput;
  } catch (const std::exception& error) {
    std::cerr << "hpfuzz: " << error.what() << "\n";
    return hpfuzz::kExitBadInput;
  }
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "hpfuzz: standard output: cannot write\n";
    return hpfuzz::kExitBadInput;
  }
  return exit_code;
}
