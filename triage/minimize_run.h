// SPDX-License-Identifier: Apache-2.0
// A minimising run: which process runs the candidates, how long it may take, what is told meanwhile.
//
// A trace is minimised in a copy of this process, since it may crash the program. When it does, or a candidate, every
// candidate gets a process of its own; a finding of the oracle is minimised in one, a thousand times faster.
#ifndef HPFUZZ_TRIAGE_MINIMIZE_RUN_H_
#define HPFUZZ_TRIAGE_MINIMIZE_RUN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/workbench.h"

namespace hpfuzz {

struct MinimizeOptions {
  double seconds = 60;
  // Runs a trace in text whose file is the last argument and prints its key, as `hpfuzz replay --quiet` does.
  std::vector<std::string> replay;
  // Takes a trace in bytes instead, as fuzz targets do. Empty: `replay` is what runs.
  std::vector<std::string> target;
  bool always_child = false;  // even if the trace does not crash
  bool to_root = false;       // see MinimizeRequest
  // Whether somebody asked to stop, which is no error. May be empty.
  std::function<bool()> interrupted;
  // A line about once a second. May be empty.
  std::function<void(const std::string& line)> say;
};

// As Workbench::Minimize. Unavailable: the program cannot be started.
absl::StatusOr<Minimized> RunMinimize(const Workbench& workbench, absl::string_view content, absl::string_view file,
                                      const MinimizeOptions& options);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_MINIMIZE_RUN_H_
