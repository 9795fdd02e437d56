// SPDX-License-Identifier: Apache-2.0
// One look: by libFuzzer, by AFL++, by the program `contender`.
#include "campaign/bench_look.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "campaign/afl.h"
#include "campaign/afl_figures.h"
#include "campaign/fuzz_log.h"
#include "campaign/fuzz_plan.h"
#include "campaign/fuzz_run.h"
#include "campaign/libfuzzer.h"
#include "campaign/sanitizer_environment.h"
#include "campaign/work_folder.h"
#include "files/input_files.h"
#include "files/last_input.h"
#include "process/child.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// How finely times are measured.
constexpr std::chrono::milliseconds kBetweenLooks(10);
// What RapidCheck found it makes smaller in its own time: so much beyond the limit.
constexpr std::chrono::seconds kToShrink(20);
// An input takes microseconds; libFuzzer takes one for a finding that takes so many seconds.
constexpr char kInputLimit[] = "20";
constexpr int kBadInput = 2;  // of `contender`

absl::StatusOr<FuzzPlan> PlanOf(const LookSetting& setting, const fs::path& programs) {
  FuzzPlaces places;
  places.bin = programs;
  places.source = setting.source;
  places.work = setting.work;
  places.seeds = false;
  absl::StatusOr<FuzzPlan> plan = PlanFor(setting.run->mutant->target, places);
  if (plan.ok()) plan->seed = setting.seed;
  return plan;
}

absl::StatusOr<FuzzResult> RunEngine(const FuzzPlan& plan, int seconds, Engine& engine) {
  const absl::StatusOr<WorkFolder> work = WorkFolder::Open(plan);
  if (!work.ok()) return work.status();
  FuzzSetting fuzz;
  fuzz.seconds = seconds;
  fuzz.stop_at_first = true;
  absl::StatusOr<FuzzResult> result = RunFuzzing(plan, fuzz, FuzzSummary(), engine);
  if (result.ok() && !result->failure.empty()) return absl::InternalError(result->failure);
  return result;
}

absl::StatusOr<LookResult> LookByLibFuzzer(const LookSetting& setting) {
  absl::StatusOr<FuzzPlan> plan = PlanOf(setting, setting.run->mutant->asan());
  if (!plan.ok()) return plan.status();
  if (setting.run->contender->bytes_only) plan->environment = {{"HPFUZZ_BYTES_ONLY", "1"}};
  plan->libfuzzer_options.emplace_back("timeout", kInputLimit);
  LibFuzzer engine(*plan);
  const absl::StatusOr<FuzzResult> result = RunEngine(*plan, setting.seconds, engine);
  if (!result.ok()) return result.status();
  LookResult look{{}, result->summary.seconds, CountOf(result->summary.counts, "executions")};
  for (const FindingSummary& finding : result->summary.findings) {
    look.sights.push_back({finding.key, finding.file, look.seconds, look.executions, std::nullopt});
  }
  return look;
}

// afl-fuzz is looked at now and then; the names of its crashes say when they were met.
void AddAflCrashes(const FuzzPlan& plan, LookResult* look) {
  for (const fs::path& file : InputsBelow(plan.work / "afl")) {
    if (file.parent_path().filename() != "crashes") continue;
    if (const std::optional<CrashMoment> moment = ReadCrashName(file.filename().string())) {
      look->sights.push_back({"", file, moment->seconds, moment->executions, std::nullopt});
    }
  }
  std::sort(look->sights.begin(), look->sights.end(),
            [](const Sight& a, const Sight& b) { return a.executions < b.executions; });
}

absl::StatusOr<LookResult> LookByAfl(const LookSetting& setting) {
  const absl::StatusOr<FuzzPlan> plan = PlanOf(setting, setting.run->mutant->afl());
  if (!plan.ok()) return plan.status();
  Afl engine(*plan);
  const absl::StatusOr<FuzzResult> result = RunEngine(*plan, setting.seconds, engine);
  if (!result.ok()) return result.status();
  LookResult look{{}, result->summary.seconds, CountOf(result->summary.counts, "executions")};
  AddAflCrashes(*plan, &look);
  return look;
}

