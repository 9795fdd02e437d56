// SPDX-License-Identifier: Apache-2.0
// libFuzzer: its processes, from start to start.
#include "campaign/libfuzzer.h"

#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "campaign/sanitizer_environment.h"
#include "files/input_files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// What libFuzzer ends with when it was interrupted.
constexpr int kInterrupted = 72;
// A process that ends so often before it has read its corpus, at something that no file holds (such as the empty input,
// which every process starts with), will always do so.
constexpr int kMostFruitless = 3;

// Never 0, which lets libFuzzer choose.
uint32_t SeedOf(const FuzzPlan& plan, uint32_t job, uint32_t start) {
  const uint64_t seed = uint64_t{plan.seed} + job + uint64_t{start} * static_cast<uint32_t>(plan.jobs);
  return static_cast<uint32_t>((seed - 1) % 0xffffffff + 1);
}

size_t MaxLength(const TargetOptions& options) {
  size_t length = 0;
  for (const auto& [name, value] : options) {
    if (name == "max_len" && !absl::SimpleAtoi(value, &length)) length = 0;
  }
  return length;
}

absl::Status CopySeeds(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::remove_all(to, error);
  if (from.empty() || !fs::is_directory(from)) return absl::OkStatus();
  fs::copy(from, to, fs::copy_options::recursive, error);
  return error ? absl::UnavailableError(absl::StrCat(to.string(), ": ", error.message())) : absl::OkStatus();
}

}  // namespace

absl::Status LibFuzzer::Start(int seconds) {
  if (absl::Status copied = CopySeeds(plan_.seeds, seeds()); !copied.ok()) return copied;
  jobs_.resize(static_cast<size_t>(plan_.jobs));
  for (size_t i = 0; i < jobs_.size(); ++i) {
    jobs_[i].number = static_cast<uint32_t>(i);
    if (absl::Status started = StartJob(&jobs_[i], seconds); !started.ok()) return started;
  }
  return absl::OkStatus();
}

std::vector<std::string> LibFuzzer::Arguments(const Job& job, int seconds) const {
  std::vector<std::string> arguments = {plan_.program.string()};
  if (!plan_.dictionary.empty()) arguments.push_back(absl::StrCat("-dict=", plan_.dictionary.string()));
  for (const auto& [name, value] : plan_.libfuzzer_options) arguments.push_back(absl::StrCat("-", name, "=", value));
  arguments.push_back(absl::StrCat("-max_total_time=", seconds));
  arguments.emplace_back("-print_final_stats=1");
  arguments.push_back(absl::StrCat("-artifact_prefix=", plan_.findings().string(), "/"));
  arguments.push_back(absl::StrCat("-seed=", SeedOf(plan_, job.number, job.starts)));
  arguments.push_back(plan_.corpus.string());
  if (fs::is_directory(seeds())) arguments.push_back(seeds().string());
  return arguments;
}

absl::Status LibFuzzer::StartJob(Job* job, int seconds) {
  const fs::path log = plan_.logs() / absl::StrCat(job->number, ".log");
  Environment environment = SanitizerEnvironment();
  environment.insert(environment.end(), plan_.environment.begin(), plan_.environment.end());
  absl::StatusOr<std::unique_ptr<Child>> child =
      Child::Start(Arguments(*job, seconds), {.environment = environment, .output_file = log.string()});
  if (!child.ok()) return child.status();
  job->child = *std::move(child);
  job->log = FuzzLog();
  job->follower = LogFollower(log);
  job->taken_out_before = taken_out_;
  ++job->starts;
  return absl::OkStatus();
}

void LibFuzzer::Collect(std::vector<Sighting>* found) {
  for (Job& job : jobs_) {
    if (job.child == nullptr) continue;
    const std::optional<ChildEnd> end = job.child->Wait(std::chrono::milliseconds(0));
    job.follower.ReadMore(&job.log);
    if (end.has_value()) End(&job, *end, found);
  }
}

void LibFuzzer::End(Job* job, const ChildEnd& end, std::vector<Sighting>* found) {
  job->log.Finish();
  AddCounts(job->log.counts(), &ended_);
  for (const std::string& input : job->log.written()) {
    found->push_back({job->log.key(), input, job->log.report(), {}});
    TakeOut(input, &found->back().taken_out);
  }
  const bool stopped = !job->log.written().empty();
  const bool fruitless = stopped && !job->log.ready() && taken_out_ == job->taken_out_before;
  job->fruitless = fruitless ? job->fruitless + 1 : 0;
  job->waits = stopped && job->fruitless < kMostFruitless;
  if (stopped && !job->waits) {
    Fail(*job, absl::StrCat(plan_.target, " stops before it has read its corpus, at an input that is in no file."));
  } else if (!stopped && !interrupted_ && end.exit_code != 0 && end.exit_code != kInterrupted) {
    Fail(*job, absl::StrCat(plan_.target, " ended by itself, without a finding."));
  }
  job->child.reset();
  job->log = FuzzLog();  // its counts are in ended_
}

void LibFuzzer::Fail(const Job& job, const std::string& what) {
  if (failure_.empty()) failure_ = FailureText(what, job.follower.file(), job.child->Output());
}

bool LibFuzzer::StopsAt(const fs::path& file, const std::string& artifact) const {
  std::error_code error;
  const uintmax_t size = fs::file_size(file, error);
  // A longer file is read up to the longest input.
  const bool cut = size > artifact.size() && artifact.size() == MaxLength(plan_.libfuzzer_options);
  if (error || (size != artifact.size() && !cut)) return false;
  const absl::StatusOr<std::string> bytes = ReadBytes(file);
  return bytes.ok() && absl::StartsWith(*bytes, artifact);
}

void LibFuzzer::TakeOut(const fs::path& artifact, std::vector<fs::path>* kept) {
  const absl::StatusOr<std::string> bytes = ReadBytes(artifact);
  if (!bytes.ok()) return;
  std::error_code error;
  for (const fs::path& file : InputsBelow(seeds())) {
    if (StopsAt(file, *bytes) && fs::remove(file, error)) ++taken_out_;
  }
  for (const fs::path& file : InputsBelow(plan_.corpus)) {
    const fs::path to = plan_.findings() / absl::StrCat("kept-", file.filename().string());
    if (!StopsAt(file, *bytes) || !MoveFile(file, to).ok()) continue;
    kept->push_back(to);
    ++taken_out_;
  }
}

void LibFuzzer::Continue(int seconds_left) {
  for (Job& job : jobs_) {
    if (!job.waits) continue;
    job.waits = false;
    if (interrupted_ || seconds_left < 1) continue;  // 0 seconds would mean for ever
    const absl::Status started = StartJob(&job, seconds_left);
    if (!started.ok() && failure_.empty()) failure_ = absl::StrCat(started.message(), "\n");
  }
}

bool LibFuzzer::Running() const {
  for (const Job& job : jobs_) {
    if (job.child != nullptr || job.waits) return true;
  }
  return false;
}

void LibFuzzer::Interrupt() {
  interrupted_ = true;
  for (Job& job : jobs_) {
    job.waits = false;
    if (job.child != nullptr) job.child->Interrupt();
  }
}

void LibFuzzer::Kill() {
  for (Job& job : jobs_) {
    if (job.child != nullptr) job.child->Kill();
  }
}

Counts LibFuzzer::counts() const {
  Counts sum = ended_;
  for (const Job& job : jobs_) {
    if (job.child != nullptr) AddCounts(job.log.counts(), &sum);
  }
  return sum;
}

}  // namespace hpfuzz
