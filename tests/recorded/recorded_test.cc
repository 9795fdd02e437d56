// SPDX-License-Identifier: Apache-2.0
// Every reference and every implementation gives the answers that the kernel it models gave, line by line. Of each case
// only the first difference is printed: the rest mostly follows from it.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "impl_legacy/legacy_layer.h"
#include "impl_subsection/mainline_layer.h"
#include "oracle/recorded_check.h"
#include "oracle/reference/legacy.h"
#include "oracle/reference/mainline.h"
#include "tests/recorded/files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kLegacyCases = 353;
constexpr size_t kMainlineCases = 641;

void ReplayAll(const std::string& file, size_t cases, std::unique_ptr<HotplugLayer> layer) {
  const std::vector<RecordedCase> recorded = ReadRecordedFile(file);
  EXPECT_EQ(recorded.size(), cases);
  for (const RecordedCase& one : recorded) {
    const std::vector<RecordedDifference> differences = CheckRecorded(one, *layer);
    if (differences.empty()) continue;
    const RecordedDifference& first = differences.front();
    ADD_FAILURE() << one.name << ", " << file << ":" << first.line << ": " << first.op << "\n  " << first.what
                  << "\n    recorded " << first.recorded << "\n    ours     " << first.ours << "\n  and "
                  << differences.size() - 1 << " more";
  }
}

TEST(RecordedTest, LegacyReference) { ReplayAll("legacy-cases.txt", kLegacyCases, MakeLegacyReference()); }

TEST(RecordedTest, LegacyImplementation) { ReplayAll("legacy-cases.txt", kLegacyCases, MakeLegacyLayer()); }

TEST(RecordedTest, MainlineReference) {
  ReplayAll("mainline-cases.txt", kMainlineCases, MakeMainlineReference(MainlineReferenceVersion::k6_1));
}

TEST(RecordedTest, MainlineImplementation) {
  ReplayAll("mainline-cases.txt", kMainlineCases, MakeMainlineLayer(MainlineVersion::k6_1));
}

// The tester tested: whatever part of a recorded line is changed, the change is noticed and named.
class RecordedCheckTest : public testing::Test {
 protected:
  static constexpr absl::string_view kText =
      "# a real Linux 6.1.192 kernel\n"
      "case device A\n"
      "res 0 50000000 1000 i => rc=0 | S | Z DMA32:1000000-30000000/2f000 node:1000-30000000/2ff9e | U 0 "
      "| R 50000000-50000fff:other-idle | G\n"
      "map 1 41000000 200000 => rc=0 | S 8:PVTq bits=0000000000000100 vm=8 dm=0000000000000100 "
      "| Z DMA32:1000000-30000000/2f000 Device:41000000-41200000/0 node:1000-41200000/2ff9e | U 1 "
      "| R 50000000-50000fff:other-idle | G 1@41000000-41200000\n"
      "page 41000000 => rc=zone:Device count:1 reserved:1 map:1 onlinepage:0\n"
      "get 41000000 => rc=1\n";

  void SetUp() override {
    absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(kText, "text");
    ASSERT_TRUE(cases.ok()) << cases.status();
    case_ = cases->front();
  }

  std::string FirstDifference(const std::function<void(RecordedCase&)>& change) {
    RecordedCase changed = case_;
    change(changed);
    const std::vector<RecordedDifference> differences =
        CheckRecorded(changed, *MakeMainlineReference(MainlineReferenceVersion::k6_1));
    return differences.empty() ? "" : differences.front().what;
  }

  RecordedCase case_;
};

TEST_F(RecordedCheckTest, UnchangedHasNone) {
  EXPECT_EQ(FirstDifference([](RecordedCase&) {}), "");
}

TEST_F(RecordedCheckTest, Answers) {
  const auto answer = [](RecordedCase& c, size_t line) -> RecordedAnswer& { return c.lines[line].steps[0].recorded; };
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 1).answer.value = -kEEXIST; }), "answer");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 1).answer.kind = Answer::Kind::kFault; }), "answer");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 1).answer.warnings = 1; }), "warnings");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 2).answer.page.zone = Zone::kDma; }), "answer");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 2).answer.page.map = kForeignHandle; }), "answer");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { answer(c, 3).answer.kind = Answer::Kind::kNone; }), "answer");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) {
              answer(c, 1).has_altmap_alloc = true;
              answer(c, 1).answer.altmap_alloc = 7;
            }),
            "altmap alloc");
}

TEST_F(RecordedCheckTest, States) {
  const auto state = [](RecordedCase& c) -> RecordedState& { return *c.lines[1].state; };
  const auto facts = [&](RecordedCase& c) -> SectionFacts& { return state(c).sections[0].facts; };
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { facts(c).tainted = false; }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { facts(c).bitmap = 1; }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { facts(c).direct_map = 0; }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { facts(c).memmap_pages = 16; }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { facts(c).block = BlockState::kOffline; }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { state(c).sections.clear(); }), "section 8");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) {
              state(c).sections.push_back({SectionNr(0x800), {.present = true}});
            }),
            "section 800");
  EXPECT_EQ(
      FirstDifference([&](RecordedCase& c) { state(c).spans.zone[static_cast<unsigned>(Zone::kDevice)].present = 1; }),
      "zone Device");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { state(c).spans.node.end = Pfn(1); }), "node");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { state(c).usemaps = 0; }), "usemaps");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { state(c).resources[0].busy = true; }), "resources");
  EXPECT_EQ(FirstDifference([&](RecordedCase& c) { state(c).lookups[0].end += kSubsectionSize; }), "lookups");
}

// A page that nobody wrote holds the fill, which no answer of a layer can spell out: only that nobody wrote it counts.
TEST(RecordedFillTest, PagesThatHoldTheFill) {
  constexpr absl::string_view kState =
      " => rc=0 | S 8:PVm bits=ffffffffffffffff | Z DMA32:1000000-30000000/2f000 node:1000-30000000/2ff9e | U 1 | R | "
      "G\n";
  const auto differences = [&](absl::string_view page) {
    const absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(
        absl::StrCat("# a real Linux 6.1.192 kernel\ncase c A\nset fill 255 => ok\nadd_pages 40000000 8000000", kState,
                     "page 40000000 => rc=", page, " onlinepage:0\n"),
        "text");
    EXPECT_TRUE(cases.ok()) << cases.status();
    return cases.ok() ? CheckRecorded(cases->front(), *MakeMainlineLayer(MainlineVersion::k6_1)).size() : 99;
  };
  EXPECT_EQ(differences("zone:? count:-1 reserved:1"), 0U);
  EXPECT_EQ(differences("zone:DMA count:-1 reserved:1"), 0U);
  EXPECT_EQ(differences("zone:Normal count:-1 reserved:1"), 1U) << "a zone that was named";
  EXPECT_EQ(differences("zone:Normal count:1 reserved:1"), 1U) << "a page that somebody wrote";
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
