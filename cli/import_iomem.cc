// SPDX-License-Identifier: Apache-2.0
// hpfuzz import-iomem: a machine's /proc/iomem as the map of a trace.
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/geometries.h"

namespace hpfuzz {
namespace {

absl::StatusOr<std::string> Import(const std::string& file) {
  absl::StatusOr<std::string> content = ReadFile(file);
  return content.ok() ? DefaultWorkbench().ImportIomem(*content, file) : content.status();
}

int Run(const std::string& file) {
  const absl::StatusOr<std::string> map = Import(file);
  if (!map.ok()) {
    std::cerr << "hpfuzz import-iomem: " << map.status().message() << "\n";
    return kExitBadInput;
  }
  std::cout << *map;
  return kExitAgrees;
}

}  // namespace

void AddImportIomem(CLI::App& app, int* exit_code) {
  auto file = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("import-iomem", "Print the map of a machine, read from its /proc/iomem, as trace text");
  command->add_option("FILE", *file, "a /proc/iomem, read as root; - is standard input")->required();
  command->footer("Example: hpfuzz import-iomem /proc/iomem > machine.trace");
  command->callback([file, exit_code] { *exit_code = Run(*file); });
}

}  // namespace hpfuzz
