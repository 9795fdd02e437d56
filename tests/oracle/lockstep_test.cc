// SPDX-License-Identifier: Apache-2.0
// The tester tested: layers that are wrong in one answer or one fact, and the key under which the oracle reports it.
// What is bent in a layer alone is a difference from its reference; what is bent in both is one between the
// generations, or a broken clause or invariant.
#include "oracle/lockstep.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

#include "tests/oracle/twisted.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Sections 8 and 9 of a machine with four sections of RAM.
constexpr std::string_view kMachine = "ram 1000-1fffffff\n";
constexpr std::string_view kAdd = "add_memory 40000000-47ffffff\n";
constexpr std::string_view kOnline = "online_pages 40000000-47ffffff movable\n";
constexpr std::string_view kMap = "memremap_pages a 48000000-4fffffff\n";
constexpr SectionNr kAdded(8);
constexpr SectionNr kMapped(9);

Twist AnswerOf(std::string_view operation, Answer wrong) {
  return {.answer = [=](std::string_view called, Answer& answer) {
    if (called == operation) answer = wrong;
  }};
}
template <typename Change>
Twist SectionFact(SectionNr nr, Change change) {
  return {.section = [=](SectionNr asked, SectionFacts& facts) {
    if (asked == nr && facts.present) change(facts);
  }};
}
template <typename Change>
Twist PageFact(SectionNr nr, Change change) {
  return {.page = [=](Pfn asked, PfnFacts& facts) {
    if (SectionNr::Of(asked) == nr && facts.valid) change(facts);
  }};
}

class LockstepTest : public testing::TestWithParam<Case> {};

TEST_P(LockstepTest, ReportsTheKey) {
  EXPECT_EQ(RunTwisted(GetParam()), GetParam().key);
  Case sound = GetParam();
  sound.twist = {};
  EXPECT_EQ(RunTwisted(sound), "") << "without a twist";
}

const std::string kAdding = Text({kMachine, kAdd});
const std::string kMapping = Text({kMachine, kMap, "memunmap_pages a\n"});
const std::string kPlugging =
    Text({kMachine, kAdd, kOnline, "offline_pages 40000000-47ffffff\nremove_memory 40000000-47ffffff\n"});
const std::string kFailing = Text({kMachine, "fail_alloc at 2 usemap\n__add_pages 40000000-4fffffff\n"});
const std::string kMixed = Text({kMachine, "ram 54000000-57ffffff\nmemremap_pages a 50000000-53ffffff\n"});

