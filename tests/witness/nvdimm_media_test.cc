// SPDX-License-Identifier: Apache-2.0
// DimmFile: media of a model written to a file and found there again; one byte that differs is found.
#include "witness/nvdimm_media.h"

#include <gtest/gtest.h>

#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr PhysRange kRange = {uint64_t{1} << 32, uint64_t{32} << 20};
constexpr Handle kRegion = 0;
constexpr Handle kNs = 0;

class NvdimmMediaTest : public testing::Test {
 protected:
  NvdimmMediaTest() : layer_(FindImplementation("mainline-6.1")->make_layer()), file_(*DimmFile::Create(kRange, 4096)) {
    map_.ranges[map_.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = {0x100000, 0x1ff00000}};
    layer_->Boot(map_);
    layer_->Nvdimm().AddRegion(kRegion, {.range = kRange});
    const PfnSettings settings{Personality::kPfn, MemmapMode::kPmem, kSubsectionSize, true, UuidOfSeed(0x10)};
    layer_->Nvdimm().NsCreate(kNs, {kRegion, 0, kRange.size, UuidOfSeed(1), settings});
    layer_->Nvdimm().NsWrite(kNs, {4096, 100, false}, 0x5a);
    layer_->Nvdimm().Image(&image_);
    EXPECT_TRUE(WriteMedia(image_, kRegion, &file_));
  }

  FirmwareMap map_;
  std::unique_ptr<HotplugLayer> layer_;
  DimmFile file_;
  MediaImage image_;
};

TEST_F(NvdimmMediaTest, WhatWasWrittenIsThere) {
  const MediaComparison media = CompareMedia(file_, image_, kRegion);
  EXPECT_FALSE(media.first_difference.has_value());
  // All but the area for struct pages.
  const uint64_t dataoff = BlockIn(file_, 0).Get(InfoField::kDataoff);
  EXPECT_EQ(media.compared, kRange.size - (dataoff - kInfoBlockReserve));
  EXPECT_EQ(BlockDifference(BlockIn(file_, 0), BlockIn(image_, kRegion, 0)), "");
  EXPECT_EQ(BlockText(BlockIn(file_, 0)), "pfn 1.4, mode 2, dataoff 200000, npfns 1e00, align 200000");
}

TEST_F(NvdimmMediaTest, StructPagesAreNobodysBusiness) {
  uint8_t byte = 0;
  ASSERT_TRUE(file_.Read(kInfoBlockReserve, absl::MakeSpan(&byte, 1)));
  EXPECT_EQ(byte, kStructPageJunk);
  byte = 0x11;
  ASSERT_TRUE(file_.Write(kInfoBlockReserve, absl::MakeConstSpan(&byte, 1)));
  EXPECT_FALSE(CompareMedia(file_, image_, kRegion).first_difference.has_value());
}

TEST_F(NvdimmMediaTest, EveryOtherByteIsCompared) {
  for (const uint64_t offset : {uint64_t{0}, uint64_t{4096 + 4095}, uint64_t{0x201000 + 99}, kRange.size - 1}) {
    uint8_t before = 0;
    ASSERT_TRUE(file_.Read(offset, absl::MakeSpan(&before, 1)));
    const auto changed = static_cast<uint8_t>(before ^ 0x80);
    ASSERT_TRUE(file_.Write(offset, absl::MakeConstSpan(&changed, 1)));
    const MediaComparison media = CompareMedia(file_, image_, kRegion);
    EXPECT_EQ(media.first_difference, offset);
    EXPECT_EQ(media.kernel, changed);
    EXPECT_EQ(media.model, before);
    ASSERT_TRUE(file_.Write(offset, absl::MakeConstSpan(&before, 1)));
  }
}

TEST_F(NvdimmMediaTest, FieldsAndBytesOfABlockAreNamed) {
  InfoBlock model = BlockIn(image_, kRegion, 0);
  const InfoBlock kernel = model;
  model.Set(InfoField::kStartPad, 0x4000000);
  EXPECT_EQ(BlockDifference(kernel, model), "start_pad 0/4000000");
  model = kernel;
  model.bytes()[200] = 7;
  EXPECT_EQ(BlockDifference(kernel, model), "byte 200 00/07");
  model = kernel;
  model.SetUuid(UuidOfSeed(0x20));
  EXPECT_EQ(BlockDifference(kernel, model), "byte 16 10/20");
}

TEST_F(NvdimmMediaTest, TheLabelAreaIsNoMedia) {
  const uint8_t byte = 1;
  EXPECT_FALSE(file_.Write(kRange.size, absl::MakeConstSpan(&byte, 1)));
  EXPECT_EQ(file_.dimm().label_size, 4096U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
