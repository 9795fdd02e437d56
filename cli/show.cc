// SPDX-License-Identifier: Apache-2.0
// hpfuzz show: a trace in bytes as text.
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/geometries.h"

namespace hpfuzz {
namespace {

int Run(const std::string& file, const std::string& geometry) {
  absl::StatusOr<std::string> content = ReadFile(file);
  absl::Status status = content.status();
  if (status.ok()) {
    absl::StatusOr<const Workbench*> workbench =
        geometry.empty() ? WorkbenchFor(*content, file) : WorkbenchFor("geometry " + geometry + "\n", "--geometry");
    status = workbench.status();
    if (status.ok()) {
      absl::StatusOr<Shown> shown = (*workbench)->Show(*content, file);
      if (shown.ok()) {
        if (!shown->left_out.empty()) std::cerr << "hpfuzz show: " << shown->left_out << "\n";
        std::cout << shown->text;
        return kExitAgrees;
      }
      status = shown.status();
    }
  }
  std::cerr << "hpfuzz show: " << status.message() << "\n";
  return kExitBadInput;
}

}  // namespace

void AddShow(CLI::App& app, int* exit_code) {
  auto file = std::make_shared<std::string>();
  auto geometry = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("show", "Print a trace in bytes as text");
  command->add_option("FILE", *file, "the trace; - is standard input")->required();
  command->add_option("--geometry", *geometry, "the geometry the bytes were made for (default x86-64)");
  command->footer("Example: hpfuzz show crash-1f2e3d");
  command->callback([file, geometry, exit_code] { *exit_code = Run(*file, *geometry); });
}

}  // namespace hpfuzz
