// SPDX-License-Identifier: Apache-2.0
// A minimising run: the clock, the children, the progress.
#include "triage/minimize_run.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "process/child.h"
#include "triage/crash_key.h"

namespace hpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kLongest = 1e8;                 // seconds: what a clock can add
constexpr std::chrono::seconds kChildLimit(10);  // a candidate that takes longer has no key
constexpr std::chrono::seconds kFirstLimit(
    60);  // the trace itself, which may walk all that a trace can (docs/trace-text.md)
constexpr std::chrono::milliseconds kLook(20);  // how often it is asked what a child has said, and who interrupts
constexpr std::chrono::seconds kBetweenLines(1);
constexpr size_t kMostOutput = size_t{1} << 20;  // a finding prints its trace before its key

// A file without a name that a child reads under its descriptor.
absl::StatusOr<OwnedFd> FileOf(absl::string_view content) {
  OwnedFd file(memfd_create("candidate", MFD_CLOEXEC));
  for (size_t at = 0; file.get() >= 0 && at < content.size();) {
    const ssize_t written = write(file.get(), content.data() + at, content.size() - at);
    if (written <= 0) return absl::UnavailableError(absl::StrCat("memfd: ", std::strerror(errno)));
    at += static_cast<size_t>(written);
  }
  if (file.get() < 0) return absl::UnavailableError(absl::StrCat("memfd_create: ", std::strerror(errno)));
  return file;
}

class Run {
 public:
  explicit Run(const MinimizeOptions& options)
      : options_(options),
        end_(Clock::now() +
             std::chrono::milliseconds(static_cast<int64_t>(std::clamp(options.seconds, 0.0, kLongest) * 1000))) {}

  bool Enough() const { return !error_.ok() || Clock::now() >= end_ || Interrupted(); }

  // The key of a trace, by a child; "" for none, and when somebody interrupts while it runs.
  std::string KeyOf(const std::string& text, const std::vector<uint8_t>& bytes) {
    const std::string content = options_.target.empty() ? text : std::string(bytes.begin(), bytes.end());
    absl::StatusOr<std::string> key = Ask(content, kChildLimit);
    if (!key.ok() && !absl::IsDeadlineExceeded(key.status())) error_ = key.status();
    return key.ok() ? *key : "";
  }

  // Whether the trace that is to be minimized takes a process of its own. InvalidArgument: it does not end.
  absl::StatusOr<bool> NeedsChild(const std::string& text, absl::string_view file) {
    if (options_.always_child || !options_.target.empty()) return true;
    const absl::StatusOr<std::string> key = Ask(text, kFirstLimit);
    if (key.ok()) return IsCrashKey(*key);
    if (!absl::IsDeadlineExceeded(key.status())) return key.status();
    return absl::InvalidArgumentError(absl::StrCat(file, ": runs for more than ", kFirstLimit.count(), " s"));
  }

  void Tell(const MinimizeProgress& progress) {
    if (!options_.say || Clock::now() < next_line_) return;
    next_line_ = Clock::now() + kBetweenLines;
    options_.say(absl::StrCat(progress.key, ": ", progress.operations, " of ", progress.operations_at_first,
                              " operations, ", progress.candidates, " candidates"));
  }

  const absl::Status& error() const { return error_; }

 private:
  // DeadlineExceeded: it had not ended by then, nor told a finding.
  absl::StatusOr<std::string> Ask(const std::string& content, std::chrono::seconds at_most) {
    absl::StatusOr<OwnedFd> file = FileOf(content);
    if (!file.ok()) return file.status();
    std::vector<std::string> argv = options_.target.empty() ? options_.replay : options_.target;
    argv.push_back(absl::StrCat("/dev/fd/", file->get()));
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

  bool Interrupted() const { return options_.interrupted && options_.interrupted(); }

  const MinimizeOptions& options_;
  const Clock::time_point end_;
  Clock::time_point next_line_ = Clock::now() + kBetweenLines;
  absl::Status error_;
};

}  // namespace

absl::StatusOr<Minimized> RunMinimize(const Workbench& workbench, absl::string_view content, absl::string_view file,
                                      const MinimizeOptions& options) {
  Run run(options);
  const absl::StatusOr<Shown> shown = workbench.Show(content, file);
  if (!shown.ok()) return shown.status();
  MinimizeRequest request;
  request.enough = [&run] { return run.Enough(); };
  request.progress = [&run](const MinimizeProgress& progress) { run.Tell(progress); };
  const absl::StatusOr<bool> child = run.NeedsChild(shown->text, file);
  if (!child.ok()) return child.status();
  if (*child) {
    request.key_elsewhere = [&run](const std::string& text, const std::vector<uint8_t>& bytes) {
      return run.KeyOf(text, bytes);
    };
  }
  absl::StatusOr<Minimized> minimized = workbench.Minimize(content, file, request);
  if (!run.error().ok()) return run.error();
  return minimized;
}

}  // namespace hpfuzz
