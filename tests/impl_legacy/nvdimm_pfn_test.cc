// SPDX-License-Identifier: Apache-2.0
// libnvdimm of 5.1 against what 5.1.15 answered: new blocks with their padding, checks in the kernel's order, what is
// made of rubbish.
#include "impl_legacy/nvdimm_pfn.h"

#include <gtest/gtest.h>

#include "impl_legacy/legacy_layer.h"
#include "tests/nvdimm_requests.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr CreateAnswer kAnswers[] = {
    {"A",
     0,
     {0x0, 0x0, 0x1200000, 0x3ee00},
     {0x40000, 0x100000000, 0x13fffffff},
     {0x100000, 0x2, 0x11fe},
     0xf67ce45cef9b2122},
    {"B", 0, {0x0, 0x0, 0x200000, 0x3fe00}, {0x3fe00, 0x100000000, 0x13fffffff}, {}, 0x04bbe06eee9b3121},
    {"C-ram",
     0,
     {0x4000000, 0x0, 0x10200000, 0x3ebe00},
     {0x3f0000, 0x1880000000, 0x1c7bffffff},
     {0x1880000, 0x2, 0x101fe},
     0xc00fe45c02d5f122},
    {"C-reg",
     0,
     {0x4000000, 0x0, 0x10200000, 0x3ebe00},
     {0x3f0000, 0x1880000000, 0x1c7bffffff},
     {0x1880000, 0x2, 0x101fe},
     0xc00fe45c02d5f122},
    {"D-ram",
     0,
     {0x4000000, 0x4000000, 0x10000000, 0x3e8000},
     {0x3e8000, 0x1880000000, 0x1c77ffffff},
     {0x1880000, 0x2, 0xfffe},
     0xf0dbc45c06b5b322},
    {"D-reg",
     0,
     {0x4000000, 0x4000000, 0x10000000, 0x3e8000},
     {0x3e8000, 0x1880000000, 0x1c77ffffff},
     {0x1880000, 0x2, 0xfffe},
     0xf0dbc45c06b5b322},
    {"E-ram", -kENXIO, {}, {}, {}, 0},
    {"E-reg", -kENXIO, {}, {}, {}, 0},
    {"F",
     0,
     {0x0, 0x0, 0x400000, 0xc00},
     {0x8000, 0x102000000, 0x102ffffff},
     {0x100000, 0x2002, 0x3fe},
     0x7373045ceeb73f22},
    {"G-ram", -kENXIO, {}, {}, {}, 0},
    {"G-reg", -kENXIO, {}, {}, {}, 0},
    {"H-ram",
     0,
     {0x4000000, 0x0, 0x400000, 0x7c00},
     {0x8000, 0x108000000, 0x10fffffff},
     {0x108000, 0x2, 0x3fe},
     0x292c045cf2b7af22},
    {"H-reg",
     0,
     {0x4000000, 0x0, 0x400000, 0x7c00},
     {0x8000, 0x108000000, 0x10fffffff},
     {0x108000, 0x2, 0x3fe},
     0x292c045cf2b7af22},
    {"I",
     0,
     {0x0, 0x20000000, 0x40000000, 0x40000},
     {0x40000, 0x40000000, 0xbfffffff},
     {0x40000, 0x2, 0x3fffe},
     0xc923c45c8e5b3322},
    {"J",
     0,
     {0x0, 0x100000, 0x1200000, 0x3ee00},
     {0x40000, 0x100000000, 0x13fffffff},
     {0x100000, 0x2, 0x11fe},
     0x353ce45cefab2122},
    {"K", -kENXIO, {}, {}, {}, 0},
    {"M", 0, {0x0, 0x0, 0x100000, 0x7e00}, {0x7e00, 0x3d0100000, 0x3d7ffffff}, {}, 0x0},
    {"start-1001ff000-2m", -kENXIO, {}, {}, {}, 0},
    {"L", 0, {0x0, 0x0, 0x2000, 0x80fe}, {0x80fe, 0x3c0000000, 0x3c80fffff}, {}, 0x0},
    {"T", 0, {0x0, 0x0, 0x400000, 0x3c03}, {0x8000, 0x480000000, 0x484002fff}, {0x480000, 0x2, 0x3fe}, 0x0},
    {"tiny-201000-pmem", -kENXIO, {}, {}, {}, 0},
    {"tiny-3000-ram", 0, {0x0, 0x0, 0x2000, 0x1}, {0x1, 0x100000000, 0x100002fff}, {}, 0xfa20b45eee576322},
    {"tiny-2000-pmem", -kENXIO, {}, {}, {}, 0},
    {"zero-cap-1g", -kENXIO, {}, {}, {}, 0},
    {"ram-next-but-self-not-in-iomem",
     0,
     {0x0, 0x0, 0x600000, 0xba00},
     {0x10000, 0x104000000, 0x10fffffff},
     {0x100000, 0x4002, 0x5fe},
     0xf460245ceed7ed22},
    {"reserved-next-not-ram",
     0,
     {0x0, 0x0, 0x600000, 0xba00},
     {0x10000, 0x104000000, 0x10fffffff},
     {0x100000, 0x4002, 0x5fe},
     0xf460245ceed7ed22},
    {"engulfed-region-start",
     0,
     {0x0, 0x0, 0x600000, 0xba00},
     {0x10000, 0x10c000000, 0x117ffffff},
     {0x108000, 0x4002, 0x5fe},
     0xf460245ceed7ed22},
    {"engulfed-region-end",
     0,
     {0x0, 0x0, 0x600000, 0x9a00},
     {0x10000, 0x108000000, 0x111ffffff},
     {0x108000, 0x2, 0x5fe},
     0xf3e2245ceed7cd22},
    {"region-touching-end-exactly",
     0,
     {0x0, 0x0, 0x600000, 0x9a00},
     {0x10000, 0x108000000, 0x111ffffff},
     {0x108000, 0x2, 0x5fe},
     0xf3e2245ceed7cd22},
    {"region-ends-exactly-at-section-up",
     0,
     {0x0, 0x2000000, 0x400000, 0x7c00},
     {0x8000, 0x108000000, 0x10fffffff},
     {0x108000, 0x2, 0x3fe},
     0x4d2c045cf0b7af22},
    {"region-before-aligned-ns",
     0,
     {0x0, 0x0, 0x400000, 0x7c00},
     {0x8000, 0x108000000, 0x10fffffff},
     {0x108000, 0x2, 0x3fe},
     0x752c045ceeb7af22},
    {"read-only", -kENXIO, {}, {}, {}, 0},
};

