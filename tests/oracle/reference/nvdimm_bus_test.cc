// SPDX-License-Identifier: Apache-2.0
// The bus of each reference: what a failed probe turns into, where data lie, pins, labels, reboots; and that nothing
// that media or callers hold can break it.
#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <string>

#include "tests/oracle/reference/nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t k2M = 0x200000;
constexpr PhysRange kRange{0x100000000, 0x10000000};
const Answer kNone = Answer::Of(Answer::Kind::kNone);
const Answer kAlready = Answer::Of(Answer::Kind::kAlready);
const Answer kPending = Answer::Of(Answer::Kind::kPending);

class NvdimmBusTest : public testing::TestWithParam<Kernel> {
 protected:
  bool legacy() const { return GetParam() == Kernel::k5_1; }
  // A block as ndctl would make it, with room for pads.
  static reference::InfoBlock Block(Personality personality) {
    return {.signature = reference::SignatureOf(personality),
            .uuid = UuidOfSeed(kOwn),
            .parent = UuidOfSeed(kParent),
            .major = 1,
            .minor = 4,
            .dataoff = 0x600000,
            .npfns = 0xfa00,
            .mode = 2,
            .align = k2M,
            .page_size = kPageSize,
            .page_struct_size = kStructPageSize};
  }
};

INSTANTIATE_TEST_SUITE_P(Kernels, NvdimmBusTest, testing::ValuesIn(kKernels),
                         [](const auto& info) { return "k" + std::to_string(static_cast<unsigned>(info.param)); });

TEST_P(NvdimmBusTest, FailedProbes) {
  const struct {
    const char* name;
    void (*make)(reference::InfoBlock&);
    Disposition legacy;
    Disposition mainline;
    int mainline_answer;
  } kProbes[] = {
      {"right", [](auto&) {}, Disposition::kPfn, Disposition::kPfn, 0},
      {"signature", [](auto& b) { b.signature[0] = 0; }, Disposition::kRaw, Disposition::kRaw, 0},
      {"mode", [](auto& b) { b.mode = 7; }, Disposition::kRaw, Disposition::kRaw, 0},
      {"align", [](auto& b) { b.align = 0x40000000; }, Disposition::kRaw, Disposition::kIdle, -kEOPNOTSUPP},
      {"dataoff", [](auto& b) { b.dataoff = kRange.size; }, Disposition::kRaw, Disposition::kIdle, -kEOPNOTSUPP},
      {"struct page", [](auto& b) { b.page_struct_size = 56; }, Disposition::kPfn, Disposition::kIdle, -kEOPNOTSUPP},
      {"no memmap", [](auto& b) { b.align = b.dataoff = 0x1000, b.mode = 1; }, Disposition::kPfnFailed,
       Disposition::kPfnFailed, -kEINVAL},
  };
  for (const auto& probe : kProbes) {
    SCOPED_TRACE(probe.name);
    NvdimmMachine machine(GetParam());
    machine.AddIdle(1, kRange);
    reference::InfoBlock block = Block(Personality::kPfn);
    probe.make(block);
    machine.PutBlock(1, block);
    const MediaImage before = machine.Image();
    const Answer answer = machine.bus().NsEnable(1);
    const NamespaceFacts facts = machine.bus().Namespace(1);
    EXPECT_EQ(facts.disposition, legacy() ? probe.legacy : probe.mainline);
    if (!legacy()) {
      EXPECT_EQ(answer.value, probe.mainline_answer);
    }
    EXPECT_FALSE(facts.pfn.wrote);
    if (facts.disposition != Disposition::kPfn) {
      EXPECT_TRUE(machine.Image() == before);
    }
    EXPECT_EQ(facts.capacity, facts.disposition == Disposition::kRaw   ? kRange.size
                              : facts.disposition == Disposition::kPfn ? kRange.size - 0x600000
                                                                       : 0);
  }
}

