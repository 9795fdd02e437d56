// SPDX-License-Identifier: Apache-2.0
// AFL++: starting its instances, and what they leave behind.
#include "campaign/afl.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "campaign/afl_figures.h"
#include "campaign/fuzz_log.h"
#include "campaign/sanitizer_environment.h"
#include "files/input_files.h"
#include "files/sha1.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// An input takes microseconds: one that is still running after this is a hang, however busy the machine is.
constexpr int kTimeoutMs = 5000;
// The same for one that is run again alone, and for a seed, which nobody has run yet.
constexpr std::chrono::seconds kReplayLimit(10);
constexpr std::chrono::seconds kSeedLimit(20);
// Seeds are run so many at once, and singly only when one of them does not end well.
constexpr size_t kSeedsAtOnce = 256;
constexpr std::chrono::seconds kSeedsLimit(60);
// Files are looked at every so many collections, which is about once a second.
constexpr unsigned kCollectionsBetweenLooks = 50;

// An instance's directory is the one above queue/, crashes/ and hangs/.
std::string KindOf(const fs::path& file) { return file.parent_path().filename().string(); }

}  // namespace

Environment Afl::AflEnvironment() const {
  // Nobody changes the settings of a machine for this: core dump handlers, the governor of the processor, free cores.
  Environment environment = {{"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"},
                             {"AFL_SKIP_CPUFREQ", "1"},
                             {"AFL_NO_AFFINITY", "1"},
                             {"AFL_NO_UI", "1"},
                             {"AFL_FORKSRV_INIT_TMOUT", "60000"}};
  if (!plan_.mutator.empty()) environment.emplace_back("AFL_CUSTOM_MUTATOR_LIBRARY", plan_.mutator.string());
  for (auto& [name, value] : SanitizerEnvironment()) {
    // afl-fuzz insists on these: a report must be a crash to it, and symbols would be looked up for each.
    if (name == "ASAN_OPTIONS") absl::StrAppend(&value, ":abort_on_error=1:symbolize=0:detect_leaks=0");
    if (name == "UBSAN_OPTIONS") absl::StrAppend(&value, ":halt_on_error=1:abort_on_error=1:symbolize=0");
    environment.emplace_back(name, value);
  }
  environment.insert(environment.end(), plan_.environment.begin(), plan_.environment.end());
  for (const auto& [name, value] : plan_.afl_options) {
    environment.emplace_back(absl::StrCat("AFL_", absl::AsciiStrToUpper(name)), value);
  }
  return environment;
}

bool Afl::RunsThrough(const std::vector<fs::path>& files) const {
  std::vector<std::string> arguments = {plan_.program.string()};
  for (const fs::path& file : files) arguments.push_back(file.string());
  const auto child = Child::Start(arguments, {.environment = SanitizerEnvironment()});
  if (!child.ok()) return false;
  const std::optional<ChildEnd> end = (*child)->Wait(kSeedsLimit);
  return end.has_value() && end->exit_code == 0;
}

void Afl::AddSighting(const fs::path& file, std::chrono::seconds limit, bool crash, std::vector<Sighting>* found) {
  const auto child = Child::Start({plan_.program.string(), file.string()}, {.environment = SanitizerEnvironment()});
  if (!child.ok()) return;
  const std::optional<ChildEnd> end = (*child)->Wait(limit);
  // A hang that ends by itself is none.
  if (end.has_value() && end->exit_code == 0 && !crash) return;
  FuzzLog log;
  log.Feed((*child)->Output(size_t{1} << 20));
  log.Finish();
  std::string key = log.key();
  if (!end.has_value()) key = "timeout";
  if (end.has_value() && end->exit_code == 0) key = "stopped-once-and-not-again";
  const absl::StatusOr<std::string> bytes = ReadBytes(file);
  if (!bytes.ok()) return;
  const fs::path copy = plan_.findings() / absl::StrCat("crash-", Sha1(*bytes));
  // Where it cannot be written, whoever moves it says so.
  (void)WriteBytes(copy, *bytes);
  found->push_back({key, copy, log.report(), {}});
}

void Afl::RunSeeds(const std::vector<fs::path>& files) {
  for (size_t first = 0; first < files.size(); first += kSeedsAtOnce) {
    const auto begin = files.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = files.begin() + static_cast<std::ptrdiff_t>(std::min(first + kSeedsAtOnce, files.size()));
    if (RunsThrough({begin, end})) continue;
    for (auto file = begin; file != end; ++file) {
      if (RunsThrough({*file})) continue;
      AddSighting(*file, kSeedLimit, false, &pending_);
      std::error_code error;
      fs::remove(*file, error);
    }
  }
}

absl::Status Afl::FillIn() {
  const fs::path in = folder() / "in";
  std::error_code error;
  fs::remove_all(folder(), error);
  if (absl::Status made = MakeDirectory(in); !made.ok()) return made;
  for (const fs::path& directory : {plan_.corpus, plan_.seeds}) {
    for (const fs::path& file : InputsBelow(directory)) {
      const absl::StatusOr<std::string> bytes = ReadBytes(file);
      if (!bytes.ok() || bytes->empty()) continue;  // afl-fuzz takes no empty files
      if (absl::Status written = WriteBytes(in / Sha1(*bytes), *bytes); !written.ok()) return written;
    }
  }
  RunSeeds(InputsBelow(in));
  return InputsBelow(in).empty() ? WriteBytes(in / "nothing", absl::string_view("\0", 1)) : absl::OkStatus();
}

