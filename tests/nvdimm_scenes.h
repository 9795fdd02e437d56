// SPDX-License-Identifier: Apache-2.0
// Scenes that every kernel plays: what probes of given blocks led to on real ones, the states of a namespace, where the
// bytes of its user lie, a reboot.
#ifndef HPFUZZ_TESTS_NVDIMM_SCENES_H_
#define HPFUZZ_TESTS_NVDIMM_SCENES_H_

#include <gtest/gtest.h>

#include <string_view>

#include "hotplug/nvdimm_bus.h"
#include "tests/nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct ProbeCase {
  std::string_view name;
  PhysRange range;
  bool bad_signature;
  bool bad_checksum;
  struct {
    uint64_t minor, dataoff, npfns, mode, start_pad, end_trunc, align, page_size, page_struct_size;
  } block;
  struct {
    Disposition disposition;
    int answer;
    uint64_t capacity;
  } by_kernel[3];  // 5.1.15, 6.1.192, 6.12.117
};

inline void ExpectProbes(unsigned kernel, NvdimmMachine* machine) {
  constexpr ProbeCase kCases[] = {
      {"good2",
       {0x100000000, 0x8000000},
       false,
       false,
       {0x2, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x0, 0x0},
       {{Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}}},
      {"good4",
       {0x110000000, 0x8000000},
       false,
       false,
       {0x4, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x1000, 0x40},
       {{Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}}},
      {"sig",
       {0x120000000, 0x8000000},
       true,
       false,
       {0x4, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x1000, 0x40},
       {{Disposition::kRaw, 0, 0x8000000}, {Disposition::kRaw, 0, 0x8000000}, {Disposition::kRaw, 0, 0x8000000}}},
      {"csum",
       {0x130000000, 0x8000000},
       false,
       true,
       {0x4, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x1000, 0x40},
       {{Disposition::kRaw, 0, 0x8000000}, {Disposition::kRaw, 0, 0x8000000}, {Disposition::kRaw, 0, 0x8000000}}},
      {"psz56",
       {0x170000000, 0x8000000},
       false,
       false,
       {0x4, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x1000, 0x38},
       {{Disposition::kPfn, 0, 0x7c00000},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
      {"pfn4m",
       {0x190000000, 0x8000000},
       false,
       false,
       {0x4, 0x800000, 0x7c00, 0x2, 0x0, 0x0, 0x400000, 0x1000, 0x40},
       {{Disposition::kPfn, 0, 0x7800000}, {Disposition::kPfn, 0, 0x7800000}, {Disposition::kPfn, 0, 0x7800000}}},
      {"offsize",
       {0x1b0000000, 0x8000000},
       false,
       false,
       {0x2, 0x8000000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x0, 0x0},
       {{Disposition::kRaw, 0, 0x8000000},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
      {"offmis",
       {0x1c0000000, 0x8000000},
       false,
       false,
       {0x2, 0x401000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x0, 0x0},
       {{Disposition::kRaw, 0, 0x8000000},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
      {"endmis",
       {0x1e0000000, 0x8000000},
       false,
       false,
       {0x2, 0x400000, 0x7c00, 0x2, 0x0, 0x100000, 0x200000, 0x0, 0x0},
       {{Disposition::kPfn, 0, 0x7b00000},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
      {"padmis",
       {0x1f0000000, 0x8000000},
       false,
       false,
       {0x2, 0x500000, 0x7c00, 0x2, 0x100000, 0x0, 0x200000, 0x0, 0x0},
       {{Disposition::kPfn, 0, 0x7a00000},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
      {"pads-minor4",
       {0x240000000, 0x8000000},
       false,
       false,
       {0x4, 0x400000, 0x3c00, 0x2, 0x2000000, 0x2000000, 0x200000, 0x1000, 0x40},
       {{Disposition::kPfn, 0, 0x3c00000}, {Disposition::kPfn, 0, 0x3c00000}, {Disposition::kPfn, 0, 0x3c00000}}},
      {"minor99",
       {0x260000000, 0x8000000},
       false,
       false,
       {0x63, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x200000, 0x1000, 0x40},
       {{Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}}},
      {"align0",
       {0x280000000, 0x8000000},
       false,
       false,
       {0x1, 0x400000, 0x7c00, 0x2, 0x0, 0x0, 0x0, 0x0, 0x0},
       {{Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}, {Disposition::kPfn, 0, 0x7c00000}}},
      {"pmem-off8k",
       {0x2b0000000, 0x8000000},
       false,
       false,
       {0x2, 0x2000, 0x7ffe, 0x2, 0x0, 0x0, 0x1000, 0x0, 0x0},
       {{Disposition::kPfnFailed, -kENOMEM, 0x0},
        {Disposition::kPfnFailed, -kENOMEM, 0x0},
        {Disposition::kPfnFailed, -kENOMEM, 0x0}}},
      {"truncall",
       {0x2c0000000, 0x8000000},
       false,
       false,
       {0x2, 0x400000, 0x7c00, 0x2, 0x0, 0x8000000, 0x200000, 0x0, 0x0},
       {{Disposition::kPfnFailed, -kEINVAL, 0x0},
        {Disposition::kPfnFailed, -kEINVAL, 0x0},
        {Disposition::kIdle, -kEOPNOTSUPP, 0x0}}},
  };
  for (const ProbeCase& probe : kCases) {
    SCOPED_TRACE(probe.name);
    InfoBlock block = BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, probe.block.minor},
                                                    {InfoField::kDataoff, probe.block.dataoff},
                                                    {InfoField::kNpfns, probe.block.npfns},
                                                    {InfoField::kMode, probe.block.mode},
                                                    {InfoField::kStartPad, probe.block.start_pad},
                                                    {InfoField::kEndTrunc, probe.block.end_trunc},
                                                    {InfoField::kAlign, probe.block.align},
                                                    {InfoField::kPageSize, probe.block.page_size},
                                                    {InfoField::kPageStructSize, probe.block.page_struct_size}});
    if (probe.bad_signature) block.bytes()[8] ^= 1;
    if (probe.bad_signature) block.Seal();
    if (probe.bad_checksum) block.bytes()[2000] ^= 1;
    machine->BootWith({.range = probe.range}, block);
    const auto& expected = probe.by_kernel[kernel];
    EXPECT_EQ(machine->bus().NsEnable(NvdimmMachine::kNs).value, expected.answer);
    const NamespaceFacts facts = machine->Facts();
    EXPECT_EQ(facts.disposition, expected.disposition);
    EXPECT_EQ(facts.capacity, expected.capacity);
    EXPECT_EQ(facts.attach, expected.disposition == Disposition::kIdle ? 0 : expected.answer);
    EXPECT_EQ(machine->Block(), block);  // a probe writes nothing
  }
}

// fsdax over one section with its memmap inside: every operation in every state.
inline void ExpectStates(NvdimmMachine* machine) {
  using Kind = Answer::Kind;
  constexpr uint64_t kSize = kSectionSize;
  constexpr Handle kNs = NvdimmMachine::kNs;
  const PhysRange range{uint64_t{1} << 32, kSize};
  const PfnSettings settings = SettingsOf(Personality::kPfn, MemmapMode::kPmem, kSubsectionSize);
  NvdimmBus& bus = machine->bus();
  machine->Boot({});
  EXPECT_EQ(machine->Create(kSize, settings).kind, Kind::kNone);
  machine->AddRegion({.range = range});
  EXPECT_EQ(bus.AddRegion(9, {.range = {range.start + kPageSize, kPageSize}}), Answer::Error(kEBUSY));
  EXPECT_EQ(bus.AddRegion(9, {.range = {0, kPageSize + 1}}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.AddRegion(9, {.range = {0, uint64_t{1} << 60}}), Answer::Error(kEINVAL));
  EXPECT_EQ(machine->Create(kSize + kPageSize, settings), Answer::Error(kEINVAL));
  EXPECT_EQ(machine->Create(0, settings), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.NsEnable(kNs).kind, Kind::kNone);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kAbsent);

  EXPECT_TRUE(machine->Create(kSize, settings).ok());
  EXPECT_EQ(machine->Facts().disposition, Disposition::kPfn);
  EXPECT_EQ(bus.NsEnable(kNs).kind, Kind::kAlready);
  EXPECT_EQ(bus.NsDestroy(kNs), Answer::Error(kEBUSY));
  EXPECT_EQ(machine->Create(kSize, settings, 8), Answer::Error(kEBUSY));
  const uint64_t dataoff = machine->Facts().pfn.dataoff;
  const uint64_t capacity = machine->Facts().capacity;
  EXPECT_EQ(capacity, kSize - dataoff);

  EXPECT_EQ(bus.NsWrite(kNs, {0, capacity}, 0x11), Answer::Value(0));
  EXPECT_EQ(bus.NsWrite(kNs, {capacity - 1, 1, true}, 0x22), Answer::Value(0));
  EXPECT_EQ(bus.NsRead(kNs, {0, capacity - 1}), Answer::Data(0x11));
  const uint64_t hash = DataHash(DataHash(kDataHashStart, 0x11, capacity - 1), 0x22, 1);
  EXPECT_EQ(bus.NsRead(kNs, {0, capacity}), Answer::Data(kDataMixed, hash));
  EXPECT_EQ(bus.NsRead(kNs, {0, capacity + 1}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.NsRead(kNs, {0, 0}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.DaxAccess(kNs, kPageSize), Answer::Dax(0, Pfn::OfByte(range.start + dataoff) + 1));
  EXPECT_EQ(bus.DaxAccess(kNs, capacity), Answer::Error(kERANGE));

  // A page that is held keeps the mapping, and with it the namespace.
  const Pfn page = Pfn::OfByte(range.start + dataoff);
  EXPECT_TRUE(machine->layer().PinPage(page).ok());
  EXPECT_EQ(bus.NsDisable(kNs).kind, Kind::kPending);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kIdle);
  EXPECT_EQ(bus.NsEnable(kNs).kind, Kind::kPending);
  EXPECT_EQ(bus.NsDestroy(kNs), Answer::Error(kEBUSY));
  EXPECT_EQ(bus.NsDisable(kNs).kind, Kind::kAlready);
  EXPECT_EQ(machine->Create(kSize, settings, 8), Answer::Error(kEBUSY));
  EXPECT_TRUE(machine->layer().UnpinPage(page).ok());
  EXPECT_EQ(bus.NsRead(kNs, {0, 1}).kind, Kind::kNone);
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_FALSE(machine->Facts().pfn.wrote);
  EXPECT_EQ(bus.NsRead(kNs, {0, capacity}), Answer::Data(kDataMixed, hash));

  // A reboot at another address: media and label as they were. Raw: the memmap is nobody's bytes.
  MediaImage image;
  bus.Image(&image);
  machine->Boot({});
  bus.Restore(image, kSectionSize);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kIdle);
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_EQ(bus.NsRead(kNs, {0, capacity}), Answer::Data(kDataMixed, hash));
  EXPECT_EQ(bus.DaxAccess(kNs, 0).detail, page.value() + kPagesPerSection);
  EXPECT_TRUE(bus.NsDisable(kNs).ok());
  EXPECT_TRUE(bus.Corrupt(kNs, {.offset = kInfoBlockOffset, .length = 1, .value = 0}).ok());
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_EQ(machine->Facts().disposition, Disposition::kRaw);
  EXPECT_EQ(bus.NsRead(kNs, {0, kInfoBlockOffset}), Answer::Data(0));
  EXPECT_EQ(bus.NsRead(kNs, {0, kSize}), Answer::Data(kDataUnspecified));
  EXPECT_EQ(bus.NsRead(kNs, {0, 1, true}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.DaxAccess(kNs, 0), Answer::Error(kEINVAL));
  EXPECT_TRUE(bus.NsDisable(kNs).ok());
  EXPECT_TRUE(bus.NsDestroy(kNs).ok());
  EXPECT_EQ(bus.NsDisable(kNs).kind, Kind::kNone);

  // The start moved onto RAM: the region is not there, and is not lost.
  machine->Boot({{range.start, 2 * kSectionSize}});
  bus.Restore(image, 0);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kAbsent);
  EXPECT_EQ(bus.Corrupt(kNs, {.length = 1}).kind, Kind::kNone);
  MediaImage again;
  bus.Image(&again);
  EXPECT_TRUE(again == image);
}

// A claimed namespace whose mapping runs out of memory keeps its device, which is bound once more.
inline void ExpectBoundAgain(NvdimmMachine* machine) {
  constexpr Handle kNs = NvdimmMachine::kNs;
  NvdimmBus& bus = machine->bus();
  machine->Boot({});
  machine->AddRegion({.range = {uint64_t{1} << 32, kSectionSize}});
  machine->layer().ArmFailure({.site = AllocSite::kPat, .n = 1});
  EXPECT_EQ(machine->Create(kSectionSize, SettingsOf(Personality::kDax, MemmapMode::kRam, kSubsectionSize)).value,
            -kENOMEM);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kDaxFailed);
  EXPECT_EQ(machine->Facts().attach, -kENOMEM);
  EXPECT_EQ(bus.NsDestroy(kNs), Answer::Error(kEBUSY));
  EXPECT_EQ(bus.NsRead(kNs, {0, 1, true}).kind, Answer::Kind::kNone);
  machine->layer().ArmFailure({});
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_EQ(machine->Facts().disposition, Disposition::kDax);
  EXPECT_EQ(machine->Facts().attach, 0);
  EXPECT_EQ(bus.NsRead(kNs, {0, 1}).kind, Answer::Kind::kNone);  // no block device
  EXPECT_EQ(bus.NsRead(kNs, {0, 1, true}), Answer::Data(0));
  EXPECT_TRUE(bus.NsDisable(kNs).ok());
  EXPECT_TRUE(bus.NsDestroy(kNs).ok());
  EXPECT_EQ(machine->Block(), InfoBlock{});  // the signature went with the label
}

// What is written behind the back of a namespace, and media that do not let themselves be read or written.
inline void ExpectMediaRules(NvdimmMachine* machine) {
  constexpr Handle kNs = NvdimmMachine::kNs;
  NvdimmBus& bus = machine->bus();
  const PhysRange range{uint64_t{1} << 32, kSectionSize};
  const InfoBlock good = BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, 2},
                                                       {InfoField::kDataoff, 4 * kSubsectionSize},
                                                       {InfoField::kMode, 1},
                                                       {InfoField::kAlign, kSubsectionSize}});
  const PfnSettings unknown{.personality = Personality::kPfn};
  machine->BootWith({.range = range}, good);
  EXPECT_EQ(bus.Examine(kNs, unknown).dataoff, 4 * kSubsectionSize);
  const uint64_t at = kInfoBlockOffset + SpecOf(InfoField::kDataoff).offset;
  Corruption move{.offset = at, .length = 3, .value = 0xff06000000 + 6 * kSubsectionSize};
  EXPECT_TRUE(bus.Corrupt(kNs, move).ok());
  EXPECT_EQ(bus.Examine(kNs, unknown).validate, -kENODEV);
  move.sealed = true;
  EXPECT_TRUE(bus.Corrupt(kNs, move).ok());
  EXPECT_EQ(bus.Examine(kNs, unknown).dataoff, 6 * kSubsectionSize);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kIdle);
  EXPECT_TRUE(bus.Corrupt(kNs, {.offset = 2 * kPageSize - 1, .length = kPageSize, .value = 0x1234}).ok());
  EXPECT_EQ(machine->Block().bytes().back(), 0x34);
  EXPECT_EQ(bus.Corrupt(kNs, {.offset = kSectionSize - 1, .length = 2}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.Corrupt(kNs, {.offset = 0, .length = 0}), Answer::Error(kEINVAL));

  // A creation knows its uuid, whether that is said or not.
  machine->BootWith({.range = range}, good);
  PfnSettings settings = SettingsOf(Personality::kPfn, MemmapMode::kRam, kSubsectionSize);
  settings.has_uuid = false;
  settings.uuid = kParentUuid;
  EXPECT_TRUE(machine->Create(kSectionSize, settings, 3).ok());
  EXPECT_EQ(machine->Block().uuid(), kParentUuid);
  EXPECT_EQ(machine->Facts().disposition, Disposition::kAbsent);  // its label was replaced

  machine->BootWith({.range = range, .read_only = true}, good);
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_EQ(bus.NsWrite(kNs, {0, 1}, 1), Answer::Error(kEPERM));
  EXPECT_EQ(bus.NsWrite(kNs, {0, kSectionSize}, 1), Answer::Error(kEINVAL));
  EXPECT_TRUE(bus.NsDisable(kNs).ok());
  EXPECT_EQ(bus.NsDestroy(kNs), Answer::Error(kEPERM));
  EXPECT_EQ(machine->Block(), good);

  machine->BootWith({.range = range, .unreadable = true}, good);
  EXPECT_TRUE(bus.NsEnable(kNs).ok());
  EXPECT_EQ(machine->Facts().disposition, Disposition::kRaw);
  EXPECT_EQ(machine->Facts().pfn.validate, -kENXIO);
  EXPECT_EQ(bus.NsRead(kNs, {0, 1}), Answer::Error(kEIO));
  EXPECT_TRUE(bus.NsWrite(kNs, {0, 1}, 1).ok());

  // Too small for a block; not to be replaced by a larger one.
  machine->Boot({});
  machine->AddRegion({.range = range});
  EXPECT_TRUE(machine->Create(kPageSize, {.personality = Personality::kRaw}).ok());
  EXPECT_EQ(bus.Corrupt(kNs, {.offset = 0, .length = 1, .value = 0, .sealed = true}), Answer::Error(kEINVAL));
  EXPECT_EQ(bus.NsCreate(7, {.region = NvdimmMachine::kRegion, .offset = 0, .size = 2 * kPageSize, .settings = {}}),
            Answer::Error(kEBUSY));
}

// A block with a pad of half a section, in the mode given: where block I/O, dax and pfns find the first byte.
inline void EnablePadded(Personality personality, MemmapMode mode, NvdimmMachine* machine) {
  const PhysRange range{uint64_t{1} << 32, 2 * kSectionSize};
  machine->BootWith({.range = range}, BlockWith(personality, {{InfoField::kVersionMinor, 2},
                                                              {InfoField::kDataoff, 4 * kSubsectionSize},
                                                              {InfoField::kNpfns, 1},
                                                              {InfoField::kMode, static_cast<uint64_t>(mode)},
                                                              {InfoField::kStartPad, kSectionSize / 2},
                                                              {InfoField::kAlign, kSubsectionSize}}));
  ASSERT_TRUE(machine->bus().NsEnable(NvdimmMachine::kNs).ok());
  EXPECT_EQ(machine->Facts().capacity, 3 * kSectionSize / 2 - 4 * kSubsectionSize);
}

// Mapped, with nothing behind the memmap: no capacity, not a negative one.
inline void ExpectNoCapacity(NvdimmMachine* machine) {
  machine->BootWith({.range = {uint64_t{1} << 32, kSectionSize}},
                    BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, 2},
                                                  {InfoField::kDataoff, 4 * kSubsectionSize},
                                                  {InfoField::kMode, 1},
                                                  {InfoField::kEndTrunc, kSectionSize - 2 * kSubsectionSize},
                                                  {InfoField::kAlign, kSubsectionSize}}));
  ASSERT_TRUE(machine->bus().NsEnable(NvdimmMachine::kNs).ok());
  EXPECT_EQ(machine->Facts().disposition, Disposition::kPfn);
  EXPECT_EQ(machine->Facts().capacity, 0U);
  EXPECT_EQ(machine->bus().NsRead(NvdimmMachine::kNs, {0, 1}), Answer::Error(kEINVAL));
}