TEST_P(NvdimmBusTest, PaddedBlockDeviceForgetsItsPadForDax) {
  NvdimmMachine machine(GetParam());
  NvdimmBus& bus = machine.bus();
  machine.AddIdle(1, kRange);
  reference::InfoBlock block = Block(Personality::kPfn);
  block.start_pad = block.end_trunc = 0x4000000;
  machine.PutBlock(1, block);
  ASSERT_TRUE(bus.NsEnable(1).ok());
  const uint64_t capacity = kRange.size - 0x8000000 - 0x600000;
  EXPECT_EQ(bus.Namespace(1).capacity, capacity);

  EXPECT_TRUE(bus.NsWrite(1, {.offset = capacity - 3, .length = 3}, 7).ok());
  EXPECT_TRUE(bus.NsWrite(1, {.offset = capacity - 3, .length = 4}, 7).is_error(kEINVAL));
  const MediaImage image = machine.Image();
  ASSERT_EQ(image.runs.back().fill, MediaImage::kLiteral);
  EXPECT_EQ(image.runs.back().first_page, (kRange.size - 0x4000000) / kPageSize - 1);
  EXPECT_EQ(image.pages.back()[kPageSize - 3], 7);
  EXPECT_EQ(bus.NsRead(1, {.offset = capacity - 2, .length = 2}), Answer::Data(7));
  const uint64_t hash = DataHash(DataHash(kDataHashStart, 0, 2), 7, 3);
  EXPECT_EQ(bus.NsRead(1, {.offset = capacity - 5, .length = 5}), Answer::Data(kDataMixed, hash));

  const Pfn pfn = Pfn::OfByte(kRange.start + 0x600000 + 0x5000);
  EXPECT_EQ(bus.DaxAccess(1, 0x5fff), Answer::Dax(legacy() ? kEINVAL : 0, pfn));
  EXPECT_TRUE(bus.DaxAccess(1, capacity).is_error(kERANGE));
  const NsAccess dax{.offset = 0x4000000, .length = 16, .dax = true};
  if (legacy()) {
    EXPECT_TRUE(bus.NsWrite(1, dax, 9).is_error(kEINVAL));
    return;
  }
  EXPECT_TRUE(bus.NsWrite(1, dax, 9).ok());
  EXPECT_EQ(bus.NsRead(1, dax), Answer::Data(9));
  EXPECT_EQ(bus.NsRead(1, {.offset = 0, .length = 16}), Answer::Data(9)) << "start_pad too low";
}

TEST_P(NvdimmBusTest, DevicesForProcessesAreRight) {
  NvdimmMachine machine(GetParam());
  NvdimmBus& bus = machine.bus();
  machine.AddIdle(1, kRange);
  reference::InfoBlock block = Block(Personality::kDax);
  block.start_pad = 0x4000000;
  machine.PutBlock(1, block);
  ASSERT_TRUE(bus.NsEnable(1).ok());
  EXPECT_EQ(bus.Namespace(1).disposition, Disposition::kDax);
  EXPECT_EQ(bus.DaxAccess(1, 0), Answer::Dax(0, Pfn::OfByte(kRange.start + 0x4600000)));
  EXPECT_EQ(bus.NsRead(1, {.offset = 0, .length = 1}), kNone);
  EXPECT_EQ(bus.NsRead(1, {.offset = 0, .length = 1, .dax = true}), Answer::Data(0));
  EXPECT_EQ(machine.layer().GetDevPagemap(Pfn::OfByte(kRange.start + 0x4600000)),
            Answer::Mapping(MappingOfNamespace(1)));
}

