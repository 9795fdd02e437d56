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

struct Options {
  std::string file;
  std::string geometry;
  bool info_block = false;
};

absl::StatusOr<Shown> Show(const Options& options) {
  absl::StatusOr<std::string> content = ReadFile(options.file);
  if (!content.ok()) return content.status();
  absl::StatusOr<const Workbench*> workbench = WorkbenchFor(*content, options.file, options.geometry);
  if (!workbench.ok()) return workbench.status();
  if (options.info_block) return (*workbench)->ShowInfoBlock(*content, options.file);
  return (*workbench)->Show(*content, options.file);
}

int Run(const Options& options) {
  const absl::StatusOr<Shown> shown = Show(options);
  if (!shown.ok()) {
    std::cerr << "hpfuzz show: " << shown.status().message() << "\n";
    return kExitBadInput;
  }
  if (!shown->left_out.empty()) std::cerr << "hpfuzz show: " << shown->left_out << "\n";
  std::cout << shown->text;
  return kExitAgrees;
}

}  // namespace

void AddShow(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("show", "Print a trace in bytes as text");
  command->add_option("FILE", options->file, "the trace; - is standard input")->required();
  command->add_option("--geometry", options->geometry, "the geometry the bytes were made for (default x86-64)");
  command->add_flag("--info-block", options->info_block, "the bytes are an input of the fuzz target info_block");
  command->footer("Example: hpfuzz show crash-1f2e3d");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
