// SPDX-License-Identifier: Apache-2.0
// hpfuzz minimize: the smallest trace with the same finding.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/interruption.h"
#include "cli/pair_options.h"
#include "cli/trace_file.h"
#include "triage/minimize_run.h"

namespace hpfuzz {
namespace {

struct Options {
  std::string file;
  std::string output = "-";
  std::string bytes;
  std::string geometry;
  std::string target;
  double seconds = 60;
  bool child = false;
  bool info_block = false;
  bool quiet = false;
};

void Say(const std::string& line) { std::cerr << "hpfuzz minimize: " << line << "\n"; }

absl::StatusOr<Minimized> Minimize(const Options& options) {
  const absl::StatusOr<TraceFile> trace = ReadTraceFile(options.file, options.geometry, options.info_block);
  if (!trace.ok()) return trace.status();
  MinimizeOptions run;
  run.seconds = options.seconds;
  run.replay = {"/proc/self/exe", "replay", "--quiet"};
  if (!options.target.empty()) run.target = {options.target};
  run.always_child = options.child;
  run.interrupted = Interrupted;
  if (!options.quiet) run.say = Say;
  return RunMinimize(*trace->workbench, trace->content, options.file, run);
}

void Tell(const Minimized& result) {
  if (!result.left_out.empty()) Say(result.left_out);
  const MinimizeProgress& progress = result.progress;
  Say(absl::StrCat(result.key, ": ", progress.operations_at_first, " operations, now ", progress.operations, ", ",
                   progress.candidates, " candidates",
                   result.minimal ? "; no single step makes it smaller" : "; ended before its time, the best so far"));
}

absl::Status WriteBytes(const Options& options, const Minimized& result) {
  if (options.bytes.empty()) return absl::OkStatus();
  if (result.bytes_have_key) {
    return WriteFile(options.bytes, std::string(result.bytes.begin(), result.bytes.end()));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      options.bytes, ": not written, the trace in bytes has not this key: bytes carry no expected answers"));
}

int Run(const Options& options) {
  WatchForInterruption();
  const absl::StatusOr<Minimized> result = Minimize(options);
  absl::Status status = result.ok() ? WriteFile(options.output, result->text) : result.status();
  if (result.ok() && !options.quiet) Tell(*result);
  if (status.ok()) status = WriteBytes(options, *result);
  if (status.ok()) return kExitAgrees;
  Say(std::string(status.message()));
  return absl::IsUnavailable(status) ? kExitSetup : kExitBadInput;
}

}  // namespace

void AddMinimize(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "minimize", "Make a trace with a finding as small as it gets with the same finding, operation by operation");
  command->add_option("FILE", options->file, "the trace, in text or bytes; - is standard input")->required();
  command->add_option("-o,--output", options->output, "where the text goes (default: standard output)");
  command->add_option("--bytes", options->bytes, "where the trace goes in bytes, the form fuzz targets take");
  command->add_option("--seconds", options->seconds, "how long it may take at most (60)")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--target", options->target,
                      "a fuzz target that runs every candidate, a process each: for what only that program shows");
  command->add_flag("--child", options->child, "a process for every candidate; always so for traces that crash");
  command->add_option("--geometry", options->geometry, "the geometry that bytes were made for (default x86-64)");
  command->add_flag("--info-block", options->info_block, "the file is an input of the fuzz target info_block");
  command->add_flag("--quiet", options->quiet, "no progress");
  AddPairOptions(command);
  command->footer("Example: hpfuzz minimize crash-1f2e3d -o finding.trace");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
