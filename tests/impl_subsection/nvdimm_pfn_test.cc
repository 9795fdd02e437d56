// SPDX-License-Identifier: Apache-2.0
// libnvdimm of 6.1 and 6.12 against what 6.1.192 and 6.12.117 answered: new blocks without padding, checks in the
// kernel's order, what is made of rubbish.
#include "impl_subsection/nvdimm_pfn.h"

#include <gtest/gtest.h>

#include "impl_subsection/mainline_layer.h"
#include "tests/nvdimm_requests.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr CreateAnswer kAnswers[] = {
    {"A",
     0,
     {0x0, 0x0, 0x1200000, 0x3ee00},
     {0x3ee00, 0x100000000, 0x13fffffff},
     {0x100000, 0x2, 0x11fe},
     0xfea27e9cef9d3162},
    {"B", 0, {0x0, 0x0, 0x200000, 0x3fe00}, {0x3fe00, 0x100000000, 0x13fffffff}, {}, 0x0ce17aaeee9d4161},
    {"C-ram",
     0,
     {0x0, 0x0, 0x10200000, 0x3efe00},
     {0x3efe00, 0x187c000000, 0x1c7bffffff},
     {0x187c000, 0x2, 0x101fe},
     0x15317e9cfed84162},
    {"C-reg",
     0,
     {0x0, 0x0, 0x10200000, 0x3efe00},
     {0x3efe00, 0x187c000000, 0x1c7bffffff},
     {0x187c000, 0x2, 0x101fe},
     0x15317e9cfed84162},
    {"D-ram",
     0,
     {0x0, 0x0, 0x10200000, 0x3efe00},
     {0x3efe00, 0x187c000000, 0x1c7bffffff},
     {0x187c000, 0x2, 0x101fe},
     0x15317e9cfed84162},
    {"D-reg",
     0,
     {0x0, 0x0, 0x10200000, 0x3efe00},
     {0x3efe00, 0x187c000000, 0x1c7bffffff},
     {0x187c000, 0x2, 0x101fe},
     0x15317e9cfed84162},
    {"E-ram",
     0,
     {0x0, 0x0, 0x200000, 0xe00},
     {0xe00, 0x102000000, 0x102ffffff},
     {0x102000, 0x2, 0x1fe},
     0xfd607e9cee995162},
    {"E-reg",
     0,
     {0x0, 0x0, 0x200000, 0xe00},
     {0xe00, 0x102000000, 0x102ffffff},
     {0x102000, 0x2, 0x1fe},
     0xfd607e9cee995162},
    {"F",
     0,
     {0x0, 0x0, 0x200000, 0xe00},
     {0xe00, 0x102000000, 0x102ffffff},
     {0x102000, 0x2, 0x1fe},
     0xfd607e9cee995162},
    {"G-ram",
     0,
     {0x0, 0x0, 0x200000, 0x3e00},
     {0x3e00, 0x100000000, 0x103ffffff},
     {0x100000, 0x2, 0x1fe},
     0xfe1d7e9cee998162},
    {"G-reg",
     0,
     {0x0, 0x0, 0x200000, 0x3e00},
     {0x3e00, 0x100000000, 0x103ffffff},
     {0x100000, 0x2, 0x1fe},
     0xfe1d7e9cee998162},
    {"H-ram",
     0,
     {0x0, 0x0, 0x400000, 0xbc00},
     {0xbc00, 0x104000000, 0x10fffffff},
     {0x104000, 0x2, 0x3fe},
     0x7e4d9e9ceeb9ff62},
    {"H-reg",
     0,
     {0x0, 0x0, 0x400000, 0xbc00},
     {0xbc00, 0x104000000, 0x10fffffff},
     {0x104000, 0x2, 0x3fe},
     0x7e4d9e9ceeb9ff62},
    {"I",
     0,
     {0x0, 0x20000000, 0x40000000, 0x40000},
     {0x40000, 0x40000000, 0xbfffffff},
     {0x40000, 0x2, 0x3fffe},
     0xd1495e9c8e5d4362},
    {"J",
     0,
     {0x0, 0x100000, 0x1200000, 0x3ee00},
     {0x3ee00, 0x100000000, 0x13fffffff},
     {0x100000, 0x2, 0x11fe},
     0x3d627e9cefad3162},
    {"K",
     0,
     {0x0, 0x20000000, 0x40000000, 0x0},
     {0x0, 0x40000000, 0x7fffffff},
     {0x40000, 0x2, 0x3fffe},
     0xc1895e9c8e594362},
    {"M", -kEINVAL, {}, {}, {}, 0},
    {"start-1001ff000-2m", -kEINVAL, {}, {}, {}, 0},
    {"L", 0, {0x0, 0x100000, 0x200000, 0x7e00}, {0x7e00, 0x3c0000000, 0x3c7ffffff}, {}, 0x0},
    {"T", 0, {0x0, 0x3000, 0x200000, 0x3e00}, {0x3e00, 0x480000000, 0x483ffffff}, {0x480000, 0x2, 0x1fe}, 0x0},
    {"tiny-201000-pmem",
     0,
     {0x0, 0x1000, 0x200000, 0x0},
     {0x0, 0x100000000, 0x1001fffff},
     {0x100000, 0x2, 0x1fe},
     0xfd681e9cee995362},
    {"tiny-3000-ram", -kENXIO, {}, {}, {}, 0},
    {"tiny-2000-pmem", -kENXIO, {}, {}, {}, 0},
    {"zero-cap-1g",
     0,
     {0x0, 0x10000000, 0x20000000, 0x0},
     {0x0, 0x60000000, 0x7fffffff},
     {0x60000, 0x2, 0x1fffe},
     0xc1895e9c5e594362},
    {"ram-next-but-self-not-in-iomem",
     0,
     {0x0, 0x0, 0x400000, 0xbc00},
     {0xbc00, 0x104000000, 0x10fffffff},
     {0x104000, 0x2, 0x3fe},
     0x7e4d9e9ceeb9ff62},
    {"reserved-next-not-ram",
     0,
     {0x0, 0x0, 0x400000, 0xbc00},
     {0xbc00, 0x104000000, 0x10fffffff},
     {0x104000, 0x2, 0x3fe},
     0x7e4d9e9ceeb9ff62},
    {"engulfed-region-start",
     0,
     {0x0, 0x0, 0x400000, 0xbc00},
     {0xbc00, 0x10c000000, 0x117ffffff},
     {0x10c000, 0x2, 0x3fe},
     0x7e4d9e9ceeb9ff62},
    {"engulfed-region-end",
     0,
     {0x0, 0x0, 0x400000, 0x9c00},
     {0x9c00, 0x108000000, 0x111ffffff},
     {0x108000, 0x2, 0x3fe},
     0x7dcf9e9ceeb9df62},
    {"region-touching-end-exactly",
     0,
     {0x0, 0x0, 0x400000, 0x9c00},
     {0x9c00, 0x108000000, 0x111ffffff},
     {0x108000, 0x2, 0x3fe},
     0x7dcf9e9ceeb9df62},
    {"region-ends-exactly-at-section-up",
     0,
     {0x0, 0x0, 0x400000, 0x9c00},
     {0x9c00, 0x108000000, 0x111ffffff},
     {0x108000, 0x2, 0x3fe},
     0x7dcf9e9ceeb9df62},
    {"region-before-aligned-ns",
     0,
     {0x0, 0x0, 0x400000, 0x7c00},
     {0x7c00, 0x108000000, 0x10fffffff},
     {0x108000, 0x2, 0x3fe},
     0x7d519e9ceeb9bf62},
    {"read-only", -kENXIO, {}, {}, {}, 0},
};