const Case kReferenceCases[] = {
    {"AnErrno", Where::kLegacyLayer, kAdding, AnswerOf("add_memory", Answer::Error(kEEXIST)),
     "add_memory.legacy-answer"},
    {"AnotherErrno", Where::kSubsectionLayer, Text({kAdding, kAdd}), AnswerOf("add_memory", Answer::Error(kEBUSY)),
     "add_memory.subsection-answer"},
    {"AWarning", Where::kSubsectionLayer, kMapping, AnswerOf("memremap_pages", Answer::Value(0, 1)),
     "memremap_pages.subsection-answer"},
    {"AStop", Where::kSubsectionLayer, kAdding, AnswerOf("add_memory", Answer::Of(Answer::Kind::kBug)),
     "add_memory.subsection-answer"},
    {"AnotherStop", Where::kLegacyLayer, Text({kMachine, "remove_memory 40000000-47ffffff\n"}),
     AnswerOf("remove_memory", Answer::Of(Answer::Kind::kBug)), "remove_memory.legacy-answer"},
    {"NoStop", Where::kLegacyLayer, Text({kMachine, "remove_memory 40000000-47ffffff\n"}),
     AnswerOf("remove_memory", Answer::Value(0)), "remove_memory.legacy-answer"},
    {"ALostReference",
     Where::kLegacyLayer,
     kMapping,
     {.answer = [](std::string_view called,
                   Answer& answer) { answer.refs_left += called == "memunmap_pages" ? 1 : 0; }},
     "memunmap_pages.legacy-answer"},
    {"AnswerOfPfnValid", Where::kSubsectionLayer, Text({kAdding, "pfn_valid 40000\n"}),
     AnswerOf("pfn_valid", Answer::Value(0)), "pfn_valid.subsection-answer"},
    {"AnswerOfStructPage",
     Where::kLegacyLayer,
     Text({kMachine, kMap, "struct_page 48000\n"}),
     {.answer = [](std::string_view called, Answer& answer) { answer.page.reserved ^= called == "struct_page"; }},
     "struct_page.legacy-answer"},
    {"Bitmap", Where::kSubsectionLayer, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.bitmap &= ~uint64_t{2}; }),
     "add_memory.subsection-bitmap"},
    {"LegacyBitmap", Where::kLegacyLayer, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.bitmap = 0; }),
     "add_memory.legacy-bitmap"},
    {"BitmapOfAMapping", Where::kSubsectionLayer, kMapping, SectionFact(kMapped, [](SectionFacts& f) { f.bitmap = 1; }),
     "memremap_pages.subsection-bitmap"},
    {"Flag", Where::kLegacyLayer, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.online ^= true; }),
     "add_memory.legacy-section-flags"},
    {"Taint", Where::kSubsectionLayer, kMapping, SectionFact(kMapped, [](SectionFacts& f) { f.tainted ^= true; }),
     "memremap_pages.subsection-section-flags"},
    {"Block", Where::kSubsectionLayer, Text({kAdding, kOnline}),
     SectionFact(kAdded,
                 [](SectionFacts& f) {
                   if (f.block == BlockState::kOnline) f.block = BlockState::kOffline;
                 }),
     "online_pages.subsection-block"},
    {"Memmap", Where::kLegacyLayer, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.memmap = MemmapKind::kBase; }),
     "add_memory.legacy-memmap"},
    {"DirectMap", Where::kLegacyLayer, kMapping, SectionFact(kMapped, [](SectionFacts& f) { f.direct_map ^= 4; }),
     "memremap_pages.legacy-direct-map"},
    {"PfnValid", Where::kSubsectionLayer, kAdding, PageFact(kAdded, [](PfnFacts& f) { f.valid = false; }),
     "add_memory.subsection-pfn-valid"},
    {"OnlinePage", Where::kLegacyLayer, Text({kAdding, kOnline}),
     PageFact(kAdded, [](PfnFacts& f) { f.online = false; }), "online_pages.legacy-online-page"},
    {"Lookup", Where::kSubsectionLayer, kMapping, PageFact(kMapped, [](PfnFacts& f) { f.map = kNoHandle; }),
     "memremap_pages.subsection-lookup"},
    {"LookupInASecondRange", Where::kSubsectionLayer,
     Text({kMachine, "memremap_pages a 58000000-5fffffff and 48000000-4fffffff\n"}),
     PageFact(kMapped, [](PfnFacts& f) { f.map = kNoHandle; }), "memremap_pages.subsection-lookup"},
    {"Backing", Where::kLegacyLayer, kAdding, PageFact(kAdded, [](PfnFacts& f) { f.backed = false; }),
     "add_memory.legacy-memmap"},
    {"StructPage", Where::kSubsectionLayer, kMapping,
     PageFact(kMapped, [](PfnFacts& f) { f.page.zone = Zone::kNormal; }), "memremap_pages.subsection-struct-page"},
    {"Spans",
     Where::kLegacyLayer,
     Text({kAdding, kOnline}),
     {.spans =
          [](Nid, NodeSpans& spans) {
            Span& movable = spans.zone[static_cast<unsigned>(Zone::kMovable)];
            if (movable.present != 0) --movable.present;
          }},
     "online_pages.legacy-spans"},
    {"NodeSpan",
     Where::kSubsectionLayer,
     kMapping,
     {.spans =
          [](Nid, NodeSpans& spans) {
            if (spans.node.end > kMapped.first_pfn()) spans.node.end = kMapped.first_pfn();
          }},
     "memremap_pages.subsection-spans"},
    {"Usemaps",
     Where::kLegacyLayer,
     kAdding,
     {.usemaps = [](int& balance) { balance = 0; }},
     "add_memory.legacy-usemap-balance"},
    {"ResourceMissing",
     Where::kSubsectionLayer,
     kAdding,
     {.resources = [](ResourceRow*, size_t, size_t& count) { count -= count > 1 ? 1 : 0; }},
     "add_memory.subsection-resources"},
    {"ResourceFlag",
     Where::kLegacyLayer,
     kAdding,
     {.resources =
          [](ResourceRow* rows, size_t capacity, size_t& count) {
            if (count > 1 && capacity > 1) rows[1].busy = false;
          }},
     "add_memory.legacy-resources"},
    {"FailedRequests",
     Where::kLegacyLayer,
     kFailing,
     {.failed = [](AllocSites& failed) { failed |= Sites(AllocSite::kRoot); }},
     "__add_pages.legacy-failed-requests"},
    // Nothing is wrong until something was taken away.
    {"LeftBehind",
     Where::kSubsectionLayer,
     kPlugging,
     {.section =
          [](SectionNr nr, SectionFacts& f) {
            if (nr == kAdded && !f.present) f.direct_map = 1;
          }},
     "remove_memory.subsection-direct-map"},
};
INSTANTIATE_TEST_SUITE_P(AgainstReference, LockstepTest, testing::ValuesIn(kReferenceCases),
                         [](const auto& info) { return std::string(info.param.name); });