TEST_P(NvdimmBusTest, MemmapOnMediaIsUnspecified) {
  NvdimmMachine machine(GetParam());
  NvdimmBus& bus = machine.bus();
  ASSERT_TRUE(bus.AddRegion(kRegion, {.range = kRange}).ok());
  ASSERT_TRUE(bus.NsCreate(1, Namespace(kRange.size, Personality::kPfn, MemmapMode::kPmem, k2M)).ok());
  const uint64_t dataoff = bus.Namespace(1).pfn.dataoff;
  MediaImage image = machine.Image();
  ASSERT_EQ(image.runs.size(), 2);
  EXPECT_EQ(image.runs[0], (MediaImage::Run{kRegion, MediaImage::kLiteral, 0, 1, 1}));
  EXPECT_EQ(image.runs[1], (MediaImage::Run{kRegion, MediaImage::kUnspecified, 0, 2, dataoff / kPageSize - 2}));

  machine.Reboot(image);
  ASSERT_TRUE(bus.NsDestroy(1).ok());
  image = machine.Image();
  EXPECT_TRUE(image.labels.empty());
  ASSERT_EQ(image.runs.size(), 1) << "the block is zeroed";
  NsRequest raw = Namespace(kRange.size, Personality::kRaw, MemmapMode::kNone, 0);
  ASSERT_TRUE(bus.NsCreate(2, raw).ok());
  EXPECT_EQ(bus.NsRead(2, {.offset = 0, .length = kRange.size}), Answer::Data(kDataUnspecified));
  EXPECT_TRUE(bus.NsWrite(2, {.offset = 0x3800, .length = kPageSize}, 0).ok());
  EXPECT_EQ(bus.NsRead(2, {.offset = 0x4000, .length = 1}), Answer::Data(kDataUnspecified));
  EXPECT_TRUE(bus.NsWrite(2, {.offset = 0x3800, .length = 2 * kPageSize}, 0).ok());
  EXPECT_EQ(bus.NsRead(2, {.offset = 0x4000, .length = kPageSize}), Answer::Data(0));
  EXPECT_EQ(bus.NsRead(2, {.offset = 0x3fff, .length = 1}), Answer::Data(kDataUnspecified));
}

TEST_P(NvdimmBusTest, PinsDelayRelease) {
  NvdimmMachine machine(GetParam());
  NvdimmBus& bus = machine.bus();
  ASSERT_TRUE(bus.AddRegion(kRegion, {.range = kRange}).ok());
  const NsRequest request = Namespace(kRange.size, Personality::kPfn, MemmapMode::kRam, k2M);
  ASSERT_TRUE(bus.NsCreate(1, request).ok());
  EXPECT_EQ(bus.NsEnable(1), kAlready);
  EXPECT_TRUE(bus.NsDestroy(1).is_error(kEBUSY));
  const Pfn page = Pfn::OfByte(kRange.start + k2M);
  ASSERT_TRUE(machine.layer().PinPage(page).ok());
  EXPECT_EQ(bus.NsDisable(1), kPending);
  EXPECT_EQ(bus.Namespace(1).disposition, Disposition::kIdle);
  EXPECT_EQ(bus.NsEnable(1), kPending);
  EXPECT_TRUE(bus.NsDestroy(1).is_error(kEBUSY));
  EXPECT_TRUE(bus.NsCreate(2, request).is_error(kEBUSY));
  ASSERT_EQ(machine.layer().UnpinPage(page).kind, Answer::Kind::kValue);
  EXPECT_EQ(bus.NsDisable(1), kAlready);
  EXPECT_TRUE(bus.NsEnable(1).ok());
  EXPECT_EQ(bus.NsDisable(1).kind, Answer::Kind::kValue);
  EXPECT_TRUE(bus.NsCreate(2, request).ok()) << "an idle label of that range is replaced";
  EXPECT_EQ(bus.NsEnable(1), kNone);
}

