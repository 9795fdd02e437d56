// SPDX-License-Identifier: Apache-2.0
// Examining one input in a copy of this process (process/forks.h): what it shows and the root of that; and whether it
// shows that each time.
#ifndef HPFUZZ_TRIAGE_EXAMINE_H_
#define HPFUZZ_TRIAGE_EXAMINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "process/forks.h"
#include "registry/workbench.h"
#include "triage/bucket.h"

namespace hpfuzz {

struct Examination {
  enum class What : uint8_t {
    kAgrees,
    kFinding,     // `minimized`
    kCrash,       // of the program, or out of its limits, on the input or on one that it was to be reduced to
    kUnreadable,  // `report` says why
  };
  What what = What::kAgrees;
  std::string key;     // of the input as it is; of a crash: that of the crash, when the input's is not known
  std::string report;  // of a crash: what was printed
  Minimized minimized;
};

// In the copy. Minimising ends with the best so far after `seconds`.
void Examine(const Workbench& workbench, absl::string_view content, absl::string_view file, double seconds, Tell tell);
// Here, of what the copy told and how it ended.
Examination ReadExamination(const ForkOutcome& outcome);

// Of a copy that did not come to an end of its own.
std::string KeyOfCrash(const ForkOutcome& outcome);
// Whether the key is that of an input that had to be ended: it would run out of its limits again.
bool IsLimitKey(absl::string_view key);

// How often a trace is run before it counts as one that always, or never, shows what it shows.
inline constexpr int kReplays = 5;

// The keys of a trace in `times` processes, "" for none. `replay` prints the key of the trace behind it, as
// MinimizeOptions::replay does. `output` is what the last process with a key printed; may be null.
std::vector<std::string> KeysByProcesses(absl::string_view content, const std::vector<std::string>& replay, int times,
                                         std::string* output);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_EXAMINE_H_
