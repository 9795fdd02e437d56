// SPDX-License-Identifier: Apache-2.0
// A triage run: what is done with each input, and with what it came to.
#include "triage/triage_run.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "files/sha1.h"
#include "process/forks.h"
#include "triage/bucket_files.h"
#include "triage/bucket_folder.h"
#include "triage/bucket_set.h"
#include "triage/crash_key.h"
#include "triage/examine.h"
#include "triage/inputs.h"
#include "triage/minimize_run.h"
#include "triage/told.h"

namespace hpfuzz {
namespace {

constexpr size_t kBetweenWrites = 64;  // inputs

// Inputs whose examination crashed with one key.
struct Crash {
  std::string key;
  std::string report;  // of the first
  std::vector<const TriageInput*> inputs;
};

struct Subject {
  const Workbench* workbench = nullptr;
  std::string content;
};

class Run {
 public:
  Run(const TriageSetting& setting, BucketSet* buckets, TriageSummary* summary)
      : setting_(setting), buckets_(buckets), summary_(summary) {}

  void ReadFiles(std::vector<std::string> files) {
    summary_->own = TakeOutBelow(setting_.out, &files);
    inputs_ = ReadInputs(files, setting_.read, &summary_->errors);
    summary_->inputs = files.size() - summary_->errors.size();
    summary_->different = inputs_.size();
    // What a bucket has is not looked at again.
    const auto known = std::remove_if(inputs_.begin(), inputs_.end(), [this](const TriageInput& input) {
      return buckets_->AddNames(input.sha1, input.names);
    });
    inputs_.erase(known, inputs_.end());
    summary_->known = summary_->different - inputs_.size();
  }

  absl::Status ExamineAll() {
    return InForks(
        "inputs", inputs_.size(), InputTime(),
        [this](size_t i, Tell tell) {
          const std::optional<Subject> subject = SubjectOf(inputs_[i], tell);
          if (subject) Examine(*subject->workbench, subject->content, inputs_[i].file, setting_.seconds, tell);
        },
        [this](size_t i, const ForkOutcome& outcome) {
          Take(inputs_[i], ReadExamination(outcome));
          // A run that is killed keeps what it has done but for the last few.
          if (i % kBetweenWrites == kBetweenWrites - 1) Note(buckets_->Write());
        });
  }

  // The first input of each crash, with a process for every candidate.
  absl::Status MinimizeCrashes() {
    std::vector<const Crash*> crashes;
    for (const auto& [key, crash] : crashes_) crashes.push_back(&crash);
    return InForks(
        "crashes", crashes.size(), InputTime(),
        [&](size_t i, Tell tell) {
          if (IsLimitKey(crashes[i]->key)) return;
          const TriageInput& input = *crashes[i]->inputs[0];
          const std::optional<Subject> subject = SubjectOf(input, tell);
          if (subject) TellResult(crashes[i]->key, MinimizeCrash(*subject, input.file), tell);
        },
        [&](size_t i, const ForkOutcome& outcome) {
          Told told = ReadTold(outcome.told);
          const Crash& crash = *crashes[i];
          TakeCrash(crash, told.result && told.result->ok() ? **std::move(told.result)
                                                            : Unminimized(*crash.inputs[0], crash.key));
        });
  }

  // What showed nothing, in more processes: it may crash only where memory lies elsewhere.
  absl::Status ReplayOthers() {
    return InForks(
        "inputs that show nothing", agreeing_.size(), ReplaysTime(),
        [this](size_t i, Tell tell) {
          // In text, which says of what machine it is.
          const std::string text = TextOf(*agreeing_[i]);
          if (!text.empty()) tell(absl::StrJoin(KeysByProcesses(text, setting_.replay, kReplays - 1, nullptr), "\n"));
        },
        [this](size_t i, const ForkOutcome& outcome) { TakeOther(*agreeing_[i], outcome.told); });
  }

  // New buckets, and those that an earlier run did not come to.
  absl::Status FurnishAll() {
    const std::vector<const Bucket*> bare = buckets_->Bare();
    return InForks(
        "buckets", bare.size(), ReplaysTime(),
        [&](size_t i, Tell tell) {
          const absl::StatusOr<const Workbench*> workbench = setting_.workbench(bare[i]->trace, kBucketTrace);
          if (!workbench.ok()) return;
          Furnish(*bare[i], setting_.out / bare[i]->name(), **workbench, setting_.replay, setting_.recipe, tell);
        },
        [&](size_t i, const ForkOutcome& outcome) {
          Note(buckets_->Furnish(bare[i]->name(), ReadFurnishing(*bare[i], outcome.told)));
        });
  }

