// SPDX-License-Identifier: Apache-2.0
// The reader of recorded answers: what it makes of each notation, where it says an error is, and that no text makes it
// crash.
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/recorded/files.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kLegacyHead = "# a real Linux 5.1.15 kernel\ncase c A\n";
constexpr absl::string_view kMainlineHead = "# a real Linux 6.1.192 kernel\ncase c A\n";
constexpr absl::string_view kState = " | S | Z node:1000-2000/1 | U 0 | R | G";

RecordedCase Parse(absl::string_view head, absl::string_view lines) {
  absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(absl::StrCat(head, lines), "f");
  if (!cases.ok()) {
    ADD_FAILURE() << cases.status();
    return {};
  }
  return cases->front();
}

RecordedStep Step(absl::string_view head, absl::string_view line) {
  const RecordedCase parsed = Parse(head, line);
  if (parsed.lines.empty() || parsed.lines.back().steps.empty()) {
    ADD_FAILURE() << "no step in " << line;
    return {};
  }
  return parsed.lines.back().steps.front();
}

RecordedState State(absl::string_view head, absl::string_view state) {
  const RecordedCase parsed = Parse(head, absl::StrCat("state => rc=0 | ", state));
  return parsed.lines.empty() ? RecordedState() : parsed.lines.front().state.value_or(RecordedState());
}

std::string Error(absl::string_view text) {
  const absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(text, "f");
  return cases.ok() ? "" : std::string(cases.status().message());
}

TEST(RecordedParseTest, LayoutsAreTheRecordedMachines) {
  const RecordedCase a = Parse("# a real Linux 5.1.15\ncase x A46\n", "");
  EXPECT_EQ(a.kernel, RecordedKernel::kLegacy);
  EXPECT_EQ(a.map.phys_bits, 46);
  EXPECT_EQ(a.map.count, 2);
  EXPECT_EQ(a.map.ranges[0].range, (PhysRange{0x1000, 0x9e000}));
  EXPECT_EQ(a.map.ranges[1].range, (PhysRange{0x100000, 0x2ff00000}));
  EXPECT_EQ(a.first_shown, SectionNr(6));
  const RecordedCase m = Parse("# a real Linux 6.1.192\ncase x M\n", "");
  EXPECT_EQ(m.kernel, RecordedKernel::kMainline);
  EXPECT_EQ(m.map.movable_start, 0x18400000U);
  EXPECT_EQ(m.map.ranges[2].kind, FirmwareKind::kUnmovable);
}

TEST(RecordedParseTest, Operations) {
  const RecordedStep map = Step(kLegacyHead, absl::StrCat("mapfs 7 41000000 200000 noref altmap 41000000 1000 2000 => "
                                                          "rc=0 alloc=1fe align=2",
                                                          kState));
  EXPECT_EQ(map.op.kind, OpKind::kMemremapPages);
  EXPECT_EQ(map.op.type, MemoryType::kFsDax);
  EXPECT_TRUE(map.op.no_ref);
  EXPECT_EQ(map.op.altmap, (Altmap{.given = true, .base = 0x41000000, .reserve = 0x1000, .free = 0x2000}));
  EXPECT_EQ(map.recorded.answer.altmap_alloc, 0x1fe);
  EXPECT_EQ(map.recorded.answer.altmap_align, 2);
  const RecordedStep two =
      Step(kMainlineHead, absl::StrCat("mapm 1 1000 2000 8000 1000 => rc=-12 warn=2(a,b)", kState));
  EXPECT_TRUE(two.op.has_second);
  EXPECT_EQ(two.op.second, (PhysRange{0x8000, 0x1000}));
  EXPECT_EQ(two.recorded.answer, Answer::Value(-kENOMEM, 2));
  const RecordedStep online = Step(kMainlineHead, absl::StrCat("online 40200000 keep => rc=1", kState));
  EXPECT_EQ(online.op.range, (PhysRange{0x40000000, kSectionSize}));
  EXPECT_EQ(online.recorded.answer.kind, Answer::Kind::kAlready);
  const RecordedStep res = Step(kMainlineHead, absl::StrCat("res 3 1000 2000 ir => rc=0", kState));
  EXPECT_FALSE(res.op.busy);
  EXPECT_TRUE(res.op.ram);
  EXPECT_EQ(Step(kLegacyHead, "set fill 0x55 => ok\n").op.fill, 0x55);
  EXPECT_EQ(Step(kLegacyHead, "set fill -1 => ok\n").op.fill, kFillKeep);
  EXPECT_EQ(Step(kLegacyHead, "ri 0 1 => rc=mixed").recorded.answer, Answer::Intersects(Overlap::kMixed));
  EXPECT_EQ(Parse(kLegacyHead, "pv 1000 2000 3000 => rc=101").lines[0].steps.size(), 3U);
}