// Alignment of the start drifts with it; a region that no longer fits waits for another boot.
TEST_P(NvdimmBusTest, RegionsMove) {
  NvdimmMachine machine(GetParam());
  NvdimmBus& bus = machine.bus();
  ASSERT_TRUE(bus.AddRegion(kRegion, {.range = kRange}).ok());
  ASSERT_TRUE(bus.NsCreate(1, Namespace(kRange.size, Personality::kPfn, MemmapMode::kPmem, k2M)).ok());
  const MediaImage image = machine.Image();
  const uint64_t onto_ram = kSectionSize / 2 - kRange.start;
  machine.Reboot(image, onto_ram);
  EXPECT_EQ(bus.Namespace(1), NamespaceFacts{});
  EXPECT_EQ(bus.NsEnable(1), kNone);
  machine.Reboot(machine.Image(), k2M / 2 - onto_ram);
  EXPECT_EQ(bus.NsEnable(1).value, legacy() ? 0 : -kEOPNOTSUPP);
  EXPECT_EQ(bus.Namespace(1).disposition, legacy() ? Disposition::kRaw : Disposition::kIdle);
  bus.NsDisable(1);
  machine.Reboot(machine.Image(), uint64_t{0} - k2M / 2);
  EXPECT_TRUE(machine.Image() == image);
  EXPECT_TRUE(bus.NsEnable(1).ok());
}

TEST_P(NvdimmBusTest, RegionsAndLabels) {
  NvdimmMachine machine(GetParam(), {{0x40000000, kSectionSize}});
  NvdimmBus& bus = machine.bus();
  const auto add = [&](Handle handle, PhysRange range) { return bus.AddRegion(handle, {.range = range}); };
  EXPECT_TRUE(add(1, {0x100000000, 0}).is_error(kEINVAL));
  EXPECT_TRUE(add(1, {0x100000800, 0x1000}).is_error(kEINVAL));
  EXPECT_TRUE(add(1, {~uint64_t{0xfff}, 0x2000}).is_error(kEINVAL));
  EXPECT_TRUE(add(1, {(uint64_t{1} << kPhysmemBits) - 0x1000, 0x2000}).is_error(kEINVAL));
  EXPECT_TRUE(add(1, {0x40001000, 0x1000}).is_error(kEBUSY));
  EXPECT_TRUE(add(1, {0x100000000, 0x8000}).ok());
  EXPECT_TRUE(add(2, {0x100007000, 0x1000}).is_error(kEBUSY));
  EXPECT_TRUE(machine.layer().InsertResource(100, {0x10000f000, 0x2000}, false, false).ok());
  EXPECT_TRUE(add(2, {0x100008000, 0x8000}).is_error(kEBUSY)) << "crosses a resource";
  EXPECT_TRUE(bus.AddRegion(2, {.range = {0x100008000, 0x8000}, .read_only = true, .hidden = true}).ok());

  NsRequest raw{.region = 2, .offset = 0x1000, .size = 0x3000, .settings = {.personality = Personality::kRaw}};
  EXPECT_TRUE(bus.NsCreate(3, raw).ok());
  EXPECT_TRUE(bus.NsWrite(3, {.offset = 0, .length = 1}, 1).is_error(kEPERM));
  raw.offset = 0x3000;
  EXPECT_TRUE(bus.NsCreate(4, raw).is_error(kEBUSY));
  raw.offset = 0x6000;
  EXPECT_TRUE(bus.NsCreate(4, raw).is_error(kEINVAL));
  raw.offset = ~uint64_t{0xfff};
  EXPECT_TRUE(bus.NsCreate(4, raw).is_error(kEINVAL));
  raw.region = 9;
  EXPECT_EQ(bus.NsCreate(4, raw), kNone);
  EXPECT_TRUE(bus.NsDisable(3).ok());
  EXPECT_TRUE(bus.Corrupt(3, {.offset = 0x2000, .length = 0x1001}).is_error(kEINVAL));
  EXPECT_TRUE(bus.Corrupt(3, {.offset = 0, .length = 0x3000, .value = 0x1ff, .sealed = true}).ok());
  EXPECT_EQ(machine.Image().runs.front().fill, 0xff);
  machine.PutBlock(3, Block(Personality::kDax));
  EXPECT_TRUE(bus.NsDestroy(3).is_error(kEPERM));
}