  absl::Status write_error() const { return write_error_; }

 private:
  using Milliseconds = std::chrono::milliseconds;

  Milliseconds InputTime() const {
    return Milliseconds(static_cast<int64_t>(setting_.seconds * 1000)) + setting_.grace;
  }
  // Each replay may take as long as a trace may walk; what follows them as long as an input.
  Milliseconds ReplaysTime() const { return kReplays * setting_.grace + InputTime(); }

  absl::Status InForks(absl::string_view what, size_t count, Milliseconds time, ForkWork work, ForkDone done) {
    return RunInForks(
        count, {setting_.jobs, time, setting_.memory}, work,
        [&](size_t i, const ForkOutcome& outcome) {
          done(i, outcome);
          setting_.show(what, i + 1, count, buckets_->size());
        },
        [this] { return write_error_.ok() && !setting_.interrupted(); });
  }

  absl::StatusOr<Subject> Read(const TriageInput& input) const {
    Subject subject;
    absl::StatusOr<std::string> content = setting_.read(input.file);
    if (!content.ok()) return content.status();
    absl::StatusOr<const Workbench*> workbench = setting_.workbench(*content, input.file);
    if (!workbench.ok()) return workbench.status();
    if (!setting_.info_block) return Subject{*workbench, *std::move(content)};
    absl::StatusOr<Shown> shown = (*workbench)->ShowInfoBlock(*content, input.file);
    if (!shown.ok()) return shown.status();
    return Subject{*workbench, std::move(shown->text)};
  }

  // In a copy of this process, which tells what is wrong.
  std::optional<Subject> SubjectOf(const TriageInput& input, Tell tell) const {
    absl::StatusOr<Subject> subject = Read(input);
    if (subject.ok()) return *std::move(subject);
    TellResult("", subject.status(), tell);
    return std::nullopt;
  }

  absl::StatusOr<Minimized> MinimizeCrash(const Subject& subject, const std::string& file) const {
    MinimizeOptions options;
    options.seconds = setting_.seconds;
    options.replay = setting_.replay;
    options.always_child = true;
    return RunMinimize(*subject.workbench, subject.content, file, options);
  }

  // The trace that an input is; "" when it is gone.
  std::string TextOf(const TriageInput& input) const {
    const absl::StatusOr<Subject> subject = Read(input);
    if (!subject.ok()) return "";
    absl::StatusOr<Shown> shown = subject->workbench->Show(subject->content, input.file);
    return shown.ok() ? std::move(shown->text) : "";
  }

  // What could not be minimised, as it is: it ran out of its limits, or is flaky.
  Minimized Unminimized(const TriageInput& input, const std::string& key) const {
    Minimized same;
    same.key = key;
    same.text = TextOf(input);
    return same;
  }

  void Take(const TriageInput& input, Examination examination) {
    switch (examination.what) {
      case Examination::What::kAgrees: agreeing_.push_back(&input); return;
      case Examination::What::kUnreadable: summary_->errors.push_back(std::move(examination.report)); return;
      case Examination::What::kFinding: Put(input, examination.key, std::move(examination.minimized), "", {}); return;
      case Examination::What::kCrash: {
        const std::string* bucket = buckets_->NameOf(examination.key);
        if (bucket != nullptr && IsCrashKey(examination.key)) return Add(*bucket, input, examination.key, {});
        Crash& crash = crashes_[examination.key];
        if (crash.inputs.empty()) crash = {examination.key, std::move(examination.report), {}};
        crash.inputs.push_back(&input);
        return;
      }
    }
  }

  void TakeCrash(const Crash& crash, Minimized minimized) {
    const std::string name = Put(*crash.inputs[0], crash.key, std::move(minimized), crash.report, {});
    if (!buckets_->Has(name)) return;
    for (size_t i = 1; i < crash.inputs.size() && write_error_.ok(); ++i) Add(name, *crash.inputs[i], crash.key, {});
  }

