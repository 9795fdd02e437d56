// SPDX-License-Identifier: Apache-2.0
// FuzzRun: the loop around an engine.
#include "campaign/fuzz_run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "files/input_files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A target that starts anew loses this much on average; looking costs nothing to speak of.
constexpr std::chrono::milliseconds kBetweenLooks(20);
// Who does not listen to an interruption for so long is ended.
constexpr std::chrono::seconds kPatience(5);

class Run {
 public:
  Run(const FuzzPlan& plan, const FuzzSetting& setting, const FuzzSummary& about, Engine* engine)
      : plan_(plan), setting_(setting), engine_(*engine), buckets_(plan.findings()) {
    result_.summary = about;
  }

  absl::Status Go();
  FuzzResult&& result() && { return std::move(result_); }

 private:
  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  void Watch();
  void Stop();
  void Take(const std::vector<Sighting>& found);
  void TakeOne(const Sighting& sighting);
  FindingSummary* FindingOf(const Sighting& sighting);
  // Moves an input into its bucket; the finding's file follows.
  void Keep(const Sighting& sighting, const fs::path& input, FindingSummary* finding);
  void Update();
  void CountCorpus();
  void Show();

  const FuzzPlan& plan_;
  const FuzzSetting& setting_;
  Engine& engine_;
  Buckets buckets_;
  Clock::time_point start_ = Clock::now();
  bool stopping_ = false;
  Clock::time_point stopped_at_;
  int shown_ = 0;  // the second of the line that was shown last
  Clock::time_point count_due_ = start_;
  FuzzResult result_;
};

FindingSummary* Run::FindingOf(const Sighting& sighting) {
  std::vector<FindingSummary>& findings = result_.summary.findings;
  const auto at =
      std::lower_bound(findings.begin(), findings.end(), sighting.key,
                       [](const FindingSummary& finding, const std::string& key) { return finding.key < key; });
  if (at != findings.end() && at->key == sighting.key) return &*at;
  FindingSummary finding;
  finding.key = sighting.key;
  finding.file = sighting.input;
  finding.report = sighting.report;
  if (const Mute* mute = setting_.mutes.Find(sighting.key)) {
    finding.mute = mute->until;
    finding.mute_expired = mute->until < setting_.today;
  }
  return &*findings.insert(at, finding);
}

void Run::Keep(const Sighting& sighting, const fs::path& input, FindingSummary* finding) {
  const absl::StatusOr<fs::path> smallest = buckets_.Add(sighting.key, input, sighting.report);
  if (!smallest.ok()) {
    const std::string error(smallest.status().message());
    std::vector<std::string>& errors = result_.errors;
    if (std::find(errors.begin(), errors.end(), error) == errors.end()) errors.push_back(error);
    return;
  }
  if (finding->file != *smallest) finding->report = sighting.report;
  finding->file = *smallest;
}

void Run::TakeOne(const Sighting& sighting) {
  FindingSummary* finding = FindingOf(sighting);
  ++finding->times;
  Keep(sighting, sighting.input, finding);
  for (const fs::path& input : sighting.taken_out) Keep(sighting, input, finding);
  if (setting_.stop_at_first && !finding->muted()) Stop();
}

void Run::Take(const std::vector<Sighting>& found) {
  for (const Sighting& sighting : found) TakeOne(sighting);
}

void Run::Stop() {
  if (stopping_) return;
  stopping_ = true;
  stopped_at_ = Clock::now();
  engine_.Interrupt();
}

void Run::Update() {
  result_.summary.seconds = Elapsed();
  result_.summary.counts = engine_.counts();
}

// Ten thousand files take a moment to count, and the target runs on the same cores: a hundredth of the time at most.
void Run::CountCorpus() {
  const Clock::time_point begun = Clock::now();
  result_.summary.inputs = CountInputs(plan_.corpus);
  count_due_ = Clock::now() + 100 * (Clock::now() - begun);
}

void Run::Show() {
  const int elapsed = static_cast<int>(Elapsed());
  if (elapsed <= shown_) return;
  shown_ = elapsed;
  Update();
  if (Clock::now() >= count_due_) CountCorpus();
  setting_.show(result_.summary, setting_.seconds - elapsed);
}

void Run::Watch() {
  while (engine_.Running()) {
    if (!result_.interrupted && setting_.interrupted()) {
      result_.interrupted = true;
      Stop();
    }
    if (stopping_ && Clock::now() - stopped_at_ > kPatience) engine_.Kill();
    std::vector<Sighting> found;
    engine_.Collect(&found);
    Take(found);
    if (!stopping_) engine_.Continue(setting_.seconds - static_cast<int>(Elapsed()));
    Show();
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

absl::Status Run::Go() {
  start_ = Clock::now();
  if (absl::Status started = engine_.Start(setting_.seconds); !started.ok()) return started;
  Watch();
  std::vector<Sighting> found;
  engine_.Finish(&found);
  Take(found);
  Update();
  CountCorpus();
  result_.failure = engine_.failure();
  return absl::OkStatus();
}

}  // namespace

bool FuzzResult::found() const {
  return std::any_of(summary.findings.begin(), summary.findings.end(),
                     [](const FindingSummary& finding) { return !finding.muted(); });
}

absl::StatusOr<FuzzResult> RunFuzzing(const FuzzPlan& plan, const FuzzSetting& setting, const FuzzSummary& about,
                                      Engine& engine) {
  Run run(plan, setting, about, &engine);
  if (absl::Status gone = run.Go(); !gone.ok()) return gone;
  return std::move(run).result();
}

}  // namespace hpfuzz
