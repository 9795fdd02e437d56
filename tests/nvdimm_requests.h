// SPDX-License-Identifier: Apache-2.0
// Requests for a namespace and what surrounds it, with the answers that 5.1.15 and 6.1.192 gave as a form: the vectors
// A to K and the requests of a study of both. The answers themselves stand in the tests of each generation.
#ifndef HPFUZZ_TESTS_NVDIMM_REQUESTS_H_
#define HPFUZZ_TESTS_NVDIMM_REQUESTS_H_

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "tests/nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Surroundings {
  bool hidden = false;
  bool read_only = false;
  std::vector<PhysRange> ram{};
  std::vector<PhysRange> regions{};
  std::vector<PhysRange> hidden_regions{};
  std::vector<PhysRange> reserved{};  // resources that are neither
};

struct CreateCase {
  std::string_view name;
  PhysRange range;
  uint64_t align;
  MemmapMode mode;
  Surroundings around;
};

// The request of the answer with this name is asked; uuids are kOwnUuid and kParentUuid.
struct CreateAnswer {
  std::string_view name;
  int setup;  // of nvdimm_setup_pfn
  struct {
    uint32_t start_pad, end_trunc;
    uint64_t dataoff, npfns;
  } block{};
  struct {
    uint64_t npfns, first, last;  // bytes; `npfns`: live
  } mapped{};
  struct {
    uint64_t base, reserve, free;
  } altmap{};
  uint64_t checksum = 0;  // 0: not known for these uuids
};

inline const std::vector<CreateCase>& CreateCases() {
  static const std::vector<CreateCase> cases = {
      {"A", {0x100000000, 0x40000000}, 0x200000, MemmapMode::kPmem, {}},
      {"B", {0x100000000, 0x40000000}, 0x200000, MemmapMode::kRam, {}},
      {"C-ram", {0x187c000000, 0x400000000}, 0x200000, MemmapMode::kPmem, {.ram = {{0x1878000000, 0x4000000}}}},
      {"C-reg", {0x187c000000, 0x400000000}, 0x200000, MemmapMode::kPmem, {.regions = {{0x1878000000, 0x4000000}}}},
      {"D-ram",
       {0x187c000000, 0x400000000},
       0x200000,
       MemmapMode::kPmem,
       {.ram = {{0x1878000000, 0x4000000}, {0x1c7c000000, 0x4000000}}}},
      {"D-reg",
       {0x187c000000, 0x400000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x1878000000, 0x4000000}, {0x1c7c000000, 0x4000000}}}},
      {"E-ram",
       {0x102000000, 0x1000000},
       0x200000,
       MemmapMode::kPmem,
       {.ram = {{0x100000000, 0x2000000}, {0x103000000, 0x5000000}}}},
      {"E-reg",
       {0x102000000, 0x1000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x100000000, 0x2000000}, {0x103000000, 0x5000000}}}},
      {"F", {0x102000000, 0x1000000}, 0x200000, MemmapMode::kPmem, {}},
      {"G-ram", {0x100000000, 0x4000000}, 0x200000, MemmapMode::kPmem, {.ram = {{0x104000000, 0x4000000}}}},
      {"G-reg", {0x100000000, 0x4000000}, 0x200000, MemmapMode::kPmem, {.regions = {{0x104000000, 0x4000000}}}},
      {"H-ram", {0x104000000, 0xc000000}, 0x200000, MemmapMode::kPmem, {.ram = {{0x100000000, 0x4000000}}}},
      {"H-reg", {0x104000000, 0xc000000}, 0x200000, MemmapMode::kPmem, {.regions = {{0x100000000, 0x4000000}}}},
      {"I", {0x40000000, 0xa0000000}, 0x40000000, MemmapMode::kPmem, {}},
      {"J", {0x100000000, 0x40100000}, 0x200000, MemmapMode::kPmem, {}},
      {"K", {0x40000000, 0x60000000}, 0x40000000, MemmapMode::kPmem, {}},
      {"M", {0x3d0100000, 0x7f00000}, 0x200000, MemmapMode::kRam, {}},
      {"start-1001ff000-2m", {0x1001ff000, 0x4000000}, 0x200000, MemmapMode::kPmem, {}},
      {"L", {0x3c0000000, 0x8100000}, 0x1000, MemmapMode::kRam, {}},
      {"T", {0x480000000, 0x4003000}, 0x1000, MemmapMode::kPmem, {}},
      {"tiny-201000-pmem", {0x100000000, 0x201000}, 0x200000, MemmapMode::kPmem, {}},
      {"tiny-3000-ram", {0x100000000, 0x3000}, 0x1000, MemmapMode::kRam, {}},
      {"tiny-2000-pmem", {0x100000000, 0x2000}, 0x200000, MemmapMode::kPmem, {}},
      {"zero-cap-1g", {0x60000000, 0x30000000}, 0x40000000, MemmapMode::kPmem, {}},
      {"ram-next-but-self-not-in-iomem",
       {0x104000000, 0xc000000},
       0x200000,
       MemmapMode::kPmem,
       {.hidden = true, .ram = {{0x100000000, 0x4000000}}}},
      {"reserved-next-not-ram",
       {0x104000000, 0xc000000},
       0x200000,
       MemmapMode::kPmem,
       {.reserved = {{0x100000000, 0x4000000}}}},
      {"engulfed-region-start",
       {0x10c000000, 0xc000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x109000000, 0x1000000}}}},
      {"engulfed-region-end",
       {0x108000000, 0xa000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x113000000, 0x1000000}}}},
      {"region-touching-end-exactly",
       {0x108000000, 0xa000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x118000000, 0x8000000}}}},
      {"region-ends-exactly-at-section-up",
       {0x108000000, 0xa000000},
       0x200000,
       MemmapMode::kPmem,
       {.regions = {{0x114000000, 0x4000000}}}},
      {"region-before-aligned-ns",
       {0x108000000, 0x8000000},
       0x200000,
       MemmapMode::kPmem,
       {.hidden_regions = {{0x100000000, 0x8000000}}}},
      {"read-only",
       {0x1b59fc000, 0x82300000},
       0x40000000,
       MemmapMode::kPmem,
       {.read_only = true, .ram = {{0x1b0000000, 0x59fc000}, {0x237cfc000, 0x304000}}}},
  };
  return cases;
}

