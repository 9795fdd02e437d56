// SPDX-License-Identifier: Apache-2.0
// Memory in a program that counts its own: a fuzzing loop keeps what it has, however long it runs, and a machine pays
// for what is populated, not for its address space.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "bench/counting_new.h"
#include "bench/mix.h"
#include "registry/registry.h"
#include "trace/bytes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr int kRounds = 3;

TEST(Memory, OfTheLoopStaysWhereTheFirstRoundBroughtIt) {
  const auto mix = ReadMix(HPFUZZ_SOURCE_DIR "/bench/mix.hex");
  ASSERT_TRUE(mix.ok()) << mix.status();
  Lockstep lockstep = MakeDefaultLockstep();
  Trace trace;
  const auto run = [&](int rounds) {
    bool found = false;
    for (int round = 0; round < rounds; ++round) {
      for (const MixInput& input : *mix) {
        DecodeTrace(input, &trace);
        found |= static_cast<bool>(lockstep.Run(trace));
      }
    }
    EXPECT_FALSE(found);
    return AllocatedNow();
  };
  const Allocated first = run(1);
  const Allocated later = run(kRounds);
  const Allocated last = run(kRounds);
  EXPECT_GT(first.bytes, 0U);
  EXPECT_EQ(later.bytes, first.bytes);
  EXPECT_EQ(last.bytes, later.bytes);
  // Nor does it take and give back.
  EXPECT_EQ(last.calls, later.calls);
}

// A section of RAM at the bottom, a hot-added one at the top.
uint64_t BytesOfMachine(std::unique_ptr<HotplugLayer> (*make)(), bool five_level) {
  FirmwareMap map;
  map.five_level = five_level;
  map.phys_bits = five_level ? kPhysmemBits5Level : kPhysmemBits;
  map.count = 1;
  map.ranges[0] = {.kind = FirmwareKind::kRam, .nid = 0, .range = {0, kSectionSize}};
  const uint64_t before = AllocatedNow().bytes;
  const std::unique_ptr<HotplugLayer> layer = make();
  layer->Boot(map);
  EXPECT_TRUE(layer->AddMemory(0, {map.physmem_end() - kSectionSize, kSectionSize}).ok());
  return AllocatedNow().bytes - before;
}

TEST(Memory, OfAMachineDoesNotFollowItsAddressSpace) {
  constexpr uint64_t kFarSection = uint64_t{128} << 10;
  for (const Implementation& implementation : Implementations()) {
    for (const auto make : {implementation.make_layer, implementation.make_reference}) {
      const uint64_t four_levels = BytesOfMachine(make, false);
      const uint64_t five_levels = BytesOfMachine(make, true);
      EXPECT_LE(five_levels, four_levels + kFarSection) << implementation.name;
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
