// SPDX-License-Identifier: Apache-2.0
// The steps of a CI run, as scripts/ci.sh writes them down while it runs.
//
// A line a row, fields separated by tabs: build, step, result, milliseconds, log, details. A step writes one row when
// it begins (`running`) and one when it ends (`ok`, `failed`), or one alone (`skipped`); the last row of a step counts,
// so that what was running when the run was stopped is known. `log` and `details` are files, relative to that of the
// rows; details may be empty: the JUnit file of ctest (*.xml) or what `hpfuzz fuzz --json` wrote (*.json).
#ifndef HPFUZZ_TRIAGE_CI_STEPS_H_
#define HPFUZZ_TRIAGE_CI_STEPS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

enum class CiResult : uint8_t {
  kOk,
  kFailed,
  kInterrupted,  // began and did not end
  kSkipped,      // was not tried: what it needs failed, or the run was stopped before
};

struct CiStep {
  std::string build;  // the preset
  std::string name;
  CiResult result = CiResult::kOk;
  std::chrono::milliseconds time{0};
  std::string log;
  std::string details;
};

// In the order in which they began. Errors (absl::InvalidArgumentError) carry file and line. A last line without its
// end is taken for the trace of an interruption and left out.
absl::StatusOr<std::vector<CiStep>> ParseCiSteps(absl::string_view text, absl::string_view file);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_CI_STEPS_H_
