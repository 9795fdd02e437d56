// SPDX-License-Identifier: Apache-2.0
// A minimising run: the clock, the children, the progress.
#include "triage/minimize_run.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "process/child.h"
#include "process/forks.h"
#include "process/memory_file.h"
#include "triage/crash_key.h"
#include "triage/told.h"

namespace hpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kLongest = 1e8;                 // seconds: what a clock can add
constexpr std::chrono::seconds kChildLimit(10);  // a candidate that takes longer has no key
// The trace itself, which may walk all that a trace can (docs/trace-text.md).
constexpr std::chrono::seconds kFirstLimit(60);
constexpr std::chrono::milliseconds kLook(20);  // how often it is asked what a child has said, and who interrupts
constexpr std::chrono::seconds kBetweenLines(1);
constexpr size_t kMostOutput = size_t{1} << 20;  // a finding prints its trace before its key

// What the copy that minimises and this process tell each other meanwhile.
struct Shared {
  std::atomic<bool> stop = false;
  std::atomic<size_t> operations_at_first = 0;
  std::atomic<size_t> operations = 0;
  std::atomic<size_t> candidates = 0;
};

// In memory that a copy of this process shares; null when there is none left.
std::unique_ptr<Shared, void (*)(Shared*)> MakeShared() {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return {memory == MAP_FAILED ? nullptr : new (memory) Shared, [](Shared* shared) { munmap(shared, sizeof(Shared)); }};
}

class Run {
 public:
  Run(absl::string_view file, const MinimizeOptions& options)
      : file_(file),
        options_(options),
        end_(Clock::now() +
             std::chrono::milliseconds(static_cast<int64_t>(std::clamp(options.seconds, 0.0, kLongest) * 1000))) {}

  bool Enough() const { return !error_.ok() || Clock::now() >= end_ || Interrupted(); }

  // The key of a trace, by a child; "" for none, and when somebody interrupts while it runs.
  std::string KeyOf(const std::string& text, const std::vector<uint8_t>& bytes) {
    const std::string content = options_.target.empty() ? text : std::string(bytes.begin(), bytes.end());
    const bool first = std::exchange(asks_first_, false);
    absl::StatusOr<std::string> key = Ask(content, first ? kFirstLimit : kChildLimit);
    if (key.ok()) return *key;
    if (!absl::IsDeadlineExceeded(key.status())) error_ = key.status();
    if (first && error_.ok()) error_ = RunsTooLong();
    return "";
  }

  // Minimises in a copy of this process. None: that crashed, on the trace or on a candidate.
  absl::StatusOr<std::optional<Minimized>> InFork(const Workbench& workbench, absl::string_view content,
                                                  MinimizeRequest request) {
    const auto shared = MakeShared();
    if (!shared) return absl::UnavailableError(absl::StrCat("mmap: ", std::strerror(errno)));
    request.enough = [&] { return shared->stop || Clock::now() >= end_; };
    request.progress = [&](const MinimizeProgress& progress) {
      shared->operations_at_first = progress.operations_at_first;
      shared->operations = progress.operations;
      shared->candidates = progress.candidates;
    };
    ForkLimits limits;
    limits.time =
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()), {}) + kFirstLimit;
    Told told;
    ForkOutcome::Why why = ForkOutcome::Why::kEnded;
    const absl::Status ran = RunInForks(
        1, limits, [&](size_t, hpfuzz::Tell tell) { TellMinimized(workbench, content, file_, request, tell); },
        [&](size_t, const ForkOutcome& outcome) {
          told = ReadTold(outcome.told);
          why = outcome.why;
        },
        [&] {
          shared->stop = Interrupted();
          Tell({"", shared->operations_at_first, shared->operations, shared->candidates});
          return true;
        });
    if (!ran.ok()) return ran;
    if (why == ForkOutcome::Why::kTime) return RunsTooLong();
    if (!told.result) return std::nullopt;
    if (!told.result->ok()) return told.result->status();
    return **std::move(told.result);
  }

  void Tell(const MinimizeProgress& progress) {
    // Nothing is known of it while the trace itself runs.
    if (!options_.say || progress.operations_at_first == 0 || Clock::now() < next_line_) return;
    next_line_ = Clock::now() + kBetweenLines;
    options_.say(absl::StrCat(progress.operations, " of ", progress.operations_at_first, " operations, ",
                              progress.candidates, " candidates"));
  }

  const absl::Status& error() const { return error_; }
  bool Interrupted() const { return options_.interrupted && options_.interrupted(); }

 private:
  // DeadlineExceeded: it had not ended by then, nor told a finding.
  absl::StatusOr<std::string> Ask(const std::string& content, std::chrono::seconds at_most) {
    absl::StatusOr<OwnedFd> file = MemoryFileOf(content);
    if (!file.ok()) return file.status();
    std::vector<std::string> argv = options_.target.empty() ? options_.replay : options_.target;
    argv.push_back(PathOf(*file));
    absl::StatusOr<std::unique_ptr<Child>> child = Child::Start(argv, {.inherited = {file->get()}});
    if (!child.ok()) return child.status();
    const bool before = Interrupted();
    std::optional<ChildEnd> end;
    for (const auto limit = Clock::now() + at_most; !end && Interrupted() == before && Clock::now() < limit;) {
      end = (*child)->Wait(kLook);
      // A finding is told before the stack, whose names take ten times as long.
      const std::string output = (*child)->Output(kMostOutput);
      const std::string key = KeyOfProgram(absl::string_view(output).substr(0, output.rfind('\n') + 1), ChildEnd());
      if (!key.empty() && !IsCrashKey(key)) return key;
    }
    if (end) return KeyOfProgram((*child)->Output(kMostOutput), *end);
    if (Interrupted() != before) return "";
    return absl::DeadlineExceededError("");
  }

  absl::Status RunsTooLong() const {
    return absl::InvalidArgumentError(absl::StrCat(file_, ": runs for more than ", kFirstLimit.count(), " s"));
  }

  const absl::string_view file_;
  const MinimizeOptions& options_;
  const Clock::time_point end_;
  Clock::time_point next_line_ = Clock::now() + kBetweenLines;
  bool asks_first_ = true;
  absl::Status error_;
};

}  // namespace

absl::StatusOr<Minimized> RunMinimize(const Workbench& workbench, absl::string_view content, absl::string_view file,
                                      const MinimizeOptions& options) {
  Run run(file, options);
  MinimizeRequest request;
  request.to_root = options.to_root;
  if (!options.always_child && options.target.empty()) {
    absl::StatusOr<std::optional<Minimized>> minimized = run.InFork(workbench, content, request);
    if (!minimized.ok()) return minimized.status();
    if (minimized->has_value()) return **std::move(minimized);
  }
  request.enough = [&run] { return run.Enough(); };
  request.progress = [&run](const MinimizeProgress& progress) { run.Tell(progress); };
  request.key_elsewhere = [&run](const std::string& text, const std::vector<uint8_t>& bytes) {
    return run.KeyOf(text, bytes);
  };
  absl::StatusOr<Minimized> minimized = workbench.Minimize(content, file, request);
  if (!run.error().ok()) return run.error();
  // Without an answer from the first child nothing is known, not that the trace agrees.
  if (absl::IsNotFound(minimized.status()) && run.Interrupted()) {
    return absl::CancelledError(absl::StrCat(file, ": interrupted before its key was known"));
  }
  return minimized;
}

}  // namespace hpfuzz
