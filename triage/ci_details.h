// SPDX-License-Identifier: Apache-2.0
// What the files of a CI step tell: findings of a fuzzing run, findings that a log names, tests that ctest ran.
#ifndef HPFUZZ_TRIAGE_CI_DETAILS_H_
#define HPFUZZ_TRIAGE_CI_DETAILS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "triage/junit.h"

namespace hpfuzz {

struct CiFinding {
  std::string key;
  std::string file;                        // the input that shows it; may be empty
  std::string report;                      // as it was printed; may be empty
  std::optional<std::string> muted_until;  // a date: known, and no failure before then
};

// The object that `hpfuzz fuzz --json` writes; of it only "findings" is needed, of a finding only "key". Errors
// (absl::InvalidArgumentError) name the file.
absl::StatusOr<std::vector<CiFinding>> ParseFuzzFindings(absl::string_view json, absl::string_view file);

// What a program printed: lines "FILE: FINDING KEY" of `hpfuzz replay --quiet`, "Assertion failure: KEY ..." of fuzz
// targets, else the first "SUMMARY: ..." of a sanitizer. The input is what libFuzzer says it wrote.
std::vector<CiFinding> FindingsInLog(absl::string_view log);

// The cases of a file that `ctest --output-junit` wrote; output of those that did not pass only. Errors
// (absl::InvalidArgumentError) name the file.
absl::StatusOr<std::vector<JunitCase>> ParseCtestJunit(absl::string_view xml, absl::string_view file);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_CI_DETAILS_H_
