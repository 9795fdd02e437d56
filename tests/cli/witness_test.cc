// SPDX-License-Identifier: Apache-2.0
// hpfuzz witness as a user sees it where there is no guest. Not covered: what a guest answers (tests/witness/).
#include <gtest/gtest.h>

#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using WitnessCliTest = ShellTest;

TEST_F(WitnessCliTest, WithoutAGuestSaysSoAndWhatToDo) {
  Write("a.trace", "ram 1000-fffffff\npfn_valid 1\n");
  for (const char* word :
       {"replay --guest nowhere a.trace", "fuzz --guest nowhere", "record --guest nowhere a.trace"}) {
    const Ran ran = Shell(std::string("hpfuzz witness ") + word);
    EXPECT_EQ(ran.exit_code, 3) << word;
    EXPECT_NE(ran.err.find("nowhere: no guest is here; './hpfuzz witness doctor'"), std::string::npos) << ran.err;
  }
}

TEST_F(WitnessCliTest, TheDoctorNamesWhatIsMissing) {
  const Ran ran = Shell("PATH=/nowhere; /bin/true; hpfuzz witness doctor --guest empty");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_NE(ran.out.find("MISSING  qemu-system-x86_64"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("apt-get install --no-install-recommends qemu-system-x86"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("MISSING  vmlinuz"), std::string::npos) << ran.out;
}

TEST_F(WitnessCliTest, Usage) {
  EXPECT_EQ(Shell("hpfuzz witness").exit_code, 2);
  EXPECT_EQ(Shell("hpfuzz witness replay a.trace").exit_code, 2);
  EXPECT_EQ(Shell("hpfuzz witness fuzz --guest g --seconds -1").exit_code, 2);
  EXPECT_EQ(Shell("hpfuzz witness fuzz --help").exit_code, 0);
}

TEST_F(WitnessCliTest, TranscriptsAreCheckedWithoutAGuest) {
  const std::string good =
      "kernel 6.12.1\ncase a\nram 1000-fffffff\nphys_bits 40\n__add_pages 100000000-1001fffff\nasked\n"
      "op __add_pages 100000000 200000 0 = ";
  Write("good.txt", good + "v 0 0\nend\n");
  Write("differs.txt", good + "v -17 0\nend\n");
  Write("bad.txt", "hello\n");
  const Ran agrees = Shell("hpfuzz witness check good.txt");
  EXPECT_EQ(agrees.exit_code, 0) << agrees.err;
  EXPECT_EQ(agrees.out, "1 cases: 0 differ\n");
  const Ran differs = Shell("hpfuzz witness check good.txt differs.txt");
  EXPECT_EQ(differs.exit_code, 1);
  EXPECT_NE(differs.out.find("differs.txt:2: a: __add_pages.witness-answer"), std::string::npos) << differs.out;
  EXPECT_NE(differs.out.find("mainline-6.12: 0"), std::string::npos) << differs.out;
  const Ran bad = Shell("hpfuzz witness check bad.txt");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_NE(bad.err.find("bad.txt:1:1: read \"hello\", expected kernel RELEASE"), std::string::npos) << bad.err;
  EXPECT_EQ(Shell("hpfuzz witness check nowhere.txt").exit_code, 2);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
