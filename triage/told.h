// SPDX-License-Identifier: Apache-2.0
// What a copy of this process that minimises a trace (process/forks.h) tells of it, and reading that. The copy may
// crash at any time; what it told before counts.
#ifndef HPFUZZ_TRIAGE_TOLD_H_
#define HPFUZZ_TRIAGE_TOLD_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "process/forks.h"
#include "registry/workbench.h"

namespace hpfuzz {

// In the copy: Workbench::Minimize, and telling what it comes to.
void TellMinimized(const Workbench& workbench, absl::string_view content, absl::string_view file,
                   const MinimizeRequest& request, Tell tell);

// The same for what somebody else minimised.
void TellResult(const std::string& own_key, const absl::StatusOr<Minimized>& result, Tell tell);

struct Told {
  std::string own_key;  // of the trace; known before any candidate runs
  // None when the copy ended too early to tell. Errors are those of Workbench::Minimize.
  std::optional<absl::StatusOr<Minimized>> result;
};
Told ReadTold(absl::string_view told);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_TOLD_H_
