// SPDX-License-Identifier: Apache-2.0
// The tester tested where namespaces are concerned: machines that are wrong in one answer, one fact, one byte of media,
// and the key under which the oracle reports it; what a reboot forgets and what it keeps.
#include <gtest/gtest.h>

#include <string>

#include "tests/oracle/twisted.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr std::string_view kMachine = "ram 1000-1fffffff\nregion p 40000000-4fffffff\n";
constexpr std::string_view kCreate = "ns_create a p 0+8000000 fsdax pmem align 200000 uuid 10\n";
constexpr std::string_view kUse = "ns_write a 0+1000 5a\nns_read a 0+1000\ndax_access a 0\n";
constexpr std::string_view kOff = "ns_disable a\n";
constexpr std::string_view kOn = "ns_enable a\n";
const std::string kLife = Text({kMachine, kCreate, kUse, kOff, kOn, kOff, "corrupt a 0+1 0\nns_destroy a\n"});
// A device that cannot be set up, whose block goes, makes a new one.
const std::string kGone =
    Text({kMachine, "ns_create a p 0+8000000 fsdax ram align 200000 uuid 10\n", kOff,
          "corrupt a align 1000 sealed\ncorrupt a dataoff 1000 sealed\n", kOn, "corrupt a checksum 0\n", kOn});

Twist Bus(BusTwist bus) {
  Twist twist;
  twist.bus = std::move(bus);
  return twist;
}
Twist AnswerOf(std::string_view operation, Answer wrong) {
  return Bus({.answer = [=](std::string_view called, Answer& answer) {
    if (called == operation) answer = wrong;
  }});
}
template <typename Change>
Twist Fact(Change change) {
  return Bus({.facts = [=](NamespaceFacts& facts) {
    if (facts.disposition != Disposition::kAbsent) change(facts);
  }});
}
template <typename Change>
Twist Byte(Change change) {
  return Bus({.image = [=](MediaImage& image) {
    if (!image.pages.empty()) change(image.pages[0]);
  }});
}

class NvdimmLockstepTest : public testing::TestWithParam<Case> {};

TEST_P(NvdimmLockstepTest, ReportsTheKey) {
  EXPECT_EQ(RunTwisted(GetParam()), GetParam().key);
  Case sound = GetParam();
  sound.twist = {};
  EXPECT_EQ(RunTwisted(sound), "") << "without a twist";
}

const Answer kBusy = Answer::Error(kEBUSY);