  // `told` has a key a line, empty for none.
  void TakeOther(const TriageInput& input, absl::string_view told) {
    const std::vector<std::string> keys = absl::StrSplit(told, '\n');
    const auto shown = std::find_if(keys.begin(), keys.end(), [](const std::string& key) { return !key.empty(); });
    if (shown == keys.end()) {
      ++summary_->no_finding;
      return;
    }
    const Replays replays = {static_cast<int>(std::count(keys.begin(), keys.end(), *shown)), kReplays};
    if (const std::string* name = buckets_->NameOf(*shown)) return Add(*name, input, *shown, replays);
    Put(input, *shown, Unminimized(input, *shown), "", replays);
  }

  // Into the bucket that the minimised trace says, which is made if need be; its name. There is none when somebody
  // interrupts, or something cannot be read or written. `report`: of a crash.
  std::string Put(const TriageInput& input, const std::string& key, Minimized minimized, const std::string& report,
                  Replays replays) {
    Bucket bucket;
    bucket.key = std::move(minimized.key);
    bucket.kinds = std::move(minimized.kinds);
    bucket.last_kind = std::move(minimized.last_kind);
    bucket.operations = minimized.progress.operations;
    bucket.minimal = minimized.minimal;
    bucket.trace = std::move(minimized.text);
    if (minimized.bytes_have_key) bucket.bytes = std::move(minimized.bytes);
    bucket.report = report;
    bucket.pair = setting_.pair;
    const std::string name = bucket.name();
    if (!buckets_->Has(name)) Create(std::move(bucket), input.file);
    if (buckets_->Has(name)) Add(name, input, key, replays);
    return name;
  }

  void Create(Bucket bucket, const std::string& file) {
    if (bucket.trace.empty()) return summary_->errors.push_back(absl::StrCat(file, ": is gone"));
    const absl::StatusOr<const Workbench*> workbench = setting_.workbench(bucket.trace, file);
    if (!workbench.ok()) return Note(workbench.status());
    bucket.geometry = std::string((*workbench)->geometry());
    Note(buckets_->Create(bucket, FilesOf(bucket)));
  }

  void Add(const std::string& name, const TriageInput& input, const std::string& key, Replays replays) {
    const absl::StatusOr<std::string> content = setting_.read(input.file);
    if (!content.ok()) return summary_->errors.emplace_back(content.status().message()), void();
    if (Sha1(*content) != input.sha1) {
      return summary_->errors.push_back(absl::StrCat(input.file, ": has changed meanwhile"));
    }
    Note(buckets_->Add(name, {input.sha1, input.bytes, key, input.names, replays}, *content));
  }

  void Note(const absl::Status& status) { write_error_.Update(status); }

  const TriageSetting& setting_;
  BucketSet* buckets_;
  TriageSummary* summary_;
  std::vector<TriageInput> inputs_;  // in no bucket yet
  std::map<std::string, Crash> crashes_;
  std::vector<const TriageInput*> agreeing_;
  absl::Status write_error_;  // the first; the run ends with it
};

}  // namespace

absl::StatusOr<TriageSummary> RunTriage(const std::vector<std::string>& files, const TriageSetting& setting) {
  absl::StatusOr<BucketFolder> folder = BucketFolder::Open(setting.out);
  if (!folder.ok()) return folder.status();
  absl::StatusOr<BucketSet> buckets = BucketSet::Read(*std::move(folder), setting.pair);
  if (!buckets.ok()) return buckets.status();
  TriageSummary summary;
  Run run(setting, &*buckets, &summary);
  run.ReadFiles(files);
  absl::Status status = run.ExamineAll();
  if (status.ok()) status = run.MinimizeCrashes();
  if (status.ok()) status = run.ReplayOthers();
  if (status.ok()) status = run.FurnishAll();
  status.Update(run.write_error());
  // What was found before something failed is kept as far as that goes.
  status.Update(buckets->Write());
  summary.buckets = buckets->buckets();
  for (const auto& [name, content] : FilesOfAll(summary.buckets, setting.out)) {
    if (status.ok()) status = buckets->WriteBeside(name, content);
  }
  if (!status.ok()) return status;
  summary.interrupted = setting.interrupted();
  return summary;
}

}  // namespace hpfuzz
