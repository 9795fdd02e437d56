// SPDX-License-Identifier: Apache-2.0
// A finding as a test of this project: a file of GoogleTest that replays its trace and fails as long as the finding is
// there. Traces, keys and names come from strangers: whatever they hold, the file is ASCII, compiles without a warning
// and has the trace byte by byte.
//
// Not covered: putting the file where the build finds it; the file says where that is.
#ifndef HPFUZZ_TRIAGE_REGRESSION_TEST_SOURCE_H_
#define HPFUZZ_TRIAGE_REGRESSION_TEST_SOURCE_H_

#include <string>

namespace hpfuzz {

struct RegressionTest {
  std::string trace;     // in text
  std::string key;       // of a finding or of a crash
  std::string geometry;  // Workbench::geometry()
  std::string name;      // what the test is called; empty: after the key
  std::string pair;      // that the trace is run on, as --pair takes it; empty: the default ones
};

std::string RegressionTestSource(const RegressionTest& test);
// Where the file belongs, relative to the top of the tree: tests there are found by themselves. Another trace, key or
// name has another path.
std::string RegressionTestPath(const RegressionTest& test);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_REGRESSION_TEST_SOURCE_H_