const Case kContractCases[] = {
    {"Answer", Where::kSubsection, kAdding, AnswerOf("add_memory", Answer::Error(kEEXIST)), "add_memory.pair-answer"},
    {"Stop", Where::kLegacy, kAdding, AnswerOf("add_memory", Answer::Of(Answer::Kind::kFault)),
     "add_memory.pair-answer"},
    {"Flags", Where::kLegacy, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.online ^= true; }),
     "add_memory.pair-section-flags"},
    {"Bitmap", Where::kSubsection, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.bitmap = 2; }),
     "add_memory.pair-bitmap"},
    {"Block", Where::kLegacy, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.block = BlockState::kNone; }),
     "add_memory.pair-block"},
    {"Memmap", Where::kLegacy, kMapping, SectionFact(kMapped, [](SectionFacts& f) { f.memmap = MemmapKind::kBase; }),
     "memremap_pages.pair-memmap"},
    {"DirectMap", Where::kSubsection, kMapping, SectionFact(kMapped, [](SectionFacts& f) { f.direct_map = 0; }),
     "memremap_pages.pair-direct-map"},
    {"PfnValid", Where::kSubsection, kAdding, PageFact(kAdded, [](PfnFacts& f) { f.valid = false; }),
     "add_memory.pair-pfn-valid"},
    {"OnlinePage", Where::kLegacy, Text({kAdding, kOnline}), PageFact(kAdded, [](PfnFacts& f) { f.online = false; }),
     "online_pages.pair-online-page"},
    {"Lookup", Where::kLegacy, kMapping, PageFact(kMapped, [](PfnFacts& f) { f.map = kNoHandle; }),
     "memremap_pages.pair-lookup"},
    {"StructPage", Where::kSubsection, kMapping, PageFact(kMapped, [](PfnFacts& f) { f.page.count = 3; }),
     "memremap_pages.pair-struct-page"},
    {"Spans",
     Where::kLegacy,
     Text({kAdding, kOnline}),
     {.spans = [](Nid, NodeSpans& spans) { spans.zone[static_cast<unsigned>(Zone::kMovable)] = {}; }},
     "online_pages.pair-spans"},
    {"Resources",
     Where::kSubsection,
     kAdding,
     {.resources = [](ResourceRow*, size_t, size_t& count) { count -= count > 1 ? 1 : 0; }},
     "add_memory.pair-resources"},
    // 5.1 must refuse a range whose section holds RAM, and with this errno.
    {"Clause", Where::kLegacy, kMixed, AnswerOf("memremap_pages", Answer::Error(kEBUSY)),
     "memremap_pages.ram-in-section"},
    {"ClauseOfSuccess", Where::kLegacy, kMixed, AnswerOf("memremap_pages", Answer::Value(0)),
     "memremap_pages.ram-in-section"},
    {"ClauseOfAFailure", Where::kSubsection, kFailing, AnswerOf("__add_pages", Answer::Error(kEEXIST)),
     "__add_pages.failed-section"},
    {"FactAfterAFailure", Where::kLegacy, kFailing,
     SectionFact(kAdded, [](SectionFacts& f) { f.memmap = MemmapKind::kBase; }), "__add_pages.pair-memmap"},
    {"FailureNobodyMeets", Where::kSubsection,
     Text({kMachine, "fail_alloc at 3 usemap\n__add_pages 40000000-4fffffff\n"}),
     AnswerOf("__add_pages", Answer::Error(kENOMEM)), "__add_pages.pair-answer"},
    {"ClauseOfBothRefusing", Where::kSubsection, Text({kMachine, "memremap_pages a 10000000-17ffffff\n"}),
     AnswerOf("memremap_pages", Answer::Error(kENOMEM, 1)), "memremap_pages.ram-in-range"},
};
INSTANTIATE_TEST_SUITE_P(AgainstContract, LockstepTest, testing::ValuesIn(kContractCases),
                         [](const auto& info) { return std::string(info.param.name); });

