// SPDX-License-Identifier: Apache-2.0
// Large input, and the most that legal input may cost: time and memory stay bounded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/command.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;

class HostileSlowTest : public ShellTest {};

TEST_F(HostileSlowTest, LargeFilesAreRefusedUnread) {
  Shell("head -c 100000000 /dev/zero >zeros; head -c 50000000 /dev/zero | tr '\\0' a >line");
  for (const char* command : {"replay", "show", "encode", "recorded", "import-iomem"}) {
    for (const char* file : {"zeros", "line", "- <zeros"}) {
      const Ran ran = Shell(std::string("timeout 20 '" HPFUZZ_BINARY "' ") + command + " " + file);
      EXPECT_EQ(ran.exit_code, kExitBadInput) << command << " " << file;
      EXPECT_THAT(ran.err, HasSubstr("read more than 16 MiB, expected a smaller file")) << command << " " << file;
    }
  }
}

TEST_F(HostileSlowTest, AsLargeAsAFileMayBe) {
  Shell("head -c 16777216 /dev/zero >zeros; head -c 16777216 /dev/zero | tr '\\0' a >line");
  EXPECT_THAT(Shell("timeout 20 '" HPFUZZ_BINARY "' show zeros").err, HasSubstr("of 16777216 are left out"));
  EXPECT_THAT(Shell("timeout 20 '" HPFUZZ_BINARY "' encode line").err, HasSubstr("line:1:65537: read a line of"));
  EXPECT_THAT(Shell("timeout 20 '" HPFUZZ_BINARY "' recorded line").err, HasSubstr("line:1:1: read"));
  EXPECT_THAT(Shell("timeout 20 '" HPFUZZ_BINARY "' import-iomem line").err, HasSubstr("line:1:1: read"));
}

// As many sections as one trace may walk: all of them new, and the same ones over and over.
TEST_F(HostileSlowTest, AsMuchAsATraceMayCost) {
  const std::string distinct =
      "printf 'ram 0-7ffffff\\nphys_bits 52\\npaging 5\\n'; for i in {1..32}; do "
      "printf '__add_pages %x-%x\\n' $((i << 40)) $(((i + 1 << 40) - 1)); done";
  const std::string again =
      "printf 'ram 0-7ffffff\\nmemremap_pages a 10000000000-1ffffffffff\\n'; yes 'memunmap_pages a' | head -31";
  for (const std::string& text : {distinct, again}) {
    Shell("{ " + text + "; } >in");
    const Ran ran = Shell("timeout 50 '" HPFUZZ_BINARY "' replay --quiet in");
    EXPECT_EQ(ran.exit_code, kExitAgrees) << text << ran.err;
    Shell("{ " + text + "; tail -1 in; } >more");
    EXPECT_THAT(Shell("hpfuzz replay more").err, HasSubstr("expected at most 262144 sections")) << text;
  }
}

// As many reboots as a trace of 2,000 operations may have, with as many pages on its media that are not alike.
TEST_F(HostileSlowTest, AsManyRebootsAsATraceMayHave) {
  Shell(
      "{ echo 'region r 200000000-2ffffffff'; echo 'ns_create n r 0+100000000 raw'; "
      "for i in {8..2007}; do printf 'ns_write n %x+1 5a\\n' $((i << 13)); done; "
      "yes 'reboot other' | head -28; } >in; { cat in; tail -1 in; } >more");
  const Ran ran = Shell("timeout 100 '" HPFUZZ_BINARY "' replay --quiet in");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_THAT(Shell("hpfuzz replay more").err, HasSubstr("expected at most 262144 sections"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
