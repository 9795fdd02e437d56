// SPDX-License-Identifier: Apache-2.0
// hpfuzz bench: how many bugs are found, and how fast. The launcher builds the programs and gives their list.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "campaign/bench_plan.h"
#include "campaign/bench_plot.h"
#include "campaign/bench_report.h"
#include "campaign/bench_run.h"
#include "campaign/bench_table.h"
#include "campaign/mutant_list.h"
#include "campaign/mutant_report.h"
#include "campaign/mutant_run.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/interruption.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string mutants;
  std::string programs;
  std::string contenders = "structured,ndctl,corpus";
  uint32_t seeds = 5;
  int seconds = 60;
  int jobs = 1;
  std::string source = ".";
  std::string clean;
  std::string results;
};

int Fail(const absl::Status& status) {
  std::cerr << "hpfuzz bench: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? kExitBadInput : kExitSetup;
}

void Show(const BenchResult& result, size_t done, size_t all) {
  std::cerr << absl::StrFormat("%d of %d: %s, %s, seed %d: %s after %.2f s and %d executions%s\n", done, all,
                               result.mutant, result.contender, result.seed, result.found ? "found" : "not found",
                               result.seconds, result.executions, result.found ? ": " + result.key : "");
}

BenchSetting SettingOf(const Options& options) {
  BenchSetting setting;
  std::error_code error;
  setting.seconds = options.seconds;
  setting.jobs = options.jobs;
  setting.source = fs::weakly_canonical(options.source, error);
  setting.clean = fs::weakly_canonical(options.clean, error);
  setting.results = fs::weakly_canonical(options.results, error);
  setting.work = setting.results.string() + ".work";
  setting.interrupted = Interrupted;
  setting.show = Show;
  return setting;
}

absl::Status WriteReports(const BenchTable& table, const fs::path& results) {
  const std::pair<const char*, std::string> files[] = {
      {".md", PrintBenchMarkdown(table)}, {".report.json", PrintBenchJson(table)}, {".svg", PlotBench(table)}};
  for (const auto& [ending, text] : files) {
    if (absl::Status written = WriteFile(results.string() + ending, text); !written.ok()) return written;
  }
  return absl::OkStatus();
}

// Whatever is in the folder, from whichever shards and runs.
int Report(const fs::path& folder) {
  const BenchResults results = ReadResults(folder);
  for (const std::string& error : results.errors) std::cerr << "hpfuzz bench: " << error << "\n";
  const BenchTable table = SumUp(results.results);
  std::cout << PrintBenchText(table);
  if (absl::Status written = WriteReports(table, folder); !written.ok()) return Fail(written);
  std::cout << folder.string() << ".md, .report.json, .svg\n";
  return results.errors.empty() ? kExitAgrees : kExitBadInput;
}

int RunBugs(const Options& options) {
  const absl::StatusOr<std::vector<const Contender*>> contenders = ContendersNamed(options.contenders);
  if (!contenders.ok()) return Fail(contenders.status());
  const BenchSetting setting = SettingOf(options);
  if (options.mutants.empty()) return Report(setting.results);
  const absl::StatusOr<std::string> text = ReadFile(options.mutants);
  if (!text.ok()) return Fail(text.status());
  const absl::StatusOr<std::vector<BenchMutant>> mutants = ReadMutantList(*text, options.mutants);
  if (!mutants.ok()) return Fail(mutants.status());
  WatchForInterruption();
  const std::vector<BenchRun> plan = PlanBench(*mutants, *contenders, options.seeds);
  const std::vector<BenchRun> runs = WithoutResult(plan, setting);
  std::cerr << plan.size() << " runs, of which " << plan.size() - runs.size() << " have their result.\n";
  const std::vector<std::string> errors = RunAllBenches(runs, setting);
  for (const std::string& error : errors) std::cerr << "hpfuzz bench: " << error << "\n";
  const int reported = Report(setting.results);
  return errors.empty() && !Interrupted() ? reported : kExitSetup;
}

void ShowMutant(const Mutant& mutant, const MutantVerdict& verdict, size_t done) {
  const char* const words[] = {"survived", "killed by the corpus", "killed by fuzzing"};
  std::cerr << absl::StrFormat("%d: mutant %d, %s:%d, %s: %s %s\n", done, mutant.number, mutant.file, mutant.line,
                               mutant.change, verdict.failed ? "failed" : words[static_cast<unsigned>(verdict.killed)],
                               verdict.failed ? verdict.error : verdict.key);
}

