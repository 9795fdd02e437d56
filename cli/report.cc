// SPDX-License-Identifier: Apache-2.0
// hpfuzz report: a trace as a page to step through, and as a drawing.
#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/pair_options.h"
#include "cli/trace_file.h"
#include "triage/report.h"

namespace hpfuzz {
namespace {

struct Options {
  std::string file;
  std::string output = "report.html";
  std::string svg;
  std::string geometry;
  bool info_block = false;
};

absl::StatusOr<Report> Make(const Options& options) {
  const absl::StatusOr<TraceFile> trace = ReadTraceFile(options.file, options.geometry, options.info_block);
  if (!trace.ok()) return trace.status();
  return MakeReport(*trace->workbench, trace->content,
                    {options.file, options.geometry, options.info_block, ChosenPair()});
}

int Failed(const absl::Status& status, int exit_code) {
  std::cerr << "hpfuzz report: " << status.message() << "\n";
  return exit_code;
}

int Run(const Options& options) {
  const absl::StatusOr<Report> report = Make(options);
  if (!report.ok()) return Failed(report.status(), kExitBadInput);
  absl::Status written = WriteFile(options.output, report->html);
  if (written.ok() && !options.svg.empty()) written = WriteFile(options.svg, report->svg);
  if (!written.ok()) return Failed(written, kExitSetup);
  std::cerr << "hpfuzz report: " << options.output << ": " << (report->key.empty() ? "no finding" : report->key)
            << "\n";
  return kExitAgrees;
}

}  // namespace

void AddReport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "report", "Make a page of a trace, to step through it in a browser: operations, answers, physical memory");
  command->add_option("TRACE", options->file, "the trace, in text or bytes; - is standard input")->required();
  command->add_option("-o,--output", options->output, "where the page goes (report.html); - is standard output");
  command->add_option("--svg", options->svg, "where a drawing of the step that matters goes too, for mails");
  command->add_option("--geometry", options->geometry, "the geometry that bytes were made for (default x86-64)");
  command->add_flag("--info-block", options->info_block, "the file is an input of the fuzz target info_block");
  AddPairOption(command);
  command->footer(
      "Example: hpfuzz report finding.trace -o report.html --svg finding.svg\n"
      "Exit codes: 0 written, whatever the trace shows, 2 bad input, 3 a file cannot be written.");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
