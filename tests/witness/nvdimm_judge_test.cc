// SPDX-License-Identifier: Apache-2.0
// NvdimmJudge: agrees with what its models say, and sees what differs from it.
#include "witness/nvdimm_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using ::testing::HasSubstr;

constexpr PhysRange kRange = {uint64_t{1} << 32, uint64_t{128} << 20};

class NvdimmJudgeTest : public testing::Test {
 protected:
  NvdimmJudgeTest() : judge_(*FindImplementation("mainline-6.1"), say_) {
    FirmwareMap map;
    map.ranges[map.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = {0x100000, 0x1ff00000}};
    // As the guest tells it: the region is in its map.
    map.ranges[map.count++] = {.kind = FirmwareKind::kPmem, .nid = 0, .range = kRange};
    MediaImage image;
    image.regions.push_back({0, {.range = kRange}});
    judge_.Boot(map, image);
    created_ = judge_.Ask([](HotplugLayer& model) {
      const PfnSettings settings{Personality::kPfn, MemmapMode::kRam, kSubsectionSize, true, UuidOfSeed(0x10)};
      return model.Nvdimm().NsCreate(0, {0, 0, uint64_t{16} << 20, UuidOfSeed(1), settings});
    });
  }

  std::vector<NvdimmCheck> checks_;
  std::function<void(const NvdimmCheck&)> say_ = [this](const NvdimmCheck& check) { checks_.push_back(check); };
  NvdimmJudge judge_;
  NvdimmJudge::Answers created_;
};

TEST_F(NvdimmJudgeTest, Answers) {
  judge_.CheckAnswer("x", {.answer = Answer::Value(0), .words = ""}, created_);
  EXPECT_TRUE(checks_.back().agrees);
  judge_.CheckAnswer("x", {.answer = Answer::Error(kENXIO), .words = "no"}, created_);
  EXPECT_FALSE(checks_.back().agrees);
  EXPECT_EQ(NvdimmCheckText(checks_.back()), "  x\n    DIFFERENCE: kernel -ENXIO (no)\n                model  0\n");
  EXPECT_EQ(judge_.result().checks, 2U);
  EXPECT_EQ(judge_.result().differences, 1U);
}

TEST_F(NvdimmJudgeTest, AnErrnoThatNobodyTold) {
  const NvdimmAnswer refused{.answer = Answer::Error(kENXIO), .errno_told = false, .words = ""};
  judge_.CheckAnswer("x", refused, {Answer::Error(kEINVAL), Answer::Error(kEINVAL)});
  EXPECT_TRUE(checks_.back().agrees);
  judge_.CheckAnswer("x", refused, {Answer::Value(0), Answer::Value(0)});
  EXPECT_FALSE(checks_.back().agrees);
  const NvdimmAnswer told{.answer = Answer::Error(kENXIO), .words = ""};
  judge_.CheckAnswer("x", told, {Answer::Error(kENXIO), Answer::Error(kEINVAL)});
  EXPECT_FALSE(checks_.back().agrees);
  EXPECT_EQ(checks_.back().model, "-ENXIO | reference -EINVAL");
}

TEST_F(NvdimmJudgeTest, States) {
  NamespaceSight sight;
  sight.holder = "pfn0.0";
  sight.holder_bound = true;
  sight.block = "pmem0";
  sight.block_size = 0xe00000;
  judge_.CheckState(0, sight);
  EXPECT_TRUE(checks_.back().agrees);
  sight.block_size = 0x1000000;
  judge_.CheckState(0, sight);
  EXPECT_FALSE(checks_.back().agrees);
  judge_.CheckState(0, {});
  EXPECT_FALSE(checks_.back().agrees);
  judge_.CheckState(1, {});
  EXPECT_TRUE(checks_.back().agrees);
}

// FLAGS BLOCK MEMMAP PAGES BITMAP DIRECT VALID ONLINE, and the eight sub-sections of somebody's mapping.
TEST_F(NvdimmJudgeTest, Sections) {
  const SectionNr nr = SectionNr::OfByte(kRange.start);
  const auto line = [](const char* bitmap, const char* lookup) {
    return absl::StrCat("13 0 3 40 ", bitmap, " ff ff 0", lookup);
  };
  ASSERT_TRUE(judge_.CheckSections({{nr, line("ff", " fffe 0 8")}}).ok());
  EXPECT_TRUE(checks_.back().agrees) << checks_.back().model;
  EXPECT_EQ(checks_.back().kernel, "20:ff");
  ASSERT_TRUE(judge_.CheckSections({{nr, line("fe", " fffe 0 8")}}).ok());
  EXPECT_FALSE(checks_.back().agrees);
  ASSERT_TRUE(judge_.CheckSections({{nr, line("ff", " fffe 0 7")}}).ok());
  EXPECT_FALSE(checks_.back().agrees);
  EXPECT_THAT(checks_.back().model, HasSubstr("lookup"));
  EXPECT_FALSE(judge_.CheckSections({{nr, "? section"}}).ok());
}

TEST_F(NvdimmJudgeTest, BlocksAndMedia) {
  DimmFile file = *DimmFile::Create(kRange, 0);
  judge_.CheckBlock(0, 0, file);
  EXPECT_FALSE(checks_.back().agrees);
  judge_.CheckMedia(0, file);
  EXPECT_FALSE(checks_.back().agrees);
  EXPECT_THAT(checks_.back().model, HasSubstr("at 1000: 00/4e"));
  judge_.Ask([&](HotplugLayer& model) {
    MediaImage image;
    model.Nvdimm().Image(&image);
    WriteMedia(image, 0, &file);
    return Answer::Value(0);
  });
  judge_.CheckBlock(0, 0, file);
  EXPECT_TRUE(checks_.back().agrees);
  judge_.CheckMedia(0, file);
  EXPECT_TRUE(checks_.back().agrees);
  EXPECT_EQ(judge_.result().block_bytes, 2 * kInfoBlockSize);
  EXPECT_GE(judge_.result().media_bytes, kRange.size);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
