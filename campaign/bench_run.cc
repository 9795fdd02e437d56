// SPDX-License-Identifier: Apache-2.0
// Runs of the benchmark.
#include "campaign/bench_run.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "campaign/bench_look.h"
#include "campaign/fuzz_log.h"
#include "campaign/sanitizer_environment.h"
#include "files/input_files.h"
#include "process/child.h"
#include "process/forks.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// An input takes microseconds, its report and a reduction seconds.
constexpr std::chrono::seconds kReplayLimit(30);
// A look that goes on from where one ended has another seed: beyond those of other runs.
constexpr uint32_t kNextLook = 1000;
// Of a run beyond its limit: starting, replays, shrinking, reduction.
constexpr std::chrono::seconds kBeyondLimit(180);

struct Said {
  ChildEnd end;
  FuzzLog log;
};

absl::StatusOr<Said> RunProgram(const std::vector<std::string>& words) {
  const auto child = Child::Start(words, {.environment = SanitizerEnvironment()});
  if (!child.ok()) return child.status();
  Said said;
  said.end = (*child)->Wait(kReplayLimit).value_or(ChildEnd());
  (*child)->Kill();
  said.log.Feed((*child)->Output(size_t{1} << 20));
  said.log.Finish();
  return said;
}

class OneRun {
 public:
  OneRun(const BenchRun& run, const BenchSetting& setting) : run_(run), setting_(setting) {}
  absl::StatusOr<BenchResult> Go();

 private:
  absl::StatusOr<bool> LookOnce(uint32_t number);
  absl::StatusOr<bool> Judge(const Sight& sight, const LookResult& look);
  absl::Status Keep(const Sight& sight);
  double Left() const { return setting_.seconds - result_.seconds; }
  fs::path ResultFile() const { return setting_.results / ResultFileOf(run_); }
  fs::path WorkFolderOf() const { return setting_.work / ResultFileOf(run_).replace_extension(); }

  const BenchRun& run_;
  const BenchSetting& setting_;
  BenchResult result_;
};

// Whether the sight is the mutant's doing.
absl::StatusOr<bool> OneRun::Judge(const Sight& sight, const LookResult& look) {
  const bool replay = run_.contender->engine == Contender::Engine::kReplay;
  // What is given says nothing about programs without a bug, or a test would fail.
  if (!replay) {
    const absl::StatusOr<Said> clean =
        RunProgram({(setting_.clean / run_.mutant->target).string(), sight.input.string()});
    if (!clean.ok()) return clean.status();
    if (clean->end.exit_code != 0) {
      result_.not_the_bug.push_back(clean->log.key());
      return false;
    }
  }
  result_.found = true;
  result_.seconds += sight.seconds - look.seconds;
  result_.executions += sight.executions - look.executions;
  result_.key = sight.key;
  return true;
}

// Leaves the input beside the result, and how small its trace gets.
absl::Status OneRun::Keep(const Sight& sight) {
  const fs::path kept = ResultFile().replace_extension(".input");
  if (absl::Status moved = MoveFile(sight.input, kept); !moved.ok()) return moved;
  if (result_.key.empty()) {
    const absl::StatusOr<Said> said = RunProgram({(run_.mutant->asan() / run_.mutant->target).string(), kept.string()});
    if (said.ok()) result_.key = said->log.key();
  }
  result_.operations = sight.operations;
  if (result_.operations.has_value()) return absl::OkStatus();
  // A trace that crashes the program is not made smaller there.
  const absl::StatusOr<Said> said = RunProgram({(run_.mutant->asan() / "contender").string(), "reduce", kept.string()});
  if (!said.ok()) return said.status();
  const Counts& counts = said->log.counts();
  if (counts.count("reduced_operations") != 0) result_.operations = CountOf(counts, "reduced_operations");
  return absl::OkStatus();
}