std::vector<std::string> Afl::Arguments(int number, int seconds) const {
  std::vector<std::string> arguments = {"afl-fuzz",
                                        "-i",
                                        (folder() / "in").string(),
                                        "-o",
                                        folder().string(),
                                        "-V",
                                        absl::StrCat(seconds),
                                        "-t",
                                        absl::StrCat(kTimeoutMs),
                                        "-s",
                                        absl::StrCat(uint64_t{plan_.seed} + static_cast<uint64_t>(number))};
  for (const auto& [name, value] : plan_.libfuzzer_options) {
    if (name == "max_len") arguments.insert(arguments.end(), {"-G", value});
  }
  if (!plan_.dictionary.empty()) arguments.insert(arguments.end(), {"-x", plan_.dictionary.string()});
  if (plan_.jobs > 1 && number == 0) arguments.insert(arguments.end(), {"-M", "main"});
  if (number > 0) arguments.insert(arguments.end(), {"-S", absl::StrCat("worker-", number)});
  arguments.insert(arguments.end(), {"--", plan_.program.string()});
  return arguments;
}

absl::Status Afl::StartInstance(int number, int seconds) {
  const fs::path log = plan_.logs() / absl::StrCat(number, ".log");
  auto child = Child::Start(Arguments(number, seconds), {.environment = AflEnvironment(), .output_file = log.string()});
  if (!child.ok()) return child.status();
  instances_.push_back({log, *std::move(child)});
  return absl::OkStatus();
}

absl::Status Afl::Start(int seconds) {
  if (absl::Status filled = FillIn(); !filled.ok()) return filled;
  for (int number = 0; number < plan_.jobs; ++number) {
    if (absl::Status started = StartInstance(number, seconds); !started.ok()) return started;
  }
  return absl::OkStatus();
}

void Afl::Collect(std::vector<Sighting>* found) {
  found->insert(found->end(), pending_.begin(), pending_.end());
  pending_.clear();
  for (Instance& instance : instances_) {
    if (instance.child == nullptr) continue;
    const std::optional<ChildEnd> end = instance.child->Wait(std::chrono::milliseconds(0));
    if (!end.has_value()) continue;
    if (end->exit_code != 0 && !interrupted_ && failure_.empty()) {
      failure_ = FailureText(absl::StrCat("afl-fuzz ended by itself on ", plan_.target, "."), instance.log,
                             instance.child->Output());
    }
    instance.child.reset();
  }
  if (++collections_ % kCollectionsBetweenLooks == 0) Look(false, found);
}

void Afl::Finish(std::vector<Sighting>* found) { Look(true, found); }

void Afl::Look(bool all, std::vector<Sighting>* found) {
  std::set<fs::path> directories;
  for (const fs::path& file : InputsBelow(folder())) {
    const std::string kind = KindOf(file);
    if (file.filename() == "fuzzer_stats" || file.filename() == "plot_data") directories.insert(file.parent_path());
    if ((kind != "queue" && kind != "crashes" && kind != "hangs") ||
        !absl::StartsWith(file.filename().string(), "id:")) {
      continue;
    }
    Seen& seen = seen_[file.string()];
    if (seen.done) continue;
    std::error_code error;
    const uintmax_t size = fs::file_size(file, error);
    if (error || (!all && (size == 0 || size != seen.size))) {
      seen.size = error ? 0 : size;
      continue;
    }
    seen.done = true;
    if (kind == "queue") {
      LookAtQueue(file);
    } else {
      AddSighting(file, kReplayLimit, kind == "crashes", found);
    }
  }
  for (const fs::path& directory : directories) ReadFigures(directory);
}

void Afl::LookAtQueue(const fs::path& file) {
  const std::string name = file.filename().string();
  ReadQueueName(name, &figures_[file.parent_path().parent_path().string()]);
  // What came from in/ or from another instance is there already.
  if (!absl::StrContains(name, ",orig:") && !absl::StrContains(name, ",sync:")) KeepInput(file);
}

// Named as libFuzzer names its own: each engine goes on from what the other found.
void Afl::KeepInput(const fs::path& file) {
  const absl::StatusOr<std::string> bytes = ReadBytes(file);
  if (!bytes.ok()) return;
  const fs::path kept = plan_.corpus / Sha1(*bytes);
  std::error_code error;
  if (!fs::exists(kept, error) && WriteBytes(kept, *bytes).ok()) ++new_inputs_;
}

void Afl::ReadFigures(const fs::path& instance) {
  Counts& figures = figures_[instance.string()];
  if (const absl::StatusOr<std::string> text = ReadBytes(instance / "plot_data"); text.ok())
    ReadPlotData(*text, &figures);
  if (const absl::StatusOr<std::string> text = ReadBytes(instance / "fuzzer_stats"); text.ok()) {
    ReadFuzzerStats(*text, &figures);
  }
}

bool Afl::Running() const {
  return std::any_of(instances_.begin(), instances_.end(),
                     [](const Instance& instance) { return instance.child != nullptr; });
}

void Afl::Interrupt() {
  interrupted_ = true;
  for (Instance& instance : instances_) {
    if (instance.child != nullptr) instance.child->Interrupt();
  }
}

void Afl::Kill() {
  for (Instance& instance : instances_) {
    if (instance.child != nullptr) instance.child->Kill();
  }
}

Counts Afl::counts() const {
  Counts sum;
  for (const auto& [instance, counts] : figures_) AddCounts(counts, &sum);
  sum["new"] = new_inputs_;
  return sum;
}

}  // namespace hpfuzz