class MainlineNvdimmPfn : public testing::TestWithParam<MainlineVersion> {
 protected:
  bool refuses_zero_capacity() const { return GetParam() == MainlineVersion::k6_12; }

  NvdimmMachine machine_{MakeMainlineLayer(GetParam())};
};
INSTANTIATE_TEST_SUITE_P(Both, MainlineNvdimmPfn, testing::Values(MainlineVersion::k6_1, MainlineVersion::k6_12));

TEST_P(MainlineNvdimmPfn, CreatesAsThatKernel) {
  ASSERT_EQ(CreateCases().size(), std::size(kAnswers));
  for (unsigned i = 0; i < std::size(kAnswers); ++i) {
    const CreateCase& request = CreateCases()[i];
    ASSERT_EQ(request.name, kAnswers[i].name);
    SCOPED_TRACE(request.name);
    Surround(request, &machine_);
    CreateAnswer expected = kAnswers[i];
    const bool empty = expected.setup == 0 && expected.block.npfns == 0;
    if (empty && refuses_zero_capacity()) expected.setup = -kENXIO;
    ExpectCreates(request, expected, &machine_);
  }
}

// Whatever lay there: the block that is written on blank media, flags and padding of zeroes.
TEST_P(MainlineNvdimmPfn, RubbishOnMediaLeavesNoTrace) {
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

TEST_P(MainlineNvdimmPfn, ChecksInTheKernelsOrder) {
  std::vector<Fault> faults = {
      {.step = 2, .what = "no region of memory", .answer = -kENODEV, .blk = true},
      {.step = 3, .what = "unreadable", .answer = -kENXIO, .unreadable = true},
      {.step = 4, .what = "signature", .answer = -kENODEV, .signature = true},
      {.step = 5, .what = "checksum", .answer = -kENODEV, .checksum = true},
      {.step = 6, .what = "parent", .answer = -kENODEV, .parent = true},
      {.step = 7, .what = "mode", .answer = -kENXIO, .fields = {{InfoField::kMode, 3}}},
      {.step = 8, .what = "page size", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kPageSize, 0x10000}}},
      {.step = 9, .what = "struct page", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kPageStructSize, 56}}},
      {.step = 11, .what = "uuid", .answer = -kENODEV, .other_uuid = true},
      {.step = 12, .what = "settings", .answer = -kEOPNOTSUPP, .other_settings = true},
      {.step = 13, .what = "align", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kAlign, 0x20000000}}},
      {.step = 14, .what = "dataoff", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kDataoff, kFaultRange.size}}},
      {.step = 15, .what = "bad offset", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kStartPad, 0x1000}}},
      {.step = 16,
       .what = "start",
       .answer = -kEOPNOTSUPP,
       .fields = {{InfoField::kStartPad, 0x100000}, {InfoField::kDataoff, 0x500000}}},
      {.step = 17, .what = "end", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kEndTrunc, 0x100000}}},
      {.step = 18,
       .what = "small namespace",
       .answer = refuses_zero_capacity() ? -kEOPNOTSUPP : 0,
       .fields = {{InfoField::kEndTrunc, 0xfa00000}}},
  };
  const auto expect_order = [&](Personality personality) {
    ExpectOrder(personality,
                {{InfoField::kVersionMinor, 4},
                 {InfoField::kDataoff, 0x600000},
                 {InfoField::kNpfns, 0xfa00},
                 {InfoField::kMode, 2},
                 {InfoField::kAlign, 0x200000},
                 {InfoField::kPageSize, 0x1000},
                 {InfoField::kPageStructSize, 0x40}},
                faults, &machine_);
  };
  expect_order(Personality::kPfn);
  // 512 MiB is no alignment of a dax device: that is seen before its uuid is.
  faults.push_back(
      {.step = 10, .what = "dax align", .answer = -kEOPNOTSUPP, .fields = {{InfoField::kAlign, 0x400000}}});
  std::erase_if(faults, [](const Fault& fault) { return fault.step == 13; });
  expect_order(Personality::kDax);
}

