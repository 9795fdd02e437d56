// SPDX-License-Identifier: Apache-2.0
// Runs of mutants.
#include "campaign/mutant_run.h"

#include <chrono>
#include <optional>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "campaign/fuzz_log.h"
#include "campaign/fuzz_plan.h"
#include "campaign/fuzz_run.h"
#include "campaign/libfuzzer.h"
#include "campaign/sanitizer_environment.h"
#include "campaign/work_folder.h"
#include "files/input_files.h"
#include "process/child.h"
#include "process/forks.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;
using Killed = MutantVerdict::Killed;

// The corpus takes a second: who is not through after this never will be.
constexpr std::chrono::seconds kReplayLimit(60);
// An input takes microseconds; libFuzzer takes one for a finding that takes so many seconds.
constexpr char kInputLimit[] = "10";
constexpr std::chrono::seconds kBeyondLimit(180);
constexpr int kBadInput = 2;  // of `contender`
constexpr absl::string_view kWords[] = {"survived", "corpus", "fuzzing", "failed"};

class OneMutant {
 public:
  OneMutant(const Mutant& mutant, const MutantSetting& setting)
      : mutant_(mutant),
        setting_(setting),
        work_(setting.work / absl::StrCat(mutant.number)),
        switch_({{"HPFUZZ_MUTANT", absl::StrCat(mutant.number)}}) {}

  MutantVerdict Go();

 private:
  absl::StatusOr<MutantVerdict> Replay();
  absl::StatusOr<MutantVerdict> Fuzz();

  const Mutant& mutant_;
  const MutantSetting& setting_;
  const fs::path work_;
  const Environment switch_;
};

absl::StatusOr<MutantVerdict> OneMutant::Replay() {
  std::vector<std::string> words = {(setting_.programs / "contender").string(), "replay", (work_ / "last").string()};
  for (const char* target : {"differential", "namespace"}) {
    for (const fs::path& file : InputsBelow(setting_.source / "corpus" / target)) words.push_back(file.string());
  }
  Environment environment = SanitizerEnvironment();
  environment.insert(environment.end(), switch_.begin(), switch_.end());
  const auto child = Child::Start(words, {.environment = environment});
  if (!child.ok()) return child.status();
  const std::optional<ChildEnd> end = (*child)->Wait(kReplayLimit);
  if (!end.has_value()) return MutantVerdict{Killed::kByCorpus, "timeout", false, ""};
  const std::string output = (*child)->Output(size_t{1} << 20);
  if (end->exit_code == kBadInput) return absl::InternalError(output);
  FuzzLog log;
  log.Feed(output);
  log.Finish();
  if (end->exit_code == 0) return MutantVerdict();
  return MutantVerdict{Killed::kByCorpus, log.key(), false, ""};
}

absl::StatusOr<MutantVerdict> OneMutant::Fuzz() {
  FuzzPlaces places;
  places.bin = setting_.programs;
  places.source = setting_.source;
  places.work = work_;
  absl::StatusOr<FuzzPlan> plan = PlanFor(TargetOfMutant(mutant_), places);
  if (!plan.ok()) return plan.status();
  plan->seed = setting_.seed;
  plan->environment = switch_;
  plan->libfuzzer_options.emplace_back("timeout", kInputLimit);
  const absl::StatusOr<WorkFolder> work = WorkFolder::Open(*plan);
  if (!work.ok()) return work.status();
  FuzzSetting fuzz;
  fuzz.seconds = setting_.seconds;
  fuzz.stop_at_first = true;
  LibFuzzer engine(*plan);
  const absl::StatusOr<FuzzResult> result = RunFuzzing(*plan, fuzz, FuzzSummary(), engine);
  if (!result.ok()) return result.status();
  if (!result->summary.findings.empty()) {
    return MutantVerdict{Killed::kByFuzzing, result->summary.findings[0].key, false, ""};
  }
  if (!result->failure.empty()) return absl::InternalError(result->failure);
  return MutantVerdict();
}

MutantVerdict OneMutant::Go() {
  std::error_code error;
  fs::remove_all(work_, error);
  absl::StatusOr<MutantVerdict> verdict = MutantVerdict();
  if (absl::Status made = MakeDirectory(work_); !made.ok()) verdict = made;
  if (verdict.ok()) verdict = Replay();
  if (verdict.ok() && verdict->killed == Killed::kNot) verdict = Fuzz();
  fs::remove_all(work_, error);
  return verdict.ok() ? *verdict : MutantVerdict{Killed::kNot, "", true, std::string(verdict.status().message())};
}

// Between the processes: a word, a tab, a key or an error.
std::string Told(const MutantVerdict& verdict) {
  return verdict.failed ? absl::StrCat(kWords[3], "\t", verdict.error)
                        : absl::StrCat(kWords[static_cast<unsigned>(verdict.killed)], "\t", verdict.key);
}

MutantVerdict VerdictOf(const ForkOutcome& outcome) {
  // A mutant that makes the target deaf to its time is seen, too.
  if (outcome.why == ForkOutcome::Why::kTime) return {Killed::kByFuzzing, "timeout", false, ""};
  const std::pair<std::string, std::string> told = absl::StrSplit(outcome.told, absl::MaxSplits('\t', 1));
  for (unsigned i = 0; i < 3; ++i) {
    if (told.first == kWords[i]) return {static_cast<Killed>(i), told.second, false, ""};
  }
  return {Killed::kNot, "", true, outcome.told.empty() ? outcome.output : told.second};
}

}  // namespace

std::string TargetOfMutant(const Mutant& mutant) {
  const bool namespaces = absl::StrContains(mutant.file, "nvdimm") || absl::StrContains(mutant.file, "/pmem");
  return namespaces ? "namespace" : "differential";
}

std::vector<MutantVerdict> RunMutants(absl::Span<const Mutant> mutants, const MutantSetting& setting) {
  std::vector<MutantVerdict> verdicts;
  ForkLimits limits;
  limits.jobs = setting.jobs;
  limits.time = kReplayLimit + std::chrono::seconds(setting.seconds) + kBeyondLimit;
  const absl::Status ran = RunInForks(
      mutants.size(), limits, [&](size_t i, Tell tell) { tell(Told(OneMutant(mutants[i], setting).Go())); },
      [&](size_t i, const ForkOutcome& outcome) {
        verdicts.push_back(VerdictOf(outcome));
        setting.show(mutants[i], verdicts.back(), verdicts.size());
      },
      [&] { return !setting.interrupted(); });
  if (!ran.ok()) verdicts.push_back({Killed::kNot, "", true, std::string(ran.message())});
  return verdicts;
}

}  // namespace hpfuzz
