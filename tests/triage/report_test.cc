// SPDX-License-Identifier: Apache-2.0
// JUnit XML and SARIF, whole documents as they are written. That SARIF is valid by the schema of the standard is
// checked by scripts/sarif_test.sh.
#include <gtest/gtest.h>

#include <string>

#include "tests/golden.h"
#include "tests/triage/report_scenes.h"

namespace hpfuzz {
namespace {

TEST(Junit, Golden) {
  CheckGolden("junit.txt", [](const std::string& scene) { return PrintJunit("ci", JunitScene(scene)); });
}

TEST(Sarif, Golden) {
  CheckGolden("sarif.txt", [](const std::string& scene) { return PrintSarif(SarifScene(scene)); });
}

}  // namespace
}  // namespace hpfuzz