// Blocks that pass, whatever they say: what the mapping makes of them.
TEST_P(MainlineNvdimmPfn, OddBlocksThatPass) {
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
      {"pad-200000", InfoField::kStartPad, 0x200000, 0x4, MemmapMode::kPmem, 0, 0xf800, 0x100200000, 0x10fffffff,
       0x100200, 0x2, 0x5fe},
      {"pad-4000000", InfoField::kStartPad, 0x4000000, 0x4, MemmapMode::kPmem, 0, 0xba00, 0x104000000, 0x10fffffff,
       0x104000, 0x2, 0x5fe},
      {"pad-10000000", InfoField::kStartPad, 0x10000000, 0x4, MemmapMode::kPmem, 0, 0xffffffffffa00, 0x110000000,
       0x10fffffff, 0x110000, 0x2, 0x5fe},
      {"pad-ffe00000", InfoField::kStartPad, 0xffe00000, 0x4, MemmapMode::kPmem, 0, 0xffffffff0fc00, 0x1ffe00000,
       0x10fffffff, 0x1ffe00, 0x2, 0x5fe},
      {"trunc-10200000", InfoField::kEndTrunc, 0x10200000, 0x4, MemmapMode::kPmem, 0, 0xffffffffff800, 0x100000000,
       0xffdfffff, 0x100000, 0x2, 0x5fe},
      {"npfns-0-pmem", InfoField::kNpfns, 0x0, 0x4, MemmapMode::kPmem, 0, 0xfa00, 0x100000000, 0x10fffffff, 0x100000,
       0x2, 0x5fe},
      {"npfns-0-ram", InfoField::kNpfns, 0x0, 0x4, MemmapMode::kRam, 0, 0x0, 0x100000000, 0x10fffffff, 0x0, 0x0, 0x0},
      {"dataoff0-pmem-4k", InfoField::kDataoff, 0x0, 0x4, MemmapMode::kPmem, 0, 0x10000, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0xffffffffffffe},
      {"dataoff1000-pmem-4k", InfoField::kDataoff, 0x1000, 0x4, MemmapMode::kPmem, 0, 0xffff, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0xfffffffffffff},
      {"dataoff1000-ram-4k", InfoField::kDataoff, 0x1000, 0x4, MemmapMode::kRam, -kEINVAL, 0, 0, 0, 0, 0, 0},
      {"dataoff3000-pmem-4k", InfoField::kDataoff, 0x3000, 0x4, MemmapMode::kPmem, 0, 0xfffd, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0x1},
      {"dataoff3000-ram-4k", InfoField::kDataoff, 0x3000, 0x4, MemmapMode::kRam, 0, 0xfa00, 0x100000000, 0x10fffffff,
       0x0, 0x0, 0x0},
      {"majorffff", InfoField::kVersionMajor, 0xffff, 0x4, MemmapMode::kPmem, 0, 0xfa00, 0x100000000, 0x10fffffff,
       0x100000, 0x2, 0x5fe},
      {"minor5-flags", InfoField::kFlags, 0xffffffff, 0x5, MemmapMode::kPmem, 0, 0xfa00, 0x100000000, 0x10fffffff,
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
    if (odd.what == "pad-10000000" && refuses_zero_capacity()) {
      EXPECT_EQ(view.validate, -kEOPNOTSUPP);  // nothing is left; with more than all of it the difference wraps
      continue;
    }
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
