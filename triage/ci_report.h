// SPDX-License-Identifier: Apache-2.0
// The report of a CI run: a table for people, JUnit XML and SARIF for services.
#ifndef HPFUZZ_TRIAGE_CI_REPORT_H_
#define HPFUZZ_TRIAGE_CI_REPORT_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "triage/ci_steps.h"

namespace hpfuzz {

struct CiReport {
  // Every step ended well and nothing was found that is not muted.
  bool clean = false;
  std::string table;
  std::string junit;
  std::string sarif;
};

// The content of a log or of a file of details, by the name in the step.
using ReadCiFile = absl::FunctionRef<absl::StatusOr<std::string>(const std::string& name)>;

// A step whose details cannot be read or understood has failed. Names of files are given relative to `root`, an
// absolute path, where they lie below it; `folder` is where the files of the steps lie.
CiReport MakeCiReport(const std::vector<CiStep>& steps, absl::string_view root, absl::string_view folder,
                      ReadCiFile read);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_CI_REPORT_H_
