// SPDX-License-Identifier: Apache-2.0
// Pictures: who has which sub-section after which step, as data; and the drawing, in tests/golden/picture.txt.
#include "oracle/picture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "registry/judge.h"
#include "registry/registry.h"
#include "registry/workbench_geometry.h"
#include "tests/files.h"
#include "tests/golden.h"
#include "tests/oracle/lies.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

Picture Taken(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  Lockstep lockstep = MakeDefaultLockstep();
  return TakePicture(*trace, lockstep);
}

std::string Drawn(const std::string& text) {
  const absl::StatusOr<std::string> drawing = GetWorkbench().Draw(text, "test");
  return drawing.ok() ? *drawing : std::string(drawing.status().message()) + "\n";
}

TEST(PictureTest, Drawings) { CheckGolden("picture.txt", Drawn); }

TEST(PictureTest, TheCoverLetter) {
  const std::string text = ContentOf(std::string(HPFUZZ_SOURCE_DIR) + "/repro/cover-letter.trace");
  const Picture picture = Taken(text);
  ASSERT_GE(picture.memory.size(), 5U);
  // Sections 40 to 5f: the last one holds PMEM, then RAM from sub-section 32 on.
  ASSERT_EQ(picture.boot.size(), 0x20U);
  const SectionPicture& boot = picture.boot.back();
  EXPECT_EQ(boot.nr, SectionNr(0x5f));
  for (unsigned side = 0; side < kSides; ++side) {
    EXPECT_EQ(boot.side[side][31].tenant, Tenant::kNobody) << "a boot section has its memmap whole";
    EXPECT_EQ(boot.side[side][32].tenant, Tenant::kBootRam);
  }
  const SectionPicture& mapped = picture.memory[0].back();
  EXPECT_EQ(mapped.side[kLeg], boot.side[kLeg]) << "5.1 refuses";
  EXPECT_EQ(mapped.side[kSub][31].tenant, Tenant::kDevice);
  EXPECT_EQ(mapped.side[kSub][32].tenant, Tenant::kBootRam);
  EXPECT_EQ(mapped.differs(), 0xffffffffU);
  EXPECT_EQ(picture.memory[0].front().side[kLeg][0].tenant, Tenant::kHole);
  EXPECT_EQ(picture.memory[0].front().side[kSub][0].tenant, Tenant::kDevice);
  EXPECT_TRUE(picture.memory[4].back().LooksLike(boot)) << "unmapped again";
}

// An altmap has no limit to its length: all that lies between its ends is nobody's, and millions of sections.
TEST(PictureTest, OfAnAltmapItsEnds) {
  const Picture picture =
      Taken("paging 5\nmemremap_pages a 200000000-207ffffff altmap 0 0 ffffffffff000\npfn_valid 0\n");
  EXPECT_EQ(picture.boot.size(), 3U) << "the mapping, the first section and the last one";
  EXPECT_EQ(picture.hidden_sections, 0U);
}

TEST(PictureTest, AnAltmapOfNothingIsNowhere) {
  const Picture picture = Taken("memremap_pages a 200000000-207ffffff altmap 300000000 0 0\npfn_valid 200000\n");
  EXPECT_EQ(picture.boot.size(), 1U) << "the mapping";
}

TEST(PictureTest, AFindingStandsAtItsStep) {
  const Lie& lie = Lies()[2];
  const absl::StatusOr<Trace> trace = ParseTrace(
      "ram 0-7ffffff\nadd_memory 8000000-fffffff\nonline_pages 8000000-fffffff movable\npfn_valid 0\n", "test");
  ASSERT_TRUE(trace.ok());
  Lockstep lockstep(TwistedParty("legacy", lie.where, lie.twist), TwistedParty("mainline-6.1", lie.where, lie.twist));
  const Picture picture = TakePicture(*trace, lockstep);
  EXPECT_EQ(FindingKey(picture.finding), lie.key);
  EXPECT_EQ(picture.finding.step, 1U);
  ASSERT_EQ(picture.memory.size(), 2U);
  // Section 0 is not touched.
  ASSERT_EQ(picture.boot.size(), 2U);
  EXPECT_EQ(picture.memory[0].back().side[kLeg][5].tenant, Tenant::kHotOffline);
  EXPECT_EQ(picture.memory[1].back().side[kLeg][5].tenant, Tenant::kHotOnline);
}

