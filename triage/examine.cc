// SPDX-License-Identifier: Apache-2.0
// Examining inputs.
#include "triage/examine.h"

#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "process/child.h"
#include "process/memory_file.h"
#include "triage/crash_key.h"
#include "triage/told.h"

namespace hpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReplayLimit(60);  // as long as a trace may walk (docs/trace-text.md)
constexpr size_t kMostOutput = size_t{1} << 20;
// Keys of inputs that had to be ended.
constexpr char kTimeKey[] = "crash.out-of-time";
constexpr char kMemoryKey[] = "crash.out-of-memory";

// "" when the program shows nothing, cannot be started, or does not end.
std::string KeyByProcess(absl::string_view content, const std::vector<std::string>& replay, std::string* output) {
  const absl::StatusOr<OwnedFd> file = MemoryFileOf(content);
  if (!file.ok()) return "";
  std::vector<std::string> argv = replay;
  argv.push_back(PathOf(*file));
  const absl::StatusOr<std::unique_ptr<Child>> child = Child::Start(argv, {.inherited = {file->get()}});
  if (!child.ok()) return "";
  const std::optional<ChildEnd> end = (*child)->Wait(kReplayLimit);
  if (!end) return "";
  std::string text = (*child)->Output(kMostOutput);
  std::string key = KeyOfProgram(text, *end);
  if (output != nullptr && !key.empty()) *output = std::move(text);
  return key;
}

}  // namespace

void Examine(const Workbench& workbench, absl::string_view content, absl::string_view file, double seconds, Tell tell) {
  const auto end = Clock::now() + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  MinimizeRequest request;
  request.to_root = true;
  request.enough = [end] { return Clock::now() >= end; };
  TellMinimized(workbench, content, file, request, tell);
}

Examination ReadExamination(const ForkOutcome& outcome) {
  Examination examination;
  Told told = ReadTold(outcome.told);
  examination.key = told.own_key;
  if (!told.result) {
    examination.what = Examination::What::kCrash;
    examination.report = outcome.output;
    if (examination.key.empty()) examination.key = KeyOfCrash(outcome);
  } else if (told.result->ok()) {
    examination.what = Examination::What::kFinding;
    examination.minimized = **std::move(told.result);
  } else if (!absl::IsNotFound(told.result->status())) {
    examination.what = Examination::What::kUnreadable;
    examination.report = std::string(told.result->status().message());
  }
  return examination;
}

std::string KeyOfCrash(const ForkOutcome& outcome) {
  switch (outcome.why) {
    case ForkOutcome::Why::kTime: return kTimeKey;
    case ForkOutcome::Why::kMemory: return kMemoryKey;
    case ForkOutcome::Why::kEnded: break;
  }
  std::string key = KeyOfProgram(outcome.output, outcome.end);
  if (!key.empty()) return key;
  // Without a word: somebody killed it, or there was no memory for what it had to tell.
  const char* signal = outcome.end.signal != 0 ? sigabbrev_np(outcome.end.signal) : nullptr;
  return signal != nullptr ? absl::StrCat("crash.signal-", absl::AsciiStrToLower(signal)) : "crash.ended-early";
}

bool IsLimitKey(absl::string_view key) { return key == kTimeKey || key == kMemoryKey; }

std::vector<std::string> KeysByProcesses(absl::string_view content, const std::vector<std::string>& replay, int times,
                                         std::string* output) {
  std::vector<std::string> keys;
  for (int i = 0; i < times; ++i) keys.push_back(KeyByProcess(content, replay, output));
  return keys;
}

}  // namespace hpfuzz