TEST(RecordedParseTest, NumbersOfTheDriverBecomeHandles) {
  const std::string ok = absl::StrCat(" => rc=0", kState, "\n");
  const RecordedCase parsed =
      Parse(kLegacyHead, absl::StrCat("map 5 1000 1000", ok, "map 5 1000 1000 => rc=idbusy\n", "map 2 8000 1000", ok,
                                      "unmap 5 => rc=0 refs=left(512) alloc=-3", kState, "\n", "map 5 1000 1000", ok,
                                      "get 1000 => rc=5\n", "unmap 9 => rc=nomap\n", "unres 9 => rc=nores\n"));
  ASSERT_EQ(parsed.lines.size(), 8U);
  EXPECT_TRUE(parsed.lines[1].steps.empty());
  EXPECT_EQ(parsed.lines[2].steps[0].op.handle, 1);
  EXPECT_EQ(parsed.lines[3].steps[0].op.handle, 0);
  EXPECT_EQ(parsed.lines[3].steps[0].recorded.answer.refs_left, 512);
  EXPECT_EQ(parsed.lines[3].steps[0].recorded.answer.altmap_alloc, -3);
  EXPECT_EQ(parsed.lines[5].steps[0].recorded.answer, Answer::Mapping(2));
  EXPECT_EQ(parsed.lines[6].steps[0].op.handle, kNoHandle);
  EXPECT_EQ(parsed.lines[7].steps[0].recorded.answer.kind, Answer::Kind::kNone);
  EXPECT_EQ(parsed.mapping_names, (std::vector<std::string>{"m5", "m2", "m5"}));
}

TEST(RecordedParseTest, WhatMustNotBeAssertedHasNoSteps) {
  EXPECT_TRUE(Parse(kLegacyHead, absl::StrCat("offline 0 => rc=-16 warn=1(x)", kState)).lines[0].steps.empty());
  EXPECT_FALSE(Parse(kMainlineHead, absl::StrCat("rm_mem 0 0 => rc=-16", kState)).lines[0].steps.empty());
  EXPECT_TRUE(Parse(kMainlineHead, "tozone Normal 0 0 => rc=skipped(no such thing)").lines[0].steps.empty());
  EXPECT_TRUE(Parse(kLegacyHead, "online 0 keep => rc=HANG").lines[0].ends_case);
  EXPECT_TRUE(Parse(kMainlineHead, "page 0 => rc=FAULT in=run.constprop.0").lines[0].ends_case);
  const absl::string_view used = "page 0 => rc=zone:DMA32 count:1 reserved:0 onlinepage:1";
  EXPECT_FALSE(Step(kLegacyHead, used).recorded.has_page_count);
  const absl::string_view hole = "page 0 => rc=zone:DMA32 count:1 reserved:1 onlinepage:0";
  EXPECT_TRUE(Step(kLegacyHead, hole).recorded.has_page_count);
}

// Nobody initialised it: what was printed is the fill, as far as the driver could name it.
TEST(RecordedParseTest, PagesThatHoldTheFill) {
  const RecordedAnswer ones = Step(kMainlineHead, "page 0 => rc=zone:? count:-1 reserved:1 onlinepage:0").recorded;
  EXPECT_TRUE(ones.page_is_fill);
  EXPECT_FALSE(ones.has_page_zone || ones.has_page_count);
  const RecordedAnswer pattern =
      Step(kLegacyHead, "page 0 => rc=zone:Normal count:1431655765 reserved:1 map:? onlinepage:0").recorded;
  EXPECT_TRUE(pattern.page_is_fill && pattern.has_page_zone);
  EXPECT_FALSE(pattern.has_page_count);
  const RecordedAnswer busy = Step(kLegacyHead, "page 0 => rc=zone:DMA32 count:300 reserved:0 onlinepage:1").recorded;
  EXPECT_FALSE(busy.page_is_fill || busy.has_page_count);
}

