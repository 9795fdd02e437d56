// SPDX-License-Identifier: Apache-2.0
// hpfuzz minimize as a user runs it: what goes in, what comes out, and that it leaves something when it is stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "cli/command.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

constexpr char kFinding[] =
    "ram 1000-1fffffff node 1\npmem 20000000-2fffffff\nphys_bits 40\n"
    "add_memory 40000000-47ffffff node 1          -> legacy 0, subsection 0\n"
    "memremap_pages dev 20000000-2fffffff fsdax   -> legacy 0\n"
    "get_dev_pagemap 20001                        -> legacy dev\n"
    "online_pages 40000000-47ffffff movable       -> legacy 0, subsection -EBUSY\n"
    "memunmap_pages dev                           -> legacy 0\n";

class MinimizeCliTest : public ShellTest {};

TEST_F(MinimizeCliTest, TextInTextOut) {
  Write("long.trace", kFinding);
  const Ran ran = Shell("hpfuzz minimize long.trace -o short.trace && hpfuzz replay --quiet short.trace");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  EXPECT_EQ(ran.out, "short.trace: FINDING online_pages.subsection-expectation\n");
  EXPECT_THAT(ran.err, HasSubstr("online_pages.subsection-expectation: 5 operations, now 1, "));
  EXPECT_THAT(ran.err, HasSubstr("no single step makes it smaller"));
  EXPECT_EQ(ContentOf(Path("short.trace")), "online_pages 0-1fffff keep -> subsection -EBUSY\n");
}

TEST_F(MinimizeCliTest, StandardInputAndOutput) {
  const std::string file = Write("long.trace", kFinding);
  const Ran ran = Shell("hpfuzz minimize --quiet - <long.trace");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_EQ(ran.out, "online_pages 0-1fffff keep -> subsection -EBUSY\n");
  EXPECT_EQ(ran.err, "");
}

TEST_F(MinimizeCliTest, AProcessForEachCandidateSaysTheSame) {
  Write("long.trace", kFinding);
  const Ran ran = Shell("hpfuzz minimize --child --seconds 600 long.trace");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_EQ(ran.out, "online_pages 0-1fffff keep -> subsection -EBUSY\n");
}

TEST_F(MinimizeCliTest, BytesCarryNoExpectations) {
  Write("long.trace", kFinding);
  const Ran ran = Shell("hpfuzz minimize --quiet long.trace --bytes short");
  EXPECT_EQ(ran.exit_code, kExitBadInput);
  EXPECT_THAT(ran.err, HasSubstr("short: not written"));
  EXPECT_FALSE(fs::exists(Path("short")));
  EXPECT_EQ(ran.out, "online_pages 0-1fffff keep -> subsection -EBUSY\n");
}

TEST_F(MinimizeCliTest, NothingToMinimize) {
  Write("good.trace", "ram 1000-1fffffff\nadd_memory 40000000-47ffffff\n");
  const Ran agrees = Shell("hpfuzz minimize good.trace -o out");
  EXPECT_EQ(agrees.exit_code, kExitBadInput);
  EXPECT_THAT(agrees.err, HasSubstr("good.trace: agrees with contract and expectations"));
  EXPECT_FALSE(fs::exists(Path("out")));
  EXPECT_EQ(Shell("hpfuzz minimize missing").exit_code, kExitBadInput);
  Write("broken", "ram 1000-1fffffff\nadd_memory nonsense\n");
  EXPECT_THAT(Shell("hpfuzz minimize broken").err, HasSubstr("broken:2:"));
  Write("who", "pfn_valid 0 -> nobody 1\n");
  EXPECT_THAT(Shell("hpfuzz minimize who").err, HasSubstr("who:1:"));
}

TEST_F(MinimizeCliTest, AnyBytes) {
  for (int seed = 0; seed < 8; ++seed) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) bytes += static_cast<char>(seed * 97 + i * i * 31 + i * seed * 7);
    Write("bytes", bytes);
    const Ran ran = Shell("hpfuzz minimize --seconds 5 bytes");
    EXPECT_EQ(ran.exit_code, kExitBadInput) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("nothing to minimize"));
  }
}

TEST_F(MinimizeCliTest, WithoutTimeTheTraceIsAsItWas) {
  Write("long.trace", kFinding);
  const Ran ran = Shell("hpfuzz minimize --seconds 0 long.trace | grep -c legacy");
  EXPECT_EQ(ran.out, "5\n") << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("the best so far"));
}

// The program that runs the candidates crashes on all of them and at the fourth waits: then the signal comes.
TEST_F(MinimizeCliTest, InterruptedItLeavesTheBestSoFar) {
  std::string many = "ram 1000-1fffffff\n";
  for (int i = 0; i < 2000; ++i) many += "pfn_valid " + std::to_string(i) + "\n";
  Write("long.trace", many);
  Write("target",
        "#!/usr/bin/env bash\n"
        "echo run >>runs\n"
        "(($(wc -l <runs) < 4)) || { touch waiting; exec sleep 100; }\n"
        "echo '==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020'\n"
        "echo '    #0 0x55d4 in hpfuzz::x86_64::Section::Fill() sparse.cc:12:3'\n"
        "exit 1\n");
  for (const char* signal : {"INT", "TERM"}) {
    const Ran ran =
        Shell(std::string("chmod +x target; rm -f runs waiting short.trace\n'" HPFUZZ_BINARY
                          "' minimize --target ./target --seconds 600 long.trace -o short.trace & pid=$!\n"
                          "until [[ -e waiting ]]; do sleep 0.05; done; kill -") +
              signal + " $pid; wait $pid; echo $?; (($(grep -c pfn_valid short.trace) < 2000)) && echo shorter");
    EXPECT_EQ(ran.out, "0\nshorter\n") << signal << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("the best so far"));
  }
}

// A program that crashes on some traces, as a fuzz target under a sanitizer does; its report tells which crash it is.
TEST_F(MinimizeCliTest, CrashesAreKeptApart) {
  Write("long.trace",
        "ram 1000-1fffffff\nadd_memory 40000000-47ffffff\npin_page 1\npin_page 2\npfn_valid 3\nunpin_page 2\n");
  const std::string target = Write("target",
                                   "#!/usr/bin/env bash\n"
                                   "text=$('" HPFUZZ_BINARY
                                   "' show \"$1\")\n"
                                   "[[ $text == *pin_page* ]] || exit 0\n"
                                   "where=Other; [[ $text == *add_memory*pin_page* ]] && where=Fill\n"
                                   "echo '==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020'\n"
                                   "echo \"    #0 0x55d4 in hpfuzz::x86_64::Section::$where() sparse.cc:12:3\"\n"
                                   "exit 1\n");
  const Ran ran = Shell("chmod +x target; hpfuzz minimize --seconds 600 --target ./target long.trace --bytes out");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("crash.heap-use-after-free.section-fill: 5 operations, now 2"));
  EXPECT_EQ(ran.out, "add_memory 0-1fffff\npin_page 0\n");
  EXPECT_EQ(Shell("hpfuzz show out").out, ran.out);
  EXPECT_EQ(Shell("hpfuzz minimize --target ./nowhere long.trace").exit_code, kExitSetup);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