TEST(PictureTest, ManySectionsAreNotAllShown) {
  const Picture picture = Taken("pfn_valid 0\nmemremap_pages a 100000000-8ffffffff\n");
  EXPECT_EQ(picture.boot.size(), kMostPictureSections);
  EXPECT_EQ(picture.hidden_sections, 256 + 1 - kMostPictureSections);
}

// Of too many sections the one that an unmet expectation is about comes before those with lower addresses.
TEST(PictureTest, WhatFailsIsShown) {
  std::string trace;
  for (unsigned section = 0; section < kMostPictureSections + 6; ++section) {
    absl::StrAppend(&trace, trace.empty() ? "" : "\n", "pfn_valid ", absl::Hex(section * kPagesPerSection));
  }
  EXPECT_EQ(Taken(trace + "\n").boot.back().nr, SectionNr(kMostPictureSections - 1));
  const Picture picture = Taken(trace + " -> legacy 1\n");
  EXPECT_EQ(picture.boot.size(), kMostPictureSections);
  EXPECT_EQ(picture.boot.back().nr, SectionNr(kMostPictureSections + 5));
}

TEST(PictureTest, DevicesAreTheirOwners) {
  const Picture picture = Taken(
      "memremap_pages a 10000000-11ffffff\nmemunmap_pages a\nmemremap_pages b 10000000-11ffffff\n"
      "region p 18000000-1fffffff\nns_create n p 0+8000000 fsdax ram align 200000 uuid 1\n");
  EXPECT_EQ(picture.memory[0].front().side[kSub][0], (SubsectionPicture{Tenant::kDevice, 0}));
  EXPECT_EQ(picture.memory[1].front().side[kSub][0], SubsectionPicture());
  EXPECT_EQ(picture.memory[2].front().side[kSub][0], (SubsectionPicture{Tenant::kDevice, 1}));
  EXPECT_EQ(picture.memory[4].back().side[kSub][0], (SubsectionPicture{Tenant::kDevice, MappingOfNamespace(0)}));
}

// Tear-down is no operation of the trace: what is seen in it stands at the last of its steps, not at the first.
TEST(PictureTest, AFindingInTearDownStandsThere) {
  const Twist twist = WarnsAt("memunmap_pages");
  const absl::StatusOr<Trace> trace =
      ParseTrace("pfn_valid 0\npin_page 0\nmemremap_pages a 10000000-17ffffff\npin_page 10000\n", "test");
  ASSERT_TRUE(trace.ok());
  Lockstep lockstep(TwistedParty("legacy", Where::kSubsectionLayer, twist),
                    TwistedParty("mainline-6.1", Where::kSubsectionLayer, twist));
  const Picture picture = TakePicture(*trace, lockstep);
  EXPECT_EQ(FindingKey(picture.finding).substr(0, 4), "memu") << FindingKey(picture.finding);
  const std::vector<size_t> failing = FailingSteps(picture.finding, {}, picture.log);
  ASSERT_EQ(failing.size(), 1U);
  ASSERT_EQ(failing[0], picture.log.size() - 1);
  EXPECT_GT(failing[0], trace->ops.size()) << "legacy was torn down before";
  EXPECT_EQ(picture.log.op(failing[0]).kind, OpKind::kMemunmapPages);
}

TEST(PictureTest, RangesThatAreNoMemory) {
  const Picture picture =
      Taken("__add_pages fffffffff8000000+8000000\npfn_valid ffffffffffffffff\nregion_intersects 5+0\n");
  EXPECT_EQ(picture.boot.size(), 0U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
