// SPDX-License-Identifier: Apache-2.0
// hpfuzz encode: a trace in text as bytes.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/geometries.h"

namespace hpfuzz {
namespace {

absl::StatusOr<std::string> EncodeFile(const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  absl::StatusOr<const Workbench*> workbench = WorkbenchFor(*text, file);
  if (!workbench.ok()) return workbench.status();
  absl::StatusOr<std::vector<uint8_t>> bytes = (*workbench)->Encode(*text, file);
  if (!bytes.ok()) return bytes.status();
  return std::string(bytes->begin(), bytes->end());
}

int Run(const std::string& file, const std::string& output) {
  absl::StatusOr<std::string> bytes = EncodeFile(file);
  absl::Status status = bytes.ok() ? WriteFile(output, *bytes) : bytes.status();
  if (status.ok()) return kExitAgrees;
  std::cerr << "hpfuzz encode: " << status.message() << "\n";
  return kExitBadInput;
}

}  // namespace

void AddEncode(CLI::App& app, int* exit_code) {
  auto file = std::make_shared<std::string>();
  auto output = std::make_shared<std::string>("-");
  CLI::App* command = app.add_subcommand("encode", "Write a trace in text as bytes, the form fuzz targets take");
  command->add_option("FILE", *file, "the trace; - is standard input")->required();
  command->add_option("-o,--output", *output, "where to (default: standard output)");
  command->footer("Example: hpfuzz encode repro/cover-letter.trace -o seed");
  command->callback([file, output, exit_code] { *exit_code = Run(*file, *output); });
}

}  // namespace hpfuzz