// Alike in both generations and their references, and yet impossible.
const Case kInvariantCases[] = {
    {"ValidButAbsent", Where::kEverywhere, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.present = false; }),
     "end.valid-implies-present"},
    {"BitsWithoutSection", Where::kEverywhere, kAdding, SectionFact(kAdded, [](SectionFacts& f) { f.valid = false; }),
     "end.bit-implies-valid"},
    {"ValidPageWithoutStructPage", Where::kEverywhere, kAdding,
     PageFact(kAdded,
              [](PfnFacts& f) {
                f.backed = false;
                f.page = {};
              }),
     "end.valid-page-is-backed"},
};
INSTANTIATE_TEST_SUITE_P(Invariants, LockstepTest, testing::ValuesIn(kInvariantCases),
                         [](const auto& info) { return std::string(info.param.name); });

const Case kUsemapCases[] = {
    {"UsemapTooMany",
     Where::kEverywhere,
     kAdding,
     {.usemaps = [](int& balance) { ++balance; }},
     "end.usemaps-of-hot-sections"},
    {"UsemapTooFew",
     Where::kEverywhere,
     kAdding,
     {.usemaps = [](int& balance) { --balance; }},
     "end.usemaps-of-hot-sections"},
    {"ResourceAfterAFailure",
     Where::kEverywhere,
     Text({kMachine, "fail_alloc at 1 usemap\n", kAdd}),
     {.resources = [asked = size_t{0}](ResourceRow*, size_t capacity,
                                       size_t& count) mutable { count += capacity == 0 ? asked++ : 0; }},
     "add_memory.failure-releases-resource"},
};
INSTANTIATE_TEST_SUITE_P(MachineInvariants, LockstepTest, testing::ValuesIn(kUsemapCases),
                         [](const auto& info) { return std::string(info.param.name); });

// A machine that has stopped is asked nothing more; the other one goes on and is judged.
TEST(LockstepStops, OnlyOneMachineFreezes) {
  const std::string stop = Text({kMachine, kAdd, "__remove_pages Normal 40000000-401fffff\n"});
  EXPECT_EQ(RunTwisted({"Stop", Where::kLegacyLayer, Text({stop, kMap}), {}, ""}), "");
  const Twist twist = AnswerOf("memremap_pages", Answer::Error(kENXIO));
  EXPECT_EQ(RunTwisted({"Legacy", Where::kLegacyLayer, Text({stop, kMap}), twist, ""}), "")
      << "legacy has stopped before";
  EXPECT_EQ(RunTwisted({"Subsection", Where::kSubsectionLayer, Text({stop, kMap}), twist, ""}),
            "memremap_pages.subsection-answer");
}

// What a clause let differ is not compared with the other generation until both have emptied it, then again.
TEST(LockstepMarks, GoWhenBothAreEmpty) {
  const std::string differ = Text({kMachine, "memremap_pages a 40000000-401fffff\n"});  // 5.1 takes the section
  const Twist twist = SectionFact(kAdded, [](SectionFacts& f) { f.direct_map ^= 8; });
  EXPECT_EQ(RunTwisted({"Marked", Where::kLegacy, differ, twist, ""}), "");
  EXPECT_EQ(RunTwisted({"Emptied", Where::kLegacy, Text({differ, "memunmap_pages a\n", kAdd}), twist, ""}),
            "add_memory.pair-direct-map");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
