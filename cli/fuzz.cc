// SPDX-License-Identifier: Apache-2.0
// hpfuzz fuzz: a fuzz target that is built, run on an engine for a while.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "campaign/afl.h"
#include "campaign/fuzz_plan.h"
#include "campaign/fuzz_run.h"
#include "campaign/libfuzzer.h"
#include "campaign/work_folder.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/interruption.h"
#include "cli/pair_options.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string target = "differential";
  std::string engine = "libfuzzer";
  int seconds = 60;
  int jobs = 1;
  uint32_t seed = 0;  // 0: chosen anew
  std::string bin;
  std::string source;
  std::string work;
  std::string corpus;
  std::string mutes;
  std::string json;
  bool stop_at_first = false;
  bool no_seeds = false;
};

int Fail(const absl::Status& status) {
  std::cerr << "hpfuzz fuzz: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) ? kExitBadInput : kExitSetup;
}

FuzzPlaces PlacesOf(const Options& options) {
  std::error_code error;
  FuzzPlaces places;
  places.bin = options.bin.empty() ? fs::read_symlink("/proc/self/exe", error).parent_path()
                                   : fs::weakly_canonical(options.bin, error);
  places.source = options.source.empty() ? SourceTreeAbove(places.bin) : fs::weakly_canonical(options.source, error);
  if (!options.work.empty()) places.work = fs::weakly_canonical(options.work, error);
  if (!options.corpus.empty()) places.corpus = fs::weakly_canonical(options.corpus, error);
  places.seeds = !options.no_seeds;
  places.pair = ChosenPair();
  places.without = SwitchedOffClauses();
  return places;
}

absl::StatusOr<Mutes> MutesOf(const Options& options, const fs::path& source) {
  std::error_code error;
  if (!options.mutes.empty()) return Mutes::Read(options.mutes);
  const fs::path file = source / "muted.txt";
  return fs::exists(file, error) ? Mutes::Read(file) : Mutes();
}

// The status line: over itself on a terminal; elsewhere every ten seconds.
class StatusLine {
 public:
  void operator()(const FuzzSummary& summary, int seconds_to_go) {
    const std::string line = PrintStatus(summary, seconds_to_go);
    if (isatty(STDOUT_FILENO) != 0) {
      std::cout << "\r\033[K" << line << std::flush;
    } else if (summary.seconds >= next_) {
      std::cout << line << std::endl;
      next_ = static_cast<int>(summary.seconds) / 10 * 10 + 10;
    }
  }

 private:
  int next_ = 10;
};

int Report(const FuzzResult& result, const Options& options, const ReplayWords& replay) {
  if (isatty(STDOUT_FILENO) != 0) std::cout << "\r\033[K";
  std::cout << PrintSummary(result.summary, replay) << std::flush;
  if (result.interrupted) std::cerr << "Interrupted.\n";
  for (const std::string& error : result.errors) std::cerr << "hpfuzz fuzz: " << error << "\n";
  if (!result.failure.empty()) std::cerr << "hpfuzz fuzz: " << result.failure;
  if (!options.json.empty()) {
    if (absl::Status written = WriteFile(options.json, PrintJson(result.summary)); !written.ok()) return Fail(written);
  }
  if (result.found()) return kExitFinding;
  return result.errors.empty() && result.failure.empty() ? kExitAgrees : kExitSetup;
}

int Run(const Options& options) {
  const FuzzPlaces places = PlacesOf(options);
  absl::StatusOr<FuzzPlan> plan = PlanFor(options.target, places);
  if (!plan.ok()) return Fail(plan.status());
  plan->jobs = options.jobs;
  plan->seed = options.seed != 0 ? options.seed : std::random_device()() % 999999999 + 1;  // as --seed takes it

  FuzzSetting setting;
  setting.seconds = options.seconds;
  setting.stop_at_first = options.stop_at_first;
  setting.today = Today();
  setting.interrupted = Interrupted;
  setting.show = StatusLine();
  absl::StatusOr<Mutes> mutes = MutesOf(options, places.source);
  if (!mutes.ok()) return Fail(mutes.status());
  setting.mutes = *std::move(mutes);

  FuzzSummary about;
  about.target = options.target;
  about.engine = options.engine;
  about.build = BuildOf(places);
  about.jobs = options.jobs;
  about.seed = plan->seed;

  const absl::StatusOr<WorkFolder> work = WorkFolder::Open(*plan);
  if (!work.ok()) return Fail(work.status());
  WatchForInterruption();
  std::cerr << "Fuzzing " << options.target << (places.pair.empty() ? "" : " of " + places.pair) << " for "
            << options.seconds << " s.\n";
  std::unique_ptr<Engine> engine;
  if (options.engine == "afl") engine = std::make_unique<Afl>(*plan);
  else engine = std::make_unique<LibFuzzer>(*plan);
  const absl::StatusOr<FuzzResult> result = RunFuzzing(*plan, setting, about, *engine);
  return result.ok() ? Report(*result, options, ReplayWordsFor(options.target, places)) : Fail(result.status());
}

}  // namespace

void AddFuzz(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "fuzz", "Run a fuzz target that is built; findings are kept by their key, and the run goes on");
  command->add_option("--seconds", options->seconds, "how long")
      ->check(CLI::Range(1, 999999999))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "so many processes that share one corpus")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--target", options->target, "what to fuzz")->capture_default_str();
  command->add_option("--engine", options->engine, "libfuzzer or afl; the programs must be built for it")
      ->check(CLI::IsMember({"libfuzzer", "afl"}))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "seed of the random numbers (default: chosen anew)")
      ->check(CLI::Range(1, 999999999));
  command->add_option("--bin", options->bin, "where the programs are (default: where hpfuzz is)");
  command->add_option("--source", options->source,
                      "the source tree with seeds, dictionaries and options (default: the one above the programs)");
  command->add_option("--work", options->work,
                      "logs, findings and corpus (default: build/fuzz/TARGET in the source tree, behind it the pair)");
  command->add_option("--corpus", options->corpus, "keep the corpus there instead");
  command->add_flag("--no-seeds", options->no_seeds, "leave corpus/TARGET of the source tree out");
  command->add_option("--mutes", options->mutes,
                      "lines \"KEY until YYYY-MM-DD  # reason\": findings that are shown and do not count (default: "
                      "muted.txt in the source tree)");
  command->add_option("--json", options->json, "write the summary there, for programs; - is standard output");
  AddPairOptions(command);
  command->add_flag("--stop-at-first", options->stop_at_first, "end at the first finding that is not muted");
  command->footer(
      "Example: hpfuzz fuzz --target namespace --seconds 600 --jobs 2\nCtrl-C ends a run early, with its summary. Exit "
      "codes: 0 no findings but muted ones, 1 findings, 2 bad usage or mutes, 3 the target does not start, or "
      "something "
      "cannot be written.");
  command->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace hpfuzz