class LegacyNvdimmPfn : public testing::Test {
 protected:
  NvdimmMachine machine_{MakeLegacyLayer()};
};

TEST_F(LegacyNvdimmPfn, CreatesAsThatKernel) {
  ASSERT_EQ(CreateCases().size(), std::size(kAnswers));
  for (unsigned i = 0; i < std::size(kAnswers); ++i) {
    const CreateCase& request = CreateCases()[i];
    ASSERT_EQ(request.name, kAnswers[i].name);
    SCOPED_TRACE(request.name);
    Surround(request, &machine_);
    ExpectCreates(request, kAnswers[i], &machine_);
  }
}

// Whatever lay there: the block that is written on blank media, flags and padding of zeroes.
TEST_F(LegacyNvdimmPfn, RubbishOnMediaLeavesNoTrace) {
  const CreateCase& request = CreateCases()[0];
  const auto junk = BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, 2},
                                                  {InfoField::kMode, 2},
                                                  {InfoField::kAlign, 0x200000},
                                                  {InfoField::kDataoff, 0x400000},
                                                  {InfoField::kNpfns, 0x100},
                                                  {InfoField::kFlags, 0xdeadbeef},
                                                  {InfoField::kStartPad, 0x1234},
                                                  {InfoField::kEndTrunc, 0x5678}});
  std::vector<InfoBlock> blocks(7, junk);
  blocks[0].bytes().fill(0xa5);
  blocks[1].bytes().fill(0xff);
  blocks[2].bytes()[3] ^= 1;
  blocks[3].bytes()[3000] = 0x5a;
  blocks[4].SetParentUuid({});
  blocks[5].SetUuid({});
  blocks[6].SetSignature(Personality::kDax);
  for (unsigned i = 4; i < 7; ++i) blocks[i].Seal();
  for (const InfoBlock& block : blocks) {
    machine_.BootWith({.range = request.range}, block);
    machine_.Create(request.range.size, SettingsOf(Personality::kPfn, request.mode, request.align), 3);
    const PfnView view = machine_.Facts(3).pfn;
    EXPECT_EQ(view.validate, -kENODEV);
    EXPECT_TRUE(view.wrote);
    EXPECT_EQ(machine_.Block().Get(InfoField::kChecksum), kAnswers[0].checksum);
    EXPECT_TRUE(machine_.Block().ChecksumRight());
  }
}

TEST_F(LegacyNvdimmPfn, ChecksInTheKernelsOrder) {
  const std::vector<Fault> faults = {
      {.step = 2, .what = "no region of memory", .answer = -kENODEV, .blk = true},
      {.step = 3, .what = "unreadable", .answer = -kENXIO, .unreadable = true},
      {.step = 4, .what = "signature", .answer = -kENODEV, .signature = true},
      {.step = 5, .what = "checksum", .answer = -kENODEV, .checksum = true},
      {.step = 6, .what = "parent", .answer = -kENODEV, .parent = true},
      {.step = 7, .what = "mode", .answer = -kENXIO, .fields = {{InfoField::kMode, 3}}},
      {.step = 11, .what = "uuid", .answer = -kENODEV, .other_uuid = true},
      {.step = 12, .what = "settings", .answer = -kEINVAL, .other_settings = true},
      {.step = 13, .what = "align", .answer = -kEINVAL, .fields = {{InfoField::kAlign, 0x20000000}}},
      {.step = 14, .what = "dataoff", .answer = -kEBUSY, .fields = {{InfoField::kDataoff, kFaultRange.size}}},
      {.step = 15, .what = "bad offset", .answer = -kENXIO, .fields = {{InfoField::kStartPad, 0x1000}}},
  };
  for (const Personality personality : {Personality::kPfn, Personality::kDax}) {
    ExpectOrder(personality,
                {{InfoField::kVersionMinor, 2},
                 {InfoField::kDataoff, 0x600000},
                 {InfoField::kNpfns, 0xfa00},
                 {InfoField::kMode, 2},
                 {InfoField::kAlign, 0x200000}},
                faults, &machine_);
  }
}

