// SPDX-License-Identifier: Apache-2.0
// InfoBlock: where the fields lie, the checksum, and a block that a real kernel wrote.
#include "machine/info_block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Rows of "offset: 16 bytes", both in hex; what has no row is 0.
struct Row {
  unsigned offset;
  std::string_view bytes;
};

InfoBlock BlockOf(std::initializer_list<Row> rows) {
  InfoBlock block;
  for (const Row& row : rows) {
    for (unsigned i = 0; i < row.bytes.size() / 2; ++i) {
      block.bytes()[row.offset + i] =
          static_cast<uint8_t>(std::stoul(std::string(row.bytes.substr(2 * i, 2)), nullptr, 16));
    }
  }
  return block;
}

// 1 GiB at 4 GiB, fsdax, memmap in the device.
InfoBlock RealBlock5_1() {
  return BlockOf({{0x000, "4e5644494d4d5f50464e5f494e464f00"},
                  {0x010, "0d1e0000111122223333444455556600"},
                  {0x030, "00000000010002000000200100000000"},
                  {0x040, "00ee0300000000000200000000000000"},
                  {0x050, "00000000000020000000000000000000"},
                  {0xff0, "0000000000000000d8dd644bfe6ca255"}});
}
InfoBlock RealBlock6_1() {
  return BlockOf({{0x000, "4e5644494d4d5f50464e5f494e464f00"},
                  {0x010, "0d1e0000111122223333444455556600"},
                  {0x030, "00000000010004000000200100000000"},
                  {0x040, "00ee0300000000000200000000000000"},
                  {0x050, "00000000000020000010000040000000"},
                  {0xff0, "000000000000000018ee664b3e07c85d"}});
}

TEST(InfoBlock, FieldsLieSideBySideAndAreLittleEndian) {
  std::set<unsigned> taken;
  for (unsigned i = 0; i < 48; ++i) taken.insert(i);  // signature and uuids
  for (const InfoFieldSpec& spec : kInfoFields) {
    InfoBlock block;
    const uint64_t all = ~uint64_t{0} >> (64 - 8 * spec.size);
    block.Set(spec.field, ~uint64_t{0});
    EXPECT_EQ(block.Get(spec.field), all) << spec.name;
    for (unsigned i = 0; i < block.bytes().size(); ++i) {
      const bool mine = spec.offset <= i && i < unsigned{spec.offset} + spec.size;
      ASSERT_EQ(block.bytes()[i], mine ? 0xff : 0) << spec.name << " at " << i;
      if (mine) {
        EXPECT_TRUE(taken.insert(i).second) << spec.name << " at " << i;
      }
    }
    block.Set(spec.field, 0x0102030405060708);
    EXPECT_EQ(block.Get(spec.field), 0x0102030405060708 & all) << spec.name;
    EXPECT_EQ(block.bytes()[spec.offset], 0x08) << spec.name;
  }
  EXPECT_EQ(taken.size(), 94U + 8U);
}

TEST(InfoBlock, RealBlocks) {
  struct Expected {
    InfoField field;
    uint64_t by_5_1;
    uint64_t by_6_1;
  };
  constexpr Expected kExpected[] = {
      {InfoField::kFlags, 0, 0},
      {InfoField::kVersionMajor, 1, 1},
      {InfoField::kVersionMinor, 2, 4},
      {InfoField::kDataoff, 0x1200000, 0x1200000},
      {InfoField::kNpfns, 0x3ee00, 0x3ee00},
      {InfoField::kMode, 2, 2},
      {InfoField::kStartPad, 0, 0},
      {InfoField::kEndTrunc, 0, 0},
      {InfoField::kAlign, 0x200000, 0x200000},
      {InfoField::kPageSize, 0, 0x1000},
      {InfoField::kPageStructSize, 0, 0x40},
      {InfoField::kChecksum, 0x55a26cfe4b64ddd8, 0x5dc8073e4b66ee18},
  };
  const InfoBlock by_5_1 = RealBlock5_1();
  const InfoBlock by_6_1 = RealBlock6_1();
  for (const Expected& expected : kExpected) {
    EXPECT_EQ(by_5_1.Get(expected.field), expected.by_5_1) << SpecOf(expected.field).name;
    EXPECT_EQ(by_6_1.Get(expected.field), expected.by_6_1) << SpecOf(expected.field).name;
  }
  for (const InfoBlock* block : {&by_5_1, &by_6_1}) {
    EXPECT_TRUE(block->ChecksumRight());
    EXPECT_TRUE(block->HasSignature(Personality::kPfn));
    EXPECT_FALSE(block->HasSignature(Personality::kDax));
    EXPECT_EQ(block->parent_uuid(), Uuid{});
    EXPECT_EQ(block->uuid()[0], 0x0d);
    EXPECT_EQ(block->uuid()[15], 0x00);
    EXPECT_EQ(block->uuid()[14], 0x66);
  }
}

// The same block made field by field. Uuids 10.. and a0..: the check values of both minor versions.
TEST(InfoBlock, MadeAndSealed) {
  InfoBlock block;
  block.SetSignature(Personality::kPfn);
  block.SetUuid(UuidOfSeed(0x10));
  block.SetParentUuid(UuidOfSeed(0xa0));
  block.Set(InfoField::kVersionMajor, 1);
  block.Set(InfoField::kVersionMinor, 2);
  block.Set(InfoField::kDataoff, 0x1200000);
  block.Set(InfoField::kNpfns, 0x3ee00);
  block.Set(InfoField::kMode, 2);
  block.Set(InfoField::kAlign, 0x200000);
  block.Seal();
  EXPECT_EQ(block.Get(InfoField::kChecksum), 0xf67ce45cef9b2122);
  EXPECT_TRUE(block.ChecksumRight());
  block.Set(InfoField::kVersionMinor, 4);
  block.Set(InfoField::kPageSize, 0x1000);
  block.Set(InfoField::kPageStructSize, 0x40);
  EXPECT_FALSE(block.ChecksumRight());
  block.Seal();
  EXPECT_EQ(block.Get(InfoField::kChecksum), 0xfea27e9cef9d3162);
}

TEST(InfoBlock, EveryByteCounts) {
  const InfoBlock real = RealBlock5_1();
  for (unsigned i = 0; i < real.bytes().size(); ++i) {
    InfoBlock damaged = real;
    damaged.bytes()[i] ^= 0x10;
    ASSERT_FALSE(damaged.ChecksumRight()) << i;
    ASSERT_NE(damaged.HasSignature(Personality::kPfn), i < InfoBlock::kSignatureSize) << i;
  }
  InfoBlock dax = real;
  dax.SetSignature(Personality::kDax);
  EXPECT_TRUE(dax.HasSignature(Personality::kDax));
  EXPECT_FALSE(dax.HasSignature(Personality::kPfn));
  dax.Zero();
  EXPECT_EQ(dax, InfoBlock{});
  EXPECT_TRUE(dax.ChecksumRight());  // of nothing but zeroes it is 0
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