// Every number that a block can hold, sealed: answered somehow, and the machine lives on.
inline void ExpectTotal(NvdimmMachine* machine) {
  constexpr uint64_t kValues[] = {
      0, 1, 2, 3, 4095, 4096, 8192, 0x200000, 0x10000000, 0xffffffff, uint64_t{1} << 63, ~uint64_t{0}};
  for (const InfoFieldSpec& spec : kInfoFields) {
    for (const uint64_t value : kValues) {
      for (const uint64_t other : kValues) {
        InfoBlock block = BlockWith(Personality::kPfn, {{InfoField::kVersionMinor, 2},
                                                        {InfoField::kDataoff, 0x600000},
                                                        {InfoField::kMode, 1 + value % 2},
                                                        {InfoField::kAlign, 0x1000}});
        block.Set(InfoField::kAlign, other);
        block.Set(spec.field, value);
        block.Seal();
        machine->BootWith({.range = {uint64_t{1} << 32, kSectionSize}}, block);
        if (machine->bus().NsEnable(NvdimmMachine::kNs).stops()) continue;
        const uint64_t capacity = machine->Facts().capacity;
        ASSERT_LE(capacity, kSectionSize);
        if (capacity != 0) machine->bus().NsWrite(NvdimmMachine::kNs, {0, capacity}, 0x77);
        machine->bus().NsDisable(NvdimmMachine::kNs);
        machine->bus().NsDestroy(NvdimmMachine::kNs);
        machine->Create(kSectionSize, SettingsOf(Personality::kDax, MemmapMode::kPmem, value), 5);
      }
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_NVDIMM_SCENES_H_
