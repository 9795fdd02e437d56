// SPDX-License-Identifier: Apache-2.0
// hpfuzz recorded: recorded answers of real kernels against ours.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/geometries.h"

namespace hpfuzz {
namespace {

struct Options {
  std::vector<std::string> files;
  bool all = false;
  std::string exported;
};

int Fail(const absl::Status& status) {
  std::cerr << "hpfuzz recorded: " << status.message() << "\n";
  return kExitBadInput;
}

int Export(const Options& options, const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return Fail(text.status());
  absl::StatusOr<std::string> trace = DefaultWorkbench().ExportRecorded(*text, file, options.exported);
  if (!trace.ok()) return Fail(trace.status());
  std::cout << *trace;
  return kExitAgrees;
}

// A file of info blocks lies beside the one that names it, or in a folder of its own there.
absl::StatusOr<std::string> ReadBeside(const std::string& file, const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  const std::filesystem::path beside = folder / name;
  std::error_code error;
  return ReadFile((std::filesystem::exists(beside, error) ? beside : folder / "info-blocks" / name).string());
}

absl::StatusOr<RecordedReport> Check(const Options& options, const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  return DefaultWorkbench().CheckRecorded(*text, file, options.all,
                                          [&file](const std::string& name) { return ReadBeside(file, name); });
}

int Run(const Options& options) {
  if (!options.exported.empty()) return Export(options, options.files.front());
  RecordedReport totals;
  size_t unreadable = 0;
  for (const std::string& file : options.files) {
    if (!std::cout) break;  // nobody reads on; main() says so
    absl::StatusOr<RecordedReport> report = Check(options, file);
    if (!report.ok()) {
      Fail(report.status());
      ++unreadable;
      continue;
    }
    std::cout << report->text;
    totals.cases += report->cases;
    totals.differences += report->differences;
  }
  std::cout << totals.cases << " cases, " << totals.differences << " differences";
  if (unreadable != 0) std::cout << ", " << unreadable << " files unreadable";
  std::cout << "\n";
  if (unreadable != 0) return kExitBadInput;
  return totals.differences != 0 ? kExitFinding : kExitAgrees;
}

}  // namespace

void AddRecorded(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "recorded", "Replay recorded answers of real kernels on our implementation and reference of that generation");
  command->add_option("FILE", options->files, "recorded answers (format: tests/data/README.md)")->required();
  command->add_flag("--all", options->all, "every difference of a case (at most 100), not only its first");
  command->add_option("--export", options->exported, "print this case of the first FILE as a trace instead");
  command->footer("Example: hpfuzz recorded legacy-cases.txt --export span-first");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
