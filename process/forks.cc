// SPDX-License-Identifier: Apache-2.0
// Work in forks: starting, watching, putting in order.
#include "process/forks.h"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "process/memory_file.h"

namespace hpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause(1);
constexpr std::chrono::milliseconds kBetweenWeighings(20);
constexpr size_t kMostOutput = size_t{1} << 20;

struct Running {
  size_t item = 0;
  OwnedFd told;
  std::unique_ptr<Child> child;
  Clock::time_point limit;
  Clock::time_point weigh;
};

absl::StatusOr<Running> StartItem(size_t item, const ForkLimits& limits, ForkWork work) {
  absl::StatusOr<OwnedFd> told = MemoryFileOf("");
  if (!told.ok()) return told.status();
  const int fd = told->get();
  absl::StatusOr<std::unique_ptr<Child>> child = Child::Fork([&] {
    // Files in memory are no part of what a process is weighed for.
    const rlimit longest = {limits.memory, limits.memory};
    setrlimit(RLIMIT_FSIZE, &longest);
    signal(SIGXFSZ, SIG_DFL);
    work(item, [fd](absl::string_view text) { AppendTo(fd, text); });
    return 0;
  });
  if (!child.ok()) return child.status();
  const auto now = Clock::now();
  return Running{item, *std::move(told), *std::move(child), now + limits.time, now + kBetweenWeighings};
}

// Nothing while it runs and keeps to its limits.
std::optional<ForkOutcome> Look(Running& running, const ForkLimits& limits) {
  ForkOutcome outcome;
  const auto now = Clock::now();
  if (const std::optional<ChildEnd> end = running.child->Wait(std::chrono::milliseconds(0))) {
    outcome.end = *end;
    if (end->signal == SIGXFSZ) outcome.why = ForkOutcome::Why::kMemory;
  } else if (now >= running.limit) {
    outcome.why = ForkOutcome::Why::kTime;
  } else if (now >= running.weigh && running.child->Memory() > limits.memory) {
    outcome.why = ForkOutcome::Why::kMemory;
  } else {
    if (now >= running.weigh) running.weigh = now + kBetweenWeighings;
    return std::nullopt;
  }
  running.child->Kill();
  outcome.told = ContentOf(running.told.get());
  outcome.output = running.child->Output(kMostOutput);
  return outcome;
}

}  // namespace

absl::Status RunInForks(size_t count, const ForkLimits& limits, ForkWork work, ForkDone done, GoOn go_on) {
  std::vector<Running> running;
  std::map<size_t, ForkOutcome> waiting;  // for items before them
  size_t next = 0;
  size_t next_done = 0;
  while (next_done != count && go_on()) {
    while (next != count && running.size() < static_cast<size_t>(std::max(limits.jobs, 1))) {
      absl::StatusOr<Running> started = StartItem(next, limits, work);
      if (!started.ok()) return started.status();
      running.push_back(*std::move(started));
      ++next;
    }
    const size_t before = running.size();
    for (size_t i = running.size(); i-- != 0;) {
      std::optional<ForkOutcome> outcome = Look(running[i], limits);
      if (!outcome) continue;
      waiting.emplace(running[i].item, *std::move(outcome));
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (running.size() == before) std::this_thread::sleep_for(kPause);
    for (auto first = waiting.begin(); first != waiting.end() && first->first == next_done; first = waiting.begin()) {
      done(next_done, first->second);
      waiting.erase(first);
      ++next_done;
    }
  }
  return absl::OkStatus();
}

}  // namespace hpfuzz
