// SPDX-License-Identifier: Apache-2.0
// Keys of programs that ended: stable, of the characters that keys have, and different where the crash is.
#include "triage/crash_key.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "absl/strings/str_replace.h"

namespace hpfuzz {
namespace {

constexpr ChildEnd kFailed{1, 0};

constexpr absl::string_view kUseAfterFree =
    "=================================================================\n"
    "==17==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55d4 bp 0x7ffd sp 0x7ffc\n"
    "READ of size 8 at 0x602000000010 thread T0\n"
    "    #0 0x7f01 in memcpy (/usr/lib/libc.so.6+0x123)\n"
    "    #1 0x55d4 in hpfuzz::x86_64::(anonymous namespace)::Section64::Fill(unsigned long) sparse.cc:12:3\n"
    "    #2 0x55d5 in std::__1::function<void (hpfuzz::x86_64::Pfn)>::operator()(hpfuzz::x86_64::Pfn) const f:1\n"
    "    #3 0x55d6 in hpfuzz::x86_64::LegacyLayer::AddPages(unsigned char, hpfuzz::x86_64::PhysRange) layer.cc:4:5\n"
    "    #4 0x55d7 in hpfuzz::x86_64::Lockstep::Run(hpfuzz::x86_64::Trace const&) lockstep.cc:4:5\n"
    "    #5 0x55d8 in main main.cc:1\n"
    "\n"
    "freed by thread T0 here:\n"
    "    #0 0x55d9 in hpfuzz::x86_64::Other() other.cc:2\n";

TEST(CrashKeyTest, AReportBecomesItsKindAndTheInnermostFunctionsOfOurs) {
  EXPECT_EQ(KeyOfProgram(kUseAfterFree, kFailed),
            "crash.heap-use-after-free.section-fill.legacy-layer-add-pages.lockstep-run");
  EXPECT_TRUE(IsCrashKey(KeyOfProgram(kUseAfterFree, kFailed)));
}

TEST(CrashKeyTest, AddressesAndLinesDoNotMatter) {
  const std::string other = absl::StrReplaceAll(
      kUseAfterFree, {{"0x55d", "0x7f61a"}, {"0x6020", "0x51b3"}, {":12:3", ":13:1"}, {"==17", "==4242"}});
  ASSERT_NE(other, kUseAfterFree);
  EXPECT_EQ(KeyOfProgram(other, kFailed), KeyOfProgram(kUseAfterFree, kFailed));
}

TEST(CrashKeyTest, UndefinedBehaviour) {
  EXPECT_EQ(KeyOfProgram("impl/sparse.cc:12:3: runtime error: shift exponent 64 is too large for 64-bit type 'x'\n"
                         "    #0 0x55d4 in hpfuzz::tiny::Mask(int) sparse.cc:12:3\n"
                         "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior sparse.cc:12:3 in \n",
                         kFailed),
            "crash.shift-exponent-is-too-large.mask");
}

TEST(CrashKeyTest, OtherSanitizersAndSignals) {
  EXPECT_EQ(KeyOfProgram("==9==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
                         "    #0 0x1 in bool hpfuzz::x86_64::SameBytes<Answer>(Answer const&) same_bytes.h:1\n",
                         kFailed),
            "crash.use-of-uninitialized-value.same-bytes");
  EXPECT_EQ(KeyOfProgram("==9==ERROR: AddressSanitizer: SEGV on unknown address 0x0 (pc 0x1)\n"
                         "    #0 0x1  (/bin/hpfuzz+0x1)\n",
                         kFailed),
            "crash.segv");
  EXPECT_EQ(KeyOfProgram("", ChildEnd{-1, SIGABRT}), "crash.signal-abrt");
}

TEST(CrashKeyTest, WhatAProgramReportsItselfIsItsKey) {
  EXPECT_EQ(KeyOfProgram("some trace\nAssertion failure: end.pair-spans FuzzerHash=end.pair-spans\n"
                         "==9==ERROR: AddressSanitizer: ILL on unknown address\n",
                         ChildEnd{-1, SIGILL}),
            "end.pair-spans");
  EXPECT_EQ(KeyOfProgram("/dev/fd/3: FINDING memunmap_pages.legacy-answer\n", kFailed), "memunmap_pages.legacy-answer");
  EXPECT_FALSE(IsCrashKey("memunmap_pages.legacy-answer"));
}

TEST(CrashKeyTest, NoneOfThem) {
  EXPECT_EQ(KeyOfProgram("", ChildEnd{0, 0}), "");
  EXPECT_EQ(KeyOfProgram("hpfuzz replay: cannot be read\n", ChildEnd{2, 0}), "");
  EXPECT_EQ(KeyOfProgram("", ChildEnd{-1, SIGINT}), "") << "somebody pressed Ctrl-C";
  EXPECT_EQ(KeyOfProgram("", ChildEnd{-1, SIGKILL}), "");
}

TEST(CrashKeyTest, KeysHoldTheCharactersOfKeys) {
  for (const absl::string_view output :
       {kUseAfterFree, absl::string_view("x.cc:1:2: runtime error: \xff 9 ~Weird'Message\n"),
        absl::string_view("ERROR: AddressSanitizer: \n #0 0 in hpfuzz::x86_64::operator<<(int)\n")}) {
    const std::string key = KeyOfProgram(output, kFailed);
    EXPECT_FALSE(key.empty());
    EXPECT_EQ(key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.-"), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace hpfuzz