TEST(RecordedParseTest, Sections) {
  const RecordedState mainline =
      State(kMainlineHead,
            "S 8:PVOETq/on bits=00000000000000ff vm=40 dm=0000000000000001 9:dU/off bits=0 a: dm=2 b:PVt "
            "vm=200 | Z DMA32:1000-2000/f Device:3000-3000/0 node:1000-4000/2 | U -1 | R | G");
  ASSERT_EQ(mainline.sections.size(), 4U);
  const SectionFacts& eight = mainline.sections[0].facts;
  EXPECT_TRUE(eight.online && eight.early && eight.tainted);
  EXPECT_EQ(eight.memmap, MemmapKind::kPart);
  EXPECT_EQ(eight.memmap_pages, 0x40);
  EXPECT_EQ(eight.bitmap, 0xffU);
  EXPECT_EQ(eight.direct_map, 1U);
  EXPECT_EQ(mainline.sections[1].facts.direct_map, kFullBitmap);
  EXPECT_EQ(mainline.sections[1].facts.block, BlockState::kOffline);
  EXPECT_TRUE(mainline.sections[1].facts.kept_usage);
  EXPECT_EQ(mainline.sections[2].facts.direct_map, 2U);
  EXPECT_EQ(mainline.sections[3].facts.memmap_pages, 0);
  EXPECT_EQ(mainline.spans.zone[static_cast<unsigned>(Zone::kDevice)], (Span{Pfn(3), Pfn(3), 0}));
  EXPECT_EQ(mainline.spans.node, (Span{Pfn(1), Pfn(4), 2}));
  EXPECT_EQ(mainline.usemaps, -1);
  const RecordedState legacy = State(kLegacyHead, "S 8:PVmd | Z node:1000-4000/2 | U 0 | R | G");
  EXPECT_EQ(legacy.sections[0].facts.direct_map, 1U);
  EXPECT_EQ(legacy.sections[0].facts.bitmap, kFullBitmap);
}

TEST(RecordedParseTest, Resources) {
  const RecordedState state =
      State(kMainlineHead,
            "S | Z node:0-0/0 | U 0 | R 1000-8fff:ram( 2000-2fff:other( 2000-20ff:ram)) a000-afff:other-idle | G");
  const std::vector<ResourceRow> want = {{{0x1000, 0x8000}, 0, true, true},
                                         {{0x2000, 0x1000}, 1, true, false},
                                         {{0x2000, 0x100}, 2, true, true},
                                         {{0xa000, 0x1000}, 0, false, false}};
  EXPECT_EQ(state.resources, want);
}

std::vector<FailPlan> Plans(absl::string_view head, absl::string_view fail, absl::string_view next) {
  const RecordedCase parsed = Parse(head, absl::StrCat(fail, " => ok\n", next, kState));
  std::vector<FailPlan> plans;
  if (parsed.lines.empty()) return plans;
  for (const RecordedStep& step : parsed.lines[0].steps) plans.push_back(step.op.fail);
  return plans;
}
FailPlan Plan(absl::string_view head, absl::string_view fail, absl::string_view next) {
  const std::vector<FailPlan> plans = Plans(head, fail, next);
  EXPECT_LE(plans.size(), 1U) << next;
  return plans.empty() ? FailPlan() : plans[0];
}