inline void Surround(const CreateCase& request, NvdimmMachine* machine) {
  machine->Boot(request.around.ram);
  for (const PhysRange& range : request.around.regions) machine->AddNeighbour(range);
  for (const PhysRange& range : request.around.hidden_regions) machine->AddNeighbour(range, true);
  Handle handle = 500;
  for (const PhysRange& range : request.around.reserved) {
    ASSERT_TRUE(machine->layer().InsertResource(handle++, range, false, false).ok());
  }
  machine->AddRegion({.range = request.range, .read_only = request.around.read_only, .hidden = request.around.hidden});
}

// Asks on media as they are and compares all that can be seen afterwards.
inline void ExpectCreates(const CreateCase& request, const CreateAnswer& expected, NvdimmMachine* machine) {
  const InfoBlock before = machine->Block();
  machine->Create(request.range.size, SettingsOf(Personality::kPfn, request.mode, request.align));
  const PfnView view = machine->Facts().pfn;
  EXPECT_EQ(view.validate, -kENODEV);
  ASSERT_EQ(view.setup, expected.setup);
  EXPECT_EQ(view.wrote, expected.setup == 0);
  const InfoBlock block = machine->Block();
  if (expected.setup != 0) {
    EXPECT_EQ(block, before);
    EXPECT_EQ(view.mapped, PhysRange{});
    return;
  }
  EXPECT_TRUE(block.ChecksumRight());
  if (expected.checksum != 0) {
    EXPECT_EQ(block.Get(InfoField::kChecksum), expected.checksum);
  }
  EXPECT_EQ(block.Get(InfoField::kNpfns), expected.block.npfns);
  EXPECT_EQ(view.start_pad, expected.block.start_pad);
  EXPECT_EQ(view.end_trunc, expected.block.end_trunc);
  EXPECT_EQ(view.dataoff, expected.block.dataoff);
  EXPECT_EQ(view.mode, request.mode);
  EXPECT_EQ(view.align, request.align);
  EXPECT_EQ(view.npfns, expected.mapped.npfns);
  EXPECT_EQ(view.mapped.start, expected.mapped.first);
  EXPECT_EQ(view.mapped.end() - 1, expected.mapped.last);
  EXPECT_EQ(view.altmap_base, expected.altmap.base);
  EXPECT_EQ(view.altmap_reserve, expected.altmap.reserve);
  EXPECT_EQ(view.altmap_free, expected.altmap.free);
}

// One thing that is wrong with a block that is right in a namespace of kFaultRange, the answer of nd_pfn_validate, and
// the step of the kernel's order at which it answers.
struct Fault {
  int step;
  std::string_view what;
  int answer;
  std::vector<FieldValue> fields{};  // of the block
  bool parent = false;               // of the block: another one
  bool signature = false;
  bool checksum = false;
  bool blk = false;  // the region
  bool unreadable = false;
  bool other_uuid = false;  // of the live settings
  bool other_settings = false;
};
inline constexpr PhysRange kFaultRange{0x100000000, 0x10000000};

// Asks with all of `faults`. Live settings are those of the block, as far as no fault says else.
inline int ValidateWith(Personality personality, std::initializer_list<FieldValue> good,
                        const std::vector<const Fault*>& faults, NvdimmMachine* machine) {
  InfoBlock block = BlockWith(personality, good);
  RegionRequest region{.range = kFaultRange};
  PfnSettings live = SettingsOf(personality, MemmapMode::kPmem, 0);
  for (const Fault* fault : faults) {
    for (const FieldValue& set : fault->fields) block.Set(set.field, set.value);
    if (fault->parent) block.SetParentUuid(kOwnUuid);
    if (fault->signature) block.bytes()[0] ^= 1;
    region.unreadable |= fault->unreadable;
    region.blk |= fault->blk;
    if (fault->other_uuid) live.uuid = kParentUuid;
    if (fault->other_settings) live.mode = MemmapMode::kRam;
  }
  live.align = block.Get(InfoField::kAlign);
  block.Seal();
  for (const Fault* fault : faults) block.bytes()[2000] ^= fault->checksum ? 1 : 0;
  machine->BootWith(region, block);
  return machine->bus().Examine(NvdimmMachine::kNs, live).validate;
}

// Each fault alone, and of every two the one of the earlier step.
inline void ExpectOrder(Personality personality, std::initializer_list<FieldValue> good,
                        const std::vector<Fault>& faults, NvdimmMachine* machine) {
  EXPECT_EQ(ValidateWith(personality, good, {}, machine), 0);
  for (const Fault& fault : faults) {
    EXPECT_EQ(ValidateWith(personality, good, {&fault}, machine), fault.answer) << fault.what;
    for (const Fault& later : faults) {
      if (later.step <= fault.step) continue;
      EXPECT_EQ(ValidateWith(personality, good, {&later, &fault}, machine), fault.answer)
          << fault.what << " before " << later.what;
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_NVDIMM_REQUESTS_H_