// Blocks that pass, whatever they say: what the mapping makes of them.
TEST_F(LegacyNvdimmPfn, OddBlocksThatPass) {
  struct Odd {
    std::string_view what;
    InfoField field;
    uint64_t value;
    uint64_t minor;
    MemmapMode mode;
    int setup;
    uint64_t npfns, first, last;
    uint64_t base, reserve, free;
  };
  constexpr Odd kOdd[] = {
      {"pad-200000", InfoField::kStartPad, 0x200000, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100200000, 0x10fffffff,
       0x100000, 0x202, 0x5fe},
      {"pad-4000000", InfoField::kStartPad, 0x4000000, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x104000000, 0x10fffffff,
       0x100000, 0x4002, 0x5fe},
      {"pad-10000000", InfoField::kStartPad, 0x10000000, 0x4, MemmapMode::kPmem, 0, 0x10000000000000, 0x110000000,
       0x10fffffff, 0x110000, 0x2, 0x5fe},
      {"pad-ffe00000", InfoField::kStartPad, 0xffe00000, 0x4, MemmapMode::kPmem, 0, 0xffffffff10000, 0x1ffe00000,
       0x10fffffff, 0x1f8000, 0x7e02, 0x5fe},
      {"trunc-10200000", InfoField::kEndTrunc, 0x10200000, 0x4, MemmapMode::kPmem, 0, 0x10000000000000, 0x100000000,
       0xffdfffff, 0x100000, 0x2, 0x5fe},
      {"npfns-0-pmem", InfoField::kNpfns, 0x0, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff, 0x100000,
       0x2, 0x5fe},
      {"npfns-0-ram", InfoField::kNpfns, 0x0, 0x4, MemmapMode::kRam, 0, 0x0, 0x100000000, 0x10fffffff, 0x0, 0x0, 0x0},
      {"dataoff0-pmem-4k", InfoField::kDataoff, 0x0, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0xffffffffffffe},
      {"dataoff1000-pmem-4k", InfoField::kDataoff, 0x1000, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0xfffffffffffff},
      {"dataoff1000-ram-4k", InfoField::kDataoff, 0x1000, 0x4, MemmapMode::kRam, -kEINVAL, 0, 0, 0, 0, 0, 0},
      {"dataoff3000-pmem-4k", InfoField::kDataoff, 0x3000, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0x1},
      {"dataoff3000-ram-4k", InfoField::kDataoff, 0x3000, 0x4, MemmapMode::kRam, 0, 0xfa00, 0x100000000, 0x10fffffff,
       0x0, 0x0, 0x0},
      {"majorffff", InfoField::kVersionMajor, 0xffff, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0x5fe},
      {"minor5-flags", InfoField::kFlags, 0xffffffff, 0x5, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0x5fe},
  };
  for (const Odd& odd : kOdd) {
    SCOPED_TRACE(odd.what);
    const uint64_t align = odd.field == InfoField::kDataoff ? kPageSize : 0x200000;
    InfoBlock block = BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, odd.minor},
                                                    {InfoField::kDataoff, 0x600000},
                                                    {InfoField::kNpfns, 0xfa00},
                                                    {InfoField::kMode, static_cast<uint64_t>(odd.mode)},
                                                    {InfoField::kAlign, align},
                                                    {InfoField::kPageSize, 0x1000},
                                                    {InfoField::kPageStructSize, 0x40}});
    block.Set(odd.field, odd.value);
    block.Seal();
    machine_.BootWith({.range = kFaultRange}, block);
    const PfnView view = machine_.bus().Examine(NvdimmMachine::kNs, {.personality = Personality::kPfn});
    EXPECT_EQ(view.validate, 0);
    EXPECT_EQ(view.setup, odd.setup);
    if (odd.setup != 0) continue;
    EXPECT_EQ(view.npfns, odd.npfns);
    EXPECT_EQ(view.mapped.start, odd.first);
    EXPECT_EQ(view.mapped.end() - 1, odd.last);
    EXPECT_EQ(view.altmap_base, odd.base);
    EXPECT_EQ(view.altmap_reserve, odd.reserve);
    EXPECT_EQ(view.altmap_free, odd.free);
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