TEST(RecordedParseTest, FailuresAreFoundInTheLog) {
  using enum AllocSite;
  EXPECT_EQ(Plan(kLegacyHead, "fail at 1", "add_pages 0 0 => rc=0 alloc=[p512!,p1*298,p1]"),
            (FailPlan{kMemmap, false, 1}));
  EXPECT_EQ(Plan(kLegacyHead, "fail at 4", "add_pages 0 0 => rc=-12 alloc=[p512,s16,p512,s16!]"),
            (FailPlan{kUsemap, false, 2}));
  EXPECT_EQ(Plan(kLegacyHead, "fail from 1", "map 1 0 0 => rc=-12 killed=1 alloc=[s192!,s192!]"),
            (FailPlan{kLookup, true, 1}));
  EXPECT_EQ(Plan(kLegacyHead, "fail at 1", "add_pages 0 0 => rc=-12 alloc=[s4096!]"), (FailPlan{kRoot, false, 1}));
  EXPECT_EQ(Plan(kLegacyHead, "fail at 1", "map 1 0 0 => rc=-12 alloc=[s192,s64!]"), (FailPlan{kPat, false, 1}));
  EXPECT_EQ(Plan(kLegacyHead, "fail at 1", "map 1 0 0 => rc=-12 alloc=[s192,s64,p512,s16,s64!]"),
            (FailPlan{kAction, false, 1}));
  EXPECT_EQ(Plan(kMainlineHead, "fail at 1", "map 1 0 0 => rc=-12 alloc=[s64!]"), (FailPlan{kCounter, false, 1}));
  // Two ranges have two tracking entries before the action record.
  EXPECT_EQ(Plan(kMainlineHead, "fail at 9", "mapm 1 0 0 0 0 => rc=-12 alloc=[s64,s192,s64,u64,p1*9,s192,s64!]"),
            (FailPlan{kPat, false, 2}));
  EXPECT_EQ(Plan(kMainlineHead, "fail at 9", "mapm 1 0 0 0 0 => rc=-12 alloc=[s64,s192,s64,u64,p1*9,s192,s64,s64!]"),
            (FailPlan{kAction, false, 1}));
  EXPECT_EQ(Plan(kMainlineHead, "fail at 1", "add_mem 0 0 => rc=-17 alloc=[s64!]"), (FailPlan{kResource, false, 1}));
  EXPECT_EQ(Plan(kMainlineHead, "fail at 9", "add_mem 0 0 => rc=-22 alloc=[s64,p1,u64,p512,s512,s256,s8!]"),
            (FailPlan{kBlockName, false, 1}));
  EXPECT_EQ(Plan(kMainlineHead, "fail at 9", "add_mem 0 0 => rc=-12 alloc=[s64,u64,p512,s512,s8,s4096,s32,s512!,s32]"),
            (FailPlan{kBlock, false, 2}));
  // Of a failure that is repeated the first counts, wherever the mark stands.
  for (const char* log : {"[u64,p512,p1*4,s192*3!]", "[u64,p512,p1*4,s192!*3]", "[u64,p512,p1*4,s192!,s192!]"}) {
    EXPECT_EQ(Plan(kMainlineHead, "fail from 7", absl::StrCat("map 1 0 0 => rc=-12 alloc=", log)),
              (FailPlan{kLookup, true, 1}));
  }
  // Eight struct pages' pages and their page table, then the second section.
  EXPECT_EQ(Plan(kMainlineHead, "fail at 13", "add_pages 0 0 => rc=-12 alloc=[u64,p1*9,u64,p1*2,p1!]"),
            (FailPlan{kMemmapBase, false, 10}));
}

// A large page and the base pages in its place are two sites.
TEST(RecordedParseTest, FailuresOfAFallbackTakeTwoPlans) {
  using enum AllocSite;
  EXPECT_EQ(Plans(kMainlineHead, "fail from 4", "add_pages 0 0 => rc=-12 alloc=[u64,p512,u64,p512!,p1!]"),
            (std::vector<FailPlan>{{kMemmap, true, 2}, {kMemmapBase, true, 1}}));
  EXPECT_EQ(Plans(kLegacyHead, "fail from 1", "add_pages 0 0 => rc=-12 alloc=[p512!,p1!]"),
            (std::vector<FailPlan>{{kMemmap, true, 1}, {kMemmapBase, true, 1}}));
}

TEST(RecordedParseTest, FailuresWithoutEffectArmNothing) {
  EXPECT_EQ(Plan(kLegacyHead, "fail at 9", "add_pages 0 0 => rc=0 alloc=[p512,s16]").n, 0U);
  EXPECT_EQ(Plan(kLegacyHead, "fail at 2 0x21", "add_mem 0 0 => rc=0 alloc=[s32,s32!]").n, 0U);
  EXPECT_EQ(Plan(kMainlineHead, "fail from 1", "rm_mem 0 0 => rc=0 alloc=[s4096!,s64!]").n, 0U);
  EXPECT_EQ(Plan(kMainlineHead, "fail log 0", "add_pages 0 0 => rc=0 alloc=[]").n, 0U);
  EXPECT_TRUE(Parse(kLegacyHead, "fail at 1 => ok\n").lines[0].steps.empty());
}

