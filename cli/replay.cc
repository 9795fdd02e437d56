// SPDX-License-Identifier: Apache-2.0
// hpfuzz replay: traces, in text or bytes, run and judged.
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/pair_options.h"
#include "cli/trace_file.h"

namespace hpfuzz {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
  bool quiet = false;
  bool info_block = false;
  bool draw = false;
};

struct Totals {
  size_t traces = 0;
  size_t findings = 0;
  size_t unreadable = 0;
  std::map<std::string, size_t> clauses;  // clause -> traces
};

absl::StatusOr<Replay> ReplayContent(const Workbench& workbench, const std::string& content, const std::string& file,
                                     bool draw) {
  absl::StatusOr<Replay> replay = workbench.ReplayTrace(content, file);
  if (!replay.ok() || !draw) return replay;
  absl::StatusOr<std::string> drawing = workbench.Draw(content, file);
  if (!drawing.ok()) return drawing.status();
  replay->text = *drawing + replay->verdicts;
  return replay;
}

absl::StatusOr<Replay> ReplayFile(const std::string& file, const Options& options) {
  const absl::StatusOr<TraceFile> trace = ReadTraceFile(file, "", options.info_block);
  if (!trace.ok()) return trace.status();
  absl::StatusOr<Replay> replay = ReplayContent(*trace->workbench, trace->content, file, options.draw);
  if (replay.ok() && options.info_block) replay->left_out = trace->left_out;
  return replay;
}

void PrintSummary(const Totals& totals) {
  std::cout << totals.traces << " traces: " << totals.traces - totals.findings - totals.unreadable << " agree, "
            << totals.findings << " findings, " << totals.unreadable << " unreadable\n";
  for (const auto& [clause, traces] : totals.clauses)
    std::cout << "  clause " << clause << ": in " << traces << " traces\n";
}

int Run(const Options& options) {
  const Inputs inputs = FilesOf(options.files);
  for (const std::string& error : inputs.errors) std::cerr << "hpfuzz replay: " << error << "\n";
  Totals totals;
  totals.traces = totals.unreadable = inputs.errors.size();
  if (options.json) std::cout << "[";
  for (const std::string& file : inputs.files) {
    if (!std::cout) break;  // nobody reads on; main() says so
    absl::StatusOr<Replay> replay = ReplayFile(file, options);
    ++totals.traces;
    if (!replay.ok()) {
      ++totals.unreadable;
      std::cerr << "hpfuzz replay: " << replay.status().message() << "\n";
      continue;
    }
    if (!replay->left_out.empty()) std::cerr << "hpfuzz replay: " << replay->left_out << "\n";
    totals.findings += replay->agrees ? 0 : 1;
    for (const std::string& clause : replay->clauses) ++totals.clauses[clause];
    if (options.json) {
      std::cout << (totals.traces - totals.unreadable > 1 ? ",\n" : "\n") << replay->json;
    } else if (!options.quiet) {
      std::cout << file << "\n" << replay->text << "\n";
    } else if (!replay->agrees) {
      std::cout << file << ": FINDING " << replay->key << "\n";
    }
  }
  if (options.json) {
    std::cout << "\n]\n";
  } else if (totals.traces > 1) {
    PrintSummary(totals);
  }
  if (totals.unreadable != 0) return kExitBadInput;
  return totals.findings != 0 ? kExitFinding : kExitAgrees;
}

}  // namespace

void AddReplay(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay",
      "Run traces on both generations; print every operation, both answers, the clause that explains a difference");
  command->add_option("FILE|DIR", options->files, "traces in text or bytes, told apart by content; - is standard input")
      ->required();
  command->add_flag("--json", options->json, "an array of one object for each trace");
  command->add_flag("--quiet", options->quiet, "findings and the summary only");
  command->add_flag("--draw", options->draw, "physical memory after each step, a character a sub-section");
  command->add_flag("--info-block", options->info_block, "the files are inputs of the fuzz target info_block");
  AddPairOptions(command);
  command->footer("Example: hpfuzz replay repro/cover-letter.trace");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
