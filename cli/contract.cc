// SPDX-License-Identifier: Apache-2.0
// hpfuzz contract: the text of docs/contract.md.
#include <iostream>

#include "cli/command.h"
#include "cli/geometries.h"

namespace hpfuzz {

void AddContract(CLI::App& app, int* exit_code) {
  CLI::App* command =
      app.add_subcommand("contract", "Print the contract between the generations, as in docs/contract.md");
  command->footer("Example: hpfuzz contract > docs/contract.md");
  command->callback([exit_code] {
    std::cout << DefaultWorkbench().ContractMarkdown();
    *exit_code = kExitAgrees;
  });
}

}  // namespace hpfuzz