TEST(RecordedParseTest, ErrorsNameTheirPlace) {
  EXPECT_EQ(Error("case c A\n"), "f:1:1: read \"case\", expected a comment that names the kernel");
  EXPECT_EQ(Error("# a real Linux, whichever\n# a real Linux five\ncase c A\n"),
            "f:3:1: read \"case\", expected a comment that names the kernel");
  EXPECT_EQ(Error("# a real Linux 5.1\npv 1 => rc=1\n"), "f:2:1: read \"pv\", expected \"case\"");
  EXPECT_EQ(Error("# a real Linux 5.1\ncase c Q\n"), "f:2:8: read \"Q\", expected a layout");
  EXPECT_EQ(Error("# a real Linux 5.1\ncase c\n"), "f:2:7: read nothing, expected a layout");
  EXPECT_EQ(Error("# a real Linux 5.1\ncase c A b\n"), "f:2:10: read \"b\", expected the end of the line");
  const auto error = [](absl::string_view line) { return Error(absl::StrCat(kMainlineHead, line)); };
  EXPECT_EQ(error("add 1 2 => rc=0"), "f:3:1: read \"add\", expected an operation");
  EXPECT_EQ(error("add_pages 1 => rc=0"), "f:3:13: read \"=>\", expected a hexadecimal number");
  EXPECT_EQ(error("add_pages 1 11112222333344445 => rc=0"),
            "f:3:13: read \"11112222333344445\", expected a number of at most 64 bits");
  EXPECT_EQ(error("tozone North 1 2 => rc=0"), "f:3:8: read \"North\", expected a zone");
  EXPECT_EQ(error("add_pages 1 2 => rc=0"), "f:3:22: read nothing, expected \"|\"");
  EXPECT_EQ(error("add_pages 1 2 => rc=0 warn=300(x)"), "f:3:28: read \"300(x)\", expected a number of at most 255");
  EXPECT_EQ(error("add_pages 1 2 => rc=0 | S | Z node:1000-2000"), "f:3:45: read nothing, expected \"/\"");
  EXPECT_EQ(error("set fill 0x100 => ok"), "f:3:15: read nothing, expected a byte");
  EXPECT_EQ(error("set safe 1 => rc=1"), "f:3:18: read \"1\", expected ok");
  EXPECT_EQ(error("pv 1 2 => rc=1"), "f:3:14: read \"1\", expected a digit 0 or 1 for each page");
  EXPECT_EQ(error("get 1 => rc=3"), "f:3:13: read \"3\", expected a mapping made before");
  EXPECT_EQ(error("state => rc=0 | S | Z node:1000-2001/0 | U 0 | R | G"),
            "f:3:33: read \"2001/0\", expected the border of a page");
  EXPECT_EQ(error("state => rc=0 | S | Z node:0-0/0 | U 0 | R 2000-1fff:ram | G"),
            "f:3:44: read \"2000-1fff:ram\", expected a range START-LAST");
}

TEST(RecordedParseTest, LimitsAreStated) {
  const auto repeated = [](absl::string_view line, size_t times) {
    std::string text;
    for (size_t i = 0; i < times; ++i) absl::StrAppend(&text, line, "\n");
    return text;
  };
  EXPECT_EQ(Error("# nothing\n"), "f:2:1: read the end of the file, expected \"case\"");
  EXPECT_EQ(Error(kLegacyHead), "");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated("case c A", kMaxRecordedCases - 1))), "");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated("case c A", kMaxRecordedCases))),
            "f:4098:1: read \"case\", expected at most 4096 cases");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated("state => ok", kMaxRecordedLines))), "");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated("state => ok", kMaxRecordedLines + 1))),
            "f:65539:1: read \"state\", expected at most 65536 lines in all cases");
  const std::string full = "ri 0 10000000000 => rc=mixed";
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated(full, 2))), "");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, repeated(full, 2), "ri 0 1 => rc=mixed")),
            "f:5:1: read \"ri\", expected at most 16384 sections in the ranges of a case");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, "ri 0 10000000001 => rc=mixed")),
            "f:3:1: read \"ri\", expected a range of at most 8192 sections");
  // What both kernels refuse without a walk.
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, "add_mem 0 20000000000 => rc=-7", kState)), "");
  EXPECT_EQ(Error(absl::StrCat(kLegacyHead, "state => ok | S 8:P 8:P | Z")),
            "f:3:21: read \"8:P\", expected sections in ascending order");
}

