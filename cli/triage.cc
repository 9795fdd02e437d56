// SPDX-License-Identifier: Apache-2.0
// hpfuzz triage: crash files into buckets.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/geometries.h"
#include "cli/interruption.h"
#include "cli/pair_options.h"
#include "triage/bucket.h"
#include "triage/open_findings.h"
#include "triage/shown_text.h"
#include "triage/triage_run.h"
#include "triage/triage_text.h"
#include "witness/recipe.h"

namespace hpfuzz {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string output = "triage";
  std::string geometry;
  std::string promote;
  std::string repro = "repro";
  int jobs = 1;
  double seconds = 60;
  size_t megabytes = 2048;
  bool info_block = false;
  bool quiet = false;
};

// Names of files are a stranger's: a terminal is not to do what they say.
void Say(const std::string& line) { std::cerr << "hpfuzz triage: " << ShownText(Repaired(line)) << "\n"; }

TriageSetting SettingOf(const Options& options) {
  TriageSetting setting;
  setting.out = options.output;
  setting.jobs = options.jobs;
  setting.seconds = options.seconds;
  setting.memory = options.megabytes << 20;
  setting.replay = {"/proc/self/exe", "replay"};
  setting.recipe = [](absl::string_view trace, absl::string_view file, bool crashes) {
    return MakeKernelRecipe(trace, file, crashes).text;
  };
  setting.info_block = options.info_block;
  setting.pair = ChosenPair();
  setting.read = ReadFile;
  setting.workbench = [geometry = options.geometry](absl::string_view content, absl::string_view file) {
    return WorkbenchFor(content, file, geometry);
  };
  setting.interrupted = Interrupted;
  if (!options.quiet) setting.show = [bar = ProgressBar()](auto... counts) mutable { bar.Show(counts...); };
  return setting;
}

int RunPromote(const Options& options) {
  const TriageSetting setting = SettingOf(options);
  const auto moved = Promote(options.promote, {options.output, options.repro}, setting.workbench);
  if (!moved.ok()) {
    Say(std::string(moved.status().message()));
    return absl::IsUnavailable(moved.status()) ? kExitSetup : kExitBadInput;
  }
  std::cout << moved->string() << "\n";
  return kExitAgrees;
}

int Run(const Options& options) {
  if (!options.promote.empty()) return RunPromote(options);
  WatchForInterruption();
  if (options.files.empty()) {
    Say("no input; hpfuzz triage --help tells");
    return kExitBadInput;
  }
  // Each input is read several times.
  if (std::count(options.files.begin(), options.files.end(), "-") != 0) {
    Say("-: standard input cannot be read twice; name a file");
    return kExitBadInput;
  }
  const Inputs inputs = FilesOf(options.files);
  for (const std::string& error : inputs.errors) Say(error);
  const absl::StatusOr<TriageSummary> summary = RunTriage(inputs.files, SettingOf(options));
  if (!summary.ok()) {
    Say(std::string(summary.status().message()));
    return kExitSetup;
  }
  for (const std::string& error : summary->errors) Say(error);
  std::cout << PrintTriage(*summary, options.output);
  if (!inputs.errors.empty() || !summary->errors.empty()) return kExitBadInput;
  if (!summary->buckets.empty()) return kExitFinding;
  return summary->interrupted ? kExitSetup : kExitAgrees;
}

}  // namespace

void AddTriage(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "triage", "Put inputs that stopped a fuzz target into buckets, one a cause, each with its smallest trace");
  command->add_option("FILE|DIR", options->files, "inputs, in bytes or in text");
  command->add_option("-o,--output", options->output, "the folder of the buckets (triage)");
  command->add_option("-j,--jobs", options->jobs, "inputs at a time (1)")->check(CLI::Range(1, 1024));
  command->add_option("--seconds", options->seconds, "how long one input may be minimised (60)")
      ->check(CLI::Range(0.1, 1e6));
  command->add_option("--megabytes", options->megabytes, "how much memory one input may take (2048)")
      ->check(CLI::Range(64, 1 << 20));
  command->add_option("--geometry", options->geometry, "the geometry that bytes were made for (default x86-64)");
  command->add_flag("--info-block", options->info_block, "the files are inputs of the fuzz target info_block");
  command->add_option("--promote", options->promote,
                      "move a finding on: from its bucket to repro/open, and when it is gone from there to repro");
  command->add_option("--repro", options->repro, "the folder of kept traces (repro)");
  command->add_flag("--quiet", options->quiet, "no progress");
  AddPairOption(command);
  command->footer("Example: hpfuzz triage build/fuzz/differential/findings -o triage --jobs 2");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