INSTANTIATE_TEST_SUITE_P(
    Answers, NvdimmLockstepTest,
    testing::Values(
        Case{"Region", Where::kLegacyLayer, kLife, AnswerOf("region", kBusy), "region.legacy-answer"},
        Case{"Create", Where::kSubsectionLayer, kLife, AnswerOf("ns_create", kBusy), "ns_create.subsection-answer"},
        Case{"Enable", Where::kLegacyLayer, kLife, AnswerOf("ns_enable", kBusy), "ns_enable.legacy-answer"},
        Case{"Disable", Where::kLegacyLayer, kLife, AnswerOf("ns_disable", kBusy), "ns_disable.legacy-answer"},
        Case{"Destroy", Where::kLegacyLayer, kLife, AnswerOf("ns_destroy", kBusy), "ns_destroy.legacy-answer"},
        Case{"Read", Where::kSubsectionLayer, kLife, AnswerOf("ns_read", Answer::Data(0x5b)),
             "ns_read.subsection-answer"},
        Case{"Write", Where::kLegacyLayer, kLife, AnswerOf("ns_write", kBusy), "ns_write.legacy-answer"},
        Case{"Dax", Where::kSubsectionLayer, kLife, AnswerOf("dax_access", Answer::Dax(0, Pfn(1))),
             "dax_access.subsection-answer"},
        Case{"Corrupt", Where::kLegacyLayer, kLife, AnswerOf("corrupt", kBusy), "corrupt.legacy-answer"},
        Case{"PairRead", Where::kLegacy, kLife, AnswerOf("ns_read", Answer::Data(0x5b)), "ns_read.pair-answer"}),
    [](const testing::TestParamInfo<Case>& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Facts, NvdimmLockstepTest,
    testing::Values(Case{"Npfns", Where::kLegacyLayer, kLife, Fact([](NamespaceFacts& facts) { facts.pfn.npfns ^= 1; }),
                         "ns_create.legacy-namespace"},
                    Case{"PairTrunc", Where::kSubsection, kLife,
                         Fact([](NamespaceFacts& facts) { facts.attach = -kENOMEM; }), "ns_create.pair-namespace"},
                    Case{"Capacity", Where::kEverywhere, kLife,
                         Fact([](NamespaceFacts& facts) { facts.capacity += kPageSize; }), "ns_create.sizes-add-up"},
                    Case{"Probe", Where::kEverywhere, kLife,
                         Fact([](NamespaceFacts& facts) { facts.pfn.validate = -kEIO; }), "ns_enable.probe-outcome"}),
    [](const testing::TestParamInfo<Case>& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Media, NvdimmLockstepTest,
    testing::Values(Case{"OneByte", Where::kSubsectionLayer, kLife,
                         Byte([](MediaImage::Page& page) { page[100] ^= 1; }), "ns_create.subsection-media"},
                    Case{"Padding", Where::kLegacy, kLife, Byte([](MediaImage::Page& page) { page[200] = 1; }),
                         "ns_create.info-block-zeroed"},
                    Case{"Flags", Where::kSubsection, kLife, Byte([](MediaImage::Page& page) { page[48] = 1; }),
                         "ns_create.info-block-zeroed"},
                    Case{"FlagsOfANewBlockOfAFailedDevice", Where::kSubsection, kGone, Byte([](MediaImage::Page& page) {
                           if (page[85] == 0x10) page[48] = 1;  // align 1000
                         }),
                         "ns_enable.info-block-zeroed"},
                    // Layer and reference lose the same: only the rule can see it.
                    Case{"Lost", Where::kLegacy, Text({kMachine, kCreate, kUse, "reboot same\n", kOn}),
                         Bus({.restore =
                                  [](MediaImage& image) {
                                    for (MediaImage::Run& run : image.runs) {
                                      if (run.fill == 0x5a) run.fill = 0x5b;
                                    }
                                  }}),
                         "ns_enable.user-data-kept"},
                    Case{"LostInTheOther", Where::kSubsection, Text({kMachine, kCreate, kUse, "reboot other\n", kOn}),
                         Bus({.restore =
                                  [](MediaImage& image) {
                                    for (MediaImage::Run& run : image.runs) {
                                      if (run.fill == 0x5a) run.fill = 0x5b;
                                    }
                                  }}),
                         "ns_enable.user-data-kept"},
                    // The block goes: what was fsdax comes back as a raw disk, and nobody had torn it.
                    Case{"BlockGone", Where::kLegacy, Text({kMachine, kCreate, kUse, "reboot same\n", kOn}),
                         Bus({.restore = [](MediaImage& image) { image.pages[0][0] ^= 1; }}),
                         "ns_enable.user-data-kept"}),
    [](const testing::TestParamInfo<Case>& info) { return std::string(info.param.name); });

std::string Replay(const std::string& text) { return RunTwisted({"trace", Where::kEverywhere, text, {}, ""}); }

class LastStep : public StepObserver {
 public:
  void OnStep(const Step& step) override {
    if (!step.teardown) last = step;
  }
  Step last;
};

Step LastOf(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "trace");
  EXPECT_TRUE(trace.ok()) << trace.status();
  Lockstep lockstep = MakeDefaultLockstep();
  LastStep steps;
  EXPECT_EQ(FindingKey(lockstep.Run(*trace, &steps)), "") << text;
  return steps.last;
}

TEST(NvdimmReboot, GoesOnAfterAStop) {
  const Step step = LastOf("ram 1000-1fffffff\nremove_memory 40200000-403fffff\nreboot same\npfn_valid 0\n");
  EXPECT_TRUE(step.applied[0]);
  EXPECT_TRUE(step.applied[1]);
  EXPECT_EQ(step.answer[0], Answer::Value(1));
}

TEST(NvdimmReboot, ForgetsMappingsAndResources) {
  constexpr std::string_view kBefore =
      "ram 1000-1fffffff\nmemremap_pages a 40000000-47ffffff\npin_page 40000\n"
      "insert_resource r 60000000-67ffffff busy\nreboot other\n";
  EXPECT_EQ(LastOf(Text({kBefore, "memunmap_pages a\n"})).answer[1].kind, Answer::Kind::kNone);
  EXPECT_EQ(LastOf(Text({kBefore, "unpin_page 40000\n"})).answer[0].kind, Answer::Kind::kNone);
  EXPECT_EQ(LastOf(Text({kBefore, "remove_resource r\n"})).answer[0].kind, Answer::Kind::kNone);
  EXPECT_EQ(LastOf(Text({kBefore, "pfn_valid 40000\n"})).answer[0], Answer::Value(0));
}

TEST(NvdimmReboot, KeepsAndSwapsMedia) {
  const std::string life = Text({kMachine, kCreate, kUse});
  for (const std::string_view reboot : {"reboot same\n", "reboot other\n", "reboot same base+8000000\n"}) {
    const Step step = LastOf(Text({life, reboot, kOn, "ns_read a 0+1000\n"}));
    EXPECT_EQ(step.answer[0], Answer::Data(0x5a)) << reboot;
    EXPECT_EQ(step.answer[1], Answer::Data(0x5a)) << reboot;
  }
  EXPECT_EQ(Replay(Text({life, "reboot other\nreboot other\n", kOn})), "");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