TEST(RecordedParseTest, HostileLines) {
  const std::vector<std::string> lines = {
      "",
      " ",
      "\r",
      "=>",
      "x",
      "pv",
      "pv =>",
      "pv => rc=",
      "map",
      "map 99999999999999999999 0 0 => rc=0",
      "map 4096 0 0 => rc=0",
      "map -1 0 0 => rc=0",
      "state => rc=0 |",
      "state => rc=0 | S 8",
      "state => rc=0 | S :",
      "state => rc=0 | S 8:PVm bits= | Z",
      "state => rc=0 | S 8:q vm=ffff | Z",
      "state => rc=0 | S | Z Device:",
      "state => rc=0 | S | Z node:0-0/0 | U 0 | R (",
      "state => rc=0 | S | Z node:0-0/0 | U 0 | R 0-0:ram( | G",
      "state => rc=0 | S | Z node:0-0/0 | U 0 | R 0-ffffffffffffffff:ram | G",
      "state => rc=0 | S | Z node:0-0/0 | U 99999999999 | R | G",
      "state => rc=0 | S | Z node:0-0/0 | U 0 | R | G 1@0-1",
      "add_pages 0 0 => rc=0 alloc=[",
      "add_pages 0 0 => rc=0 alloc=[p1*4294967296]",
      "add_pages 0 0 => rc=skipped(",
      "page 0 => rc=zone:Device count:256",
      "page 0 => rc=zone:Device count:1 reserved:1 map:7 onlinepage:0",
      "get 0 => rc=-1",
      "online 0 keep => rc=99999",
      "fail at => ok",
      "set fill 256 => ok",
      "case",
      std::string(1, '\0'),
      std::string(70000, 'a'),
      absl::StrCat("state => rc=0 | S | Z node:0-0/0 | U 0 | R ", std::string(300, '('))};
  for (const std::string& line : lines) {
    const std::string error = Error(absl::StrCat(kMainlineHead, line));
    if (line.empty()) continue;
    EXPECT_TRUE(absl::StartsWith(error, "f:3:")) << line << ": " << error;
  }
  std::string nested = absl::StrCat(kMainlineHead, "state => rc=0 | S | Z node:0-0/0 | U 0 | R ");
  for (int i = 0; i < 300; ++i) nested += "0-1:ram( ";
  EXPECT_NE(Error(nested), "");
  std::string many(kMainlineHead);
  for (int i = 0; i < 5000; ++i) many += "pv 0 => rc=0\n";
  EXPECT_NE(Error(many), "") << "more operations than handles";
}

// Whatever a real line is turned into, it is read or refused.
TEST(RecordedParseTest, DamagedLinesAreReadOrRefused) {
  const std::string line =
      "map 1 40000000 8000000 altmap 40000000 2000 3fe000 => rc=0 alloc=200 align=1fe alloc=[s64,u64,p512!,p1*3] "
      "warn=1(a) | S 8:PVTqd/on bits=0000000000000001 vm=8 dm=0000000000000001 | Z DMA32:1000000-30000000/2f000 "
      "node:1000-0/2 | U 1 | R 1000-8fff:ram( 2000-2fff:other) | G 1@40000000-48000000\n"
      "page 0 => rc=zone:Device count:1 reserved:1 map:1 "
      "onlinepage:0\nfail at 3 0x11 => ok\nunmap 1 => rc=0 refs=left(3) | S | Z node:0-0/0 | U 0 | R | G\n";
  std::minstd_rand random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = line;
    for (unsigned i = random() % 4; i < 4; ++i) {
      const size_t at = random() % damaged.size();
      switch (random() % 3) {
        case 0: damaged[at] = static_cast<char>(random()); break;
        case 1: damaged.erase(at, random() % 8); break;
        default: damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 16)); break;
      }
      if (damaged.empty()) break;
    }
    const absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(absl::StrCat(kMainlineHead, damaged), "f");
    if (!cases.ok()) {
      ASSERT_TRUE(absl::StartsWith(cases.status().message(), "f:")) << cases.status();
    }
  }
}

TEST(RecordedExportTest, EveryCaseIsATraceThatCanBePrintedAndRead) {
  for (const char* file : {"legacy-cases.txt", "mainline-cases.txt"}) {
    for (const RecordedCase& recorded : ReadRecordedFile(file)) {
      const Trace trace = ExportTrace(recorded);
      const std::string text = PrintTrace(trace);
      const absl::StatusOr<Trace> read = ParseTrace(text, recorded.name);
      ASSERT_TRUE(read.ok()) << read.status() << "\n" << text;
      EXPECT_TRUE(read->SameProgram(trace)) << text;
      ASSERT_EQ(read->expectations.size(), trace.expectations.size()) << text;
      EXPECT_EQ(read->expectations, trace.expectations) << text;
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