// Whether there is an end: the bug was found, or the time is up.
absl::StatusOr<bool> OneRun::LookOnce(uint32_t number) {
  LookSetting look;
  look.run = &run_;
  look.seconds = std::max(1, static_cast<int>(Left()));
  look.seed = run_.seed + number * kNextLook;
  look.source = setting_.source;
  look.work = WorkFolderOf() / absl::StrCat(number);
  const absl::StatusOr<LookResult> seen = LookForBug(look);
  if (!seen.ok()) return seen.status();
  result_.seconds += seen->seconds;
  result_.executions += seen->executions;
  for (const Sight& sight : seen->sights) {
    const absl::StatusOr<bool> is = Judge(sight, *seen);
    if (!is.ok()) return is.status();
    if (!*is) continue;
    if (absl::Status kept = Keep(sight); !kept.ok()) return kept;
    return true;
  }
  return seen->sights.empty() || Left() < 1;
}

absl::StatusOr<BenchResult> OneRun::Go() {
  std::error_code error;
  fs::remove_all(WorkFolderOf(), error);
  if (absl::Status made = MakeDirectory(ResultFile().parent_path()); !made.ok()) return made;
  result_.mutant = run_.mutant->name;
  result_.contender = std::string(run_.contender->name);
  result_.target = run_.mutant->target;
  result_.programs = run_.mutant->key;
  result_.seed = run_.seed;
  result_.limit = setting_.seconds;
  for (uint32_t number = 0;; ++number) {
    const absl::StatusOr<bool> end = LookOnce(number);
    if (!end.ok()) return end.status();
    if (*end) break;
  }
  fs::remove_all(WorkFolderOf(), error);
  if (absl::Status written = WriteBytes(ResultFile(), PrintResult(result_)); !written.ok()) return written;
  return result_;
}

}  // namespace

absl::StatusOr<BenchResult> RunBench(const BenchRun& run, const BenchSetting& setting) {
  return OneRun(run, setting).Go();
}

std::vector<BenchRun> WithoutResult(absl::Span<const BenchRun> runs, const BenchSetting& setting) {
  std::vector<BenchRun> left;
  for (const BenchRun& run : runs) {
    // What is given may have changed since; it takes no time to speak of.
    if (run.contender->engine == Contender::Engine::kReplay) {
      left.push_back(run);
      continue;
    }
    const fs::path file = setting.results / ResultFileOf(run);
    const absl::StatusOr<std::string> text = ReadBytes(file);
    const absl::StatusOr<BenchResult> result = text.ok() ? ParseResult(*text, file.string()) : text.status();
    if (!result.ok() || result->programs != run.mutant->key || result->limit != setting.seconds) left.push_back(run);
  }
  return left;
}

std::vector<std::string> RunAllBenches(absl::Span<const BenchRun> runs, const BenchSetting& setting) {
  std::vector<std::string> errors;
  ForkLimits limits;
  limits.jobs = setting.jobs;
  limits.time = std::chrono::seconds(setting.seconds) + kBeyondLimit;
  const auto name = [&](size_t item) { return ResultFileOf(runs[item]).replace_extension().string(); };
  const auto work = [&](size_t item, Tell tell) {
    const absl::StatusOr<BenchResult> result = RunBench(runs[item], setting);
    tell(result.ok() ? PrintResult(*result) : absl::StrCat(name(item), ": ", result.status().message()));
  };
  const auto done = [&](size_t item, const ForkOutcome& outcome) {
    const absl::StatusOr<BenchResult> result = ParseResult(outcome.told, name(item));
    if (result.ok()) setting.show(*result, item + 1, runs.size());
    else errors.push_back(outcome.told.empty() ? absl::StrCat(name(item), ": did not end in its time") : outcome.told);
  };
  const absl::Status ran = RunInForks(runs.size(), limits, work, done, [&] { return !setting.interrupted(); });
  if (!ran.ok()) errors.emplace_back(ran.message());
  return errors;
}

}  // namespace hpfuzz