// Anything: answers, never a crash, and the image restores to itself.
TEST_P(NvdimmBusTest, IsTotal) {
  std::mt19937_64 random(static_cast<unsigned>(GetParam()) + 1);
  const auto below = [&](uint64_t limit) { return random() % limit; };
  const auto number = [&] {
    const uint64_t power = uint64_t{1} << below(64);
    const uint64_t numbers[] = {0, 1, power, power - 1, power + 1, ~uint64_t{0}, random(), k2M * below(256)};
    return numbers[below(std::size(numbers))];
  };
  const auto settings = [&] {
    return PfnSettings{static_cast<Personality>(below(3)), static_cast<MemmapMode>(below(4)), number(), below(2) == 0,
                       UuidOfSeed(kOwn)};
  };
  for (int round = 0; round < 3000; ++round) {
    NvdimmMachine machine(GetParam(), {{0x104000000, 0x4000000}});
    NvdimmBus& bus = machine.bus();
    const uint64_t starts[] = {0x100000000, 0x108000000, 0x10c000000, 0x10c001000, number()};
    RegionRequest region{{starts[below(5)], below(3) == 0 ? number() : k2M * (1 + below(128))}};
    region.read_only = below(8) == 0;
    region.unreadable = below(8) == 0;
    region.blk = below(8) == 0;
    bus.AddRegion(kRegion, region);
    bool stopped = false;
    for (Handle op = 1; op < 12 && !stopped; ++op) {
      const Handle ns = static_cast<Handle>(1 + below(op));
      Answer answer;
      switch (below(9)) {
        case 0:
        case 1: {
          NsRequest request{.region = kRegion, .size = region.range.size, .settings = settings()};
          if (below(2) == 0) request.size = kPageSize * below(8), request.offset = kPageSize * below(8);
          if (below(4) == 0) request.offset = number(), request.size = number();
          answer = bus.NsCreate(op, request);
          break;
        }
        case 2: answer = bus.NsEnable(ns); break;
        case 3: answer = bus.NsDisable(ns); break;
        case 4: answer = bus.NsDestroy(ns); break;
        case 5: bus.NsRead(ns, {number(), number(), below(2) == 0}); break;
        case 6: bus.NsWrite(ns, {number(), number(), below(2) == 0}, static_cast<uint8_t>(below(2))); break;
        case 7: bus.DaxAccess(ns, number()); break;
        default: {
          reference::InfoBlock block = Block(below(2) == 0 ? Personality::kDax : Personality::kPfn);
          block.parent = {};
          if (below(2) == 0) block.minor = static_cast<uint16_t>(below(6));
          if (below(2) == 0) block.mode = static_cast<uint32_t>(below(4));
          if (below(2) == 0) block.dataoff = number();
          if (below(2) == 0) block.start_pad = static_cast<uint32_t>(number());
          if (below(2) == 0) block.end_trunc = static_cast<uint32_t>(number());
          if (below(2) == 0) block.align = static_cast<uint32_t>(number());
          if (below(3) == 0) block.align = static_cast<uint32_t>(std::bit_floor(block.align));
          machine.PutBlock(ns, block);
          bus.Corrupt(ns, {number(), number(), number(), below(2) == 0});
        }
      }
      stopped = answer.stops();
      bus.Examine(ns, settings());
      const NamespaceFacts facts = bus.Namespace(ns);
      EXPECT_LE(facts.capacity, region.range.size);
    }
    const MediaImage image = machine.Image();
    machine.Reboot(image, number());
    MediaImage moved = machine.Image();
    for (size_t i = 0; i < moved.regions.size(); ++i) moved.regions[i].request = image.regions[i].request;
    EXPECT_TRUE(moved == image);
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
