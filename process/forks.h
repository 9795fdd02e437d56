// SPDX-License-Identifier: Apache-2.0
// Work that may crash, hang or eat memory: each item of it in a copy of this process of its own, some at a time, with
// limits; the outcomes in the order of the items, whichever is ready first.
//
// Not covered: other programs (child.h).
#ifndef HPFUZZ_PROCESS_FORKS_H_
#define HPFUZZ_PROCESS_FORKS_H_

#include <chrono>
#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "process/child.h"

namespace hpfuzz {

struct ForkLimits {
  int jobs = 1;                            // at a time
  std::chrono::milliseconds time{60'000};  // of one item
  // Bytes that one item has at a time, together with the programs that it starts; and at most so many may it print, or
  // tell, or write to any one file.
  size_t memory = size_t{2} << 30;
};

struct ForkOutcome {
  enum class Why : uint8_t { kEnded, kTime, kMemory };
  Why why = Why::kEnded;
  ChildEnd end;
  std::string told;    // by the work, up to its end
  std::string output;  // the last MiB of what it printed
};

// Gives what was worked out to the parent, piece by piece.
using Tell = absl::FunctionRef<void(absl::string_view)>;
// In a copy of this process.
using ForkWork = absl::FunctionRef<void(size_t item, Tell tell)>;
// Here.
using ForkDone = absl::FunctionRef<void(size_t item, const ForkOutcome& outcome)>;
// Asked every few milliseconds; false ends all that runs.
using GoOn = absl::FunctionRef<bool()>;

// Items 0 to count - 1. Items that `go_on` cut off are not done. Unavailable: a process cannot be started.
absl::Status RunInForks(size_t count, const ForkLimits& limits, ForkWork work, ForkDone done, GoOn go_on);

}  // namespace hpfuzz

#endif  // HPFUZZ_PROCESS_FORKS_H_