std::vector<std::string> ContenderWords(const LookSetting& setting, const FuzzPlan& plan) {
  const Contender& contender = *setting.run->contender;
  const fs::path last = setting.work / "last";
  std::vector<std::string> words = {(setting.run->mutant->asan() / "contender").string()};
  if (contender.engine == Contender::Engine::kReplay) {
    const fs::path given = setting.source / contender.given;
    words.insert(words.end(), {"replay", last.string()});
    if (!fs::is_directory(given)) words.push_back(given.string());
    // Of a folder, the seeds of the two targets whose inputs are traces.
    for (const char* target : {"differential", "namespace"}) {
      for (const fs::path& file : InputsBelow(given / target)) words.push_back(file.string());
    }
    return words;
  }
  std::string longest = "4096";
  for (const auto& [name, value] : plan.libfuzzer_options) {
    if (name == "max_len") longest = value;
  }
  words.insert(words.end(),
               {std::string(contender.name), last.string(),
                setting.run->mutant->target == "namespace" ? "nvdimm" : "plain", absl::StrCat(setting.seed), longest});
  return words;
}

// Follows the program until it ends, or its time does.
class ContenderLook {
 public:
  explicit ContenderLook(const LookSetting& setting) : setting_(setting) {}
  absl::StatusOr<LookResult> Go();

 private:
  void Follow(Child& child);
  absl::StatusOr<LookResult> Result(const Child& child);

  const LookSetting& setting_;
  FuzzLog log_;
  std::optional<ChildEnd> end_;
  double seconds_ = 0;
};

void ContenderLook::Follow(Child& child) {
  const Clock::time_point begin = Clock::now();
  LogFollower follower(setting_.work / "log");
  while (!end_.has_value()) {
    end_ = child.Wait(kBetweenLooks);
    follower.ReadMore(&log_);
    const auto elapsed = Clock::now() - begin;
    seconds_ = std::chrono::duration<double>(elapsed).count();
    const auto shrinking = log_.counts().count("found_after_us") != 0 ? kToShrink : std::chrono::seconds(0);
    if (elapsed >= std::chrono::seconds(setting_.seconds) + shrinking) break;
  }
  child.Kill();
  follower.ReadMore(&log_);
  log_.Finish();
}

absl::StatusOr<LookResult> ContenderLook::Result(const Child& child) {
  const absl::StatusOr<InputTaken> last = ReadLastInput(setting_.work / "last");
  // Nobody but the kernel, out of memory, ends it so: that says nothing.
  const bool killed = end_.has_value() && end_->signal == SIGKILL;
  if (!last.ok() || killed || (end_.has_value() && end_->exit_code == kBadInput)) {
    return absl::InternalError(FailureText("contender ended by itself.", setting_.work / "log", child.Output()));
  }
  LookResult look{{}, seconds_, last->count};
  const Counts& counts = log_.counts();
  const bool told = counts.count("found_after_us") != 0;
  if (!told && (!end_.has_value() || end_->exit_code == 0)) return look;
  Sight sight{log_.key(), setting_.work / "input", seconds_, last->count, std::nullopt};
  if (told) sight.seconds = static_cast<double>(CountOf(counts, "found_after_us")) / 1e6;
  if (counts.count("shrunk_operations") != 0) sight.operations = CountOf(counts, "shrunk_operations");
  if (absl::Status written = WriteBytes(sight.input, last->bytes); !written.ok()) return written;
  look.sights.push_back(sight);
  return look;
}

absl::StatusOr<LookResult> ContenderLook::Go() {
  const absl::StatusOr<FuzzPlan> plan = PlanOf(setting_, setting_.run->mutant->asan());
  if (!plan.ok()) return plan.status();
  if (absl::Status made = MakeDirectory(setting_.work); !made.ok()) return made;
  const auto child = Child::Start(ContenderWords(setting_, *plan), {.environment = SanitizerEnvironment(),
                                                                    .output_file = (setting_.work / "log").string()});
  if (!child.ok()) return child.status();
  Follow(**child);
  return Result(**child);
}

}  // namespace

absl::StatusOr<LookResult> LookForBug(const LookSetting& setting) {
  switch (setting.run->contender->engine) {
    case Contender::Engine::kLibFuzzer: return LookByLibFuzzer(setting);
    case Contender::Engine::kAfl: return LookByAfl(setting);
    case Contender::Engine::kSearch:
    case Contender::Engine::kReplay: break;
  }
  return ContenderLook(setting).Go();
}

}  // namespace hpfuzz
