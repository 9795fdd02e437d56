// SPDX-License-Identifier: Apache-2.0
// JUnit XML, as continuous-integration services read it: suites of cases, each with its time, outcome and output. Not
// covered: reading it.
#ifndef HPFUZZ_TRIAGE_JUNIT_H_
#define HPFUZZ_TRIAGE_JUNIT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpfuzz {

enum class JunitOutcome : uint8_t {
  kPassed,
  kFailed,   // what was tested is wrong
  kError,    // it could not be tested
  kSkipped,  // it was not tested, or does not count
};

// Texts are any bytes (see XmlText).
struct JunitCase {
  std::string name;
  std::chrono::milliseconds time{0};
  JunitOutcome outcome = JunitOutcome::kPassed;
  std::string message;  // one line: why it is not kPassed
  std::string details;  // of a failure or an error: the report
  std::string output;   // what it printed
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

// The whole document. Suites and cases keep their order; counts and times are summed from the cases.
std::string PrintJunit(std::string_view name, const std::vector<JunitSuite>& suites);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_JUNIT_H_
