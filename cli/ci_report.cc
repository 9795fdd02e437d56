// SPDX-License-Identifier: Apache-2.0
// hpfuzz ci-report: the table, JUnit XML and SARIF of a CI run, from what scripts/ci.sh left. Not shown in --help.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/files.h"
#include "triage/ci_report.h"

namespace hpfuzz {
namespace {

struct Options {
  std::string folder;
  std::string root;
};

int Complain(const absl::Status& status) {
  std::cerr << "hpfuzz ci-report: " << status.message() << "\n";
  return kExitBadInput;
}

int Run(const Options& options) {
  const auto in_folder = [&options](const std::string& name) { return absl::StrCat(options.folder, "/", name); };
  const std::string rows = in_folder("steps.tsv");
  const absl::StatusOr<std::string> text = ReadFile(rows);
  if (!text.ok()) return Complain(text.status());
  const absl::StatusOr<std::vector<CiStep>> steps = ParseCiSteps(*text, rows);
  if (!steps.ok()) return Complain(steps.status());
  const CiReport report = MakeCiReport(*steps, options.root, options.folder,
                                       [&](const std::string& name) { return ReadFile(in_folder(name)); });
  if (const absl::Status status = WriteFile(in_folder("junit.xml"), report.junit); !status.ok())
    return Complain(status);
  if (const absl::Status status = WriteFile(in_folder("results.sarif"), report.sarif); !status.ok())
    return Complain(status);
  std::cout << report.table;
  return report.clean ? kExitAgrees : kExitFinding;
}

}  // namespace

void AddCiReport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("ci-report", "Write junit.xml and results.sarif of a CI run and print its table");
  command->group("");
  command->add_option("DIR", options->folder, "where steps.tsv is (triage/ci_steps.h), and where the files go")
      ->required();
  command->add_option("--root", options->root, "the source tree: files below it are named relative to it");
  command->footer("Example: hpfuzz ci-report build/ci");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