absl::StatusOr<Explanations> ExplanationsIn(const fs::path& file) {
  const absl::StatusOr<std::string> text = ReadFile(file.string());
  if (!text.ok()) return text.status();
  return ReadExplanations(*text, file.string());
}

absl::StatusOr<std::vector<Mutant>> MutantsIn(const std::string& file) {
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) return text.status();
  return ReadMutants(*text, file);
}

int ReportMutants(const MutantScore& score, const std::string& results, absl::Span<const Mutant> mutants,
                  absl::Span<const MutantVerdict> verdicts) {
  std::cout << PrintMutantText(score);
  for (const std::string& error : score.errors) std::cerr << "hpfuzz bench: " << error << "\n";
  absl::Status written = WriteFile(results + ".md", PrintMutantMarkdown(score));
  if (written.ok()) written = WriteFile(results + ".report.json", PrintMutantJson(score, mutants, verdicts));
  if (!written.ok()) return Fail(written);
  return score.errors.empty() && !Interrupted() ? kExitAgrees : kExitSetup;
}

int RunAllMutants(const Options& options) {
  const absl::StatusOr<std::vector<Mutant>> mutants = MutantsIn(options.mutants);
  if (!mutants.ok()) return Fail(mutants.status());
  const absl::StatusOr<Explanations> explanations =
      ExplanationsIn(fs::path(options.source) / "bugs" / "equivalent_mutants.txt");
  if (!explanations.ok()) return Fail(explanations.status());
  WatchForInterruption();
  MutantSetting setting;
  setting.seconds = options.seconds;
  setting.jobs = options.jobs;
  setting.source = options.source;
  setting.programs = options.programs;
  setting.work = options.results + ".work";
  setting.interrupted = Interrupted;
  setting.show = ShowMutant;
  const std::vector<MutantVerdict> verdicts = RunMutants(*mutants, setting);
  return ReportMutants(ScoreOf(*mutants, verdicts, *explanations), options.results, *mutants, verdicts);
}

void AddMutants(CLI::App* command, int* exit_code) {
  auto options = std::make_shared<Options>();
  options->seconds = 5;
  CLI::App* mutants = command->add_subcommand("mutants", "Meet small changes of the implementations, one at a time");
  mutants->add_option("--mutants", options->mutants, "the list that scripts/make_mutants.py made")->required();
  mutants->add_option("--programs", options->programs, "the folder of the programs that hold them")->required();
  mutants->add_option("--seconds", options->seconds, "of fuzzing for those that the corpus lets live")
      ->check(CLI::Range(1, 999999))
      ->capture_default_str();
  mutants->add_option("--jobs", options->jobs, "mutants at a time")->check(CLI::Range(1, 256))->capture_default_str();
  mutants->add_option("--source", options->source, "the source tree")->capture_default_str();
  mutants->add_option("--results", options->results, "reports are this with .md and .report.json behind")->required();
  mutants->footer(
      "./hpfuzz bench mutants makes the programs first. Exit codes: 0 it ran, whoever survived, 2 bad usage or input, "
      "3 a "
      "mutant could not be run, or it was interrupted.");
  mutants->callback([options, exit_code] { *exit_code = RunAllMutants(*options); });
}

}  // namespace

void AddBench(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("bench", "How many bugs are found, and how fast: known ones, and small changes");
  command->require_subcommand(1);
  CLI::App* bugs = command->add_subcommand("bugs", "Look for bugs that are patched in, by several ways");
  bugs->add_option("--mutants", options->mutants, "lines NAME TARGET KEY FOLDER; none: only report what is there");
  bugs->add_option("--contenders", options->contenders, "names with commas between, or all")->capture_default_str();
  bugs->add_option("--seeds", options->seeds, "seeds 1 to N")->check(CLI::Range(1, 999))->capture_default_str();
  bugs->add_option("--seconds", options->seconds, "for each run")->check(CLI::Range(1, 999999))->capture_default_str();
  bugs->add_option("--jobs", options->jobs, "runs at a time")->check(CLI::Range(1, 256))->capture_default_str();
  bugs->add_option("--source", options->source, "the source tree")->capture_default_str();
  bugs->add_option("--clean", options->clean, "the programs without a bug");
  bugs->add_option("--results", options->results, "a folder; reports stand beside it")->required();
  bugs->footer(
      "./hpfuzz bench bugs builds the programs first. Exit codes: 0 it ran, whatever was found, 2 bad usage or input, "
      "3 "
      "a run failed or was interrupted; run it again, it goes on.");
  bugs->callback([options, exit_code] { *exit_code = RunBugs(*options); });
  AddMutants(command, exit_code);
}

}  // namespace hpfuzz
