// SPDX-License-Identifier: Apache-2.0
// Placement: offsets in sections are kept, RAM keeps its ends, and what a guest would not survive is left out.
#include "witness/placement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "trace/generate.h"
#include "trace/text.h"
#include "witness/random_trace.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Placement PlaceText(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  absl::StatusOr<Placement> placement = Place(*trace);
  EXPECT_TRUE(placement.ok()) << placement.status();
  return *std::move(placement);
}

std::string Why(const Placement& placement, uint32_t op) {
  const auto left =
      std::find_if(placement.left_out.begin(), placement.left_out.end(), [op](const LeftOut& l) { return l.op == op; });
  return left == placement.left_out.end() ? "" : left->why;
}

TEST(Placement, FarFromRamGoesToTheArenaOfTheSmallestGuest) {
  const Placement placement = PlaceText(
      "ram 100000000-1ffffffff\n"
      "memremap_pages a 30a000000-30a1fffff altmap 30a000000 0 1000\n"
      "pfn_valid 30a000\n");
  EXPECT_EQ(placement.hardware, GuestHardware{.five_level = false});
  ASSERT_EQ(placement.trace.ops.size(), 2U);
  const PhysRange arena = placement.hardware.arena();
  const Op& op = placement.trace.ops[0];
  EXPECT_EQ(op.range.start, arena.start + 0x2000000);
  EXPECT_EQ(op.altmap.base, op.range.start);
  EXPECT_EQ(placement.trace.ops[1].pfn, Pfn::OfByte(op.range.start));
}

// The mixed region of the series' cover letter: RAM, a device, RAM that begins inside the device's last section.
TEST(Placement, RamKeepsItsEndsAndItsHoles) {
  const Placement placement = PlaceText(
      "ram 100000000-1ffffffff\npmem 200000000-2fbffffff\nram 2fc000000-33fffffff\n"
      "memremap_pages a 200000000-2fbffffff\n");
  const GuestHardware& hardware = placement.hardware;
  const PhysRange device = placement.trace.ops[0].range;
  ASSERT_EQ(hardware.holes.size(), 1U);
  EXPECT_EQ(hardware.holes[0], device);
  EXPECT_EQ(kHighRamStart + hardware.high_ram, device.end() + 0x44000000);
  EXPECT_EQ(hardware.arena().start % kArenaAlign, 0U);
  EXPECT_EQ(placement.delta % kSectionSize, 0U);
}

TEST(Placement, WhatIsNearAnEndStaysAsNear) {
  const Placement placement = PlaceText(
      "ram 1000-fffffff\nphys_bits 46\n"
      "add_memory 3ffff8000000+8000000\n"
      "add_memory 400000000000+8000000\n");
  ASSERT_EQ(placement.trace.ops.size(), 2U) << Why(placement, 0) << Why(placement, 1);
  EXPECT_EQ(placement.trace.ops[0].range.start, (uint64_t{1} << kPhysmemBits) - kSectionSize);
  EXPECT_EQ(placement.trace.ops[1].range.start, uint64_t{1} << kPhysmemBits);
}

TEST(Placement, LeftOutAndWhy) {
  const Placement placement = PlaceText(
      "ram 1000-fffffff\n"
      "fail_alloc at 1 root\n"
      "offline_pages 8000000-fffffff\n"
      "memremap_pages a 4000000000-40001fffff\n"
      "memunmap_pages a\n"
      "memremap_pages b 10000000-101fffff\n"
      "memunmap_pages b\n"
      "reboot same\n"
      "pfn_valid 10000\n");
  EXPECT_EQ(Why(placement, 0), "the witness cannot ask it");
  EXPECT_EQ(Why(placement, 1), "it would take away RAM that the guest runs in");
  EXPECT_EQ(Why(placement, 2), "the guest has no such place");
  EXPECT_EQ(Why(placement, 3), "what it names was left out");
  EXPECT_EQ(Why(placement, 6), "and all that follows: a reboot");
  ASSERT_EQ(placement.origin, (std::vector<uint32_t>{4, 5}));
  // b is the first mapping now.
  EXPECT_EQ(placement.trace.ops[0].handle, 0);
  EXPECT_EQ(placement.trace.ops[1].handle, 0);
}

TEST(Placement, MachinesThatNoGuestCanBeAreErrors) {
  const absl::StatusOr<Trace> large = ParseTrace("ram 1000-7fffffffff\nmemremap_pages a 8000000-fffffff\n", "test");
  ASSERT_TRUE(large.ok()) << large.status();
  EXPECT_EQ(Place(*large).status().code(), absl::StatusCode::kFailedPrecondition);
}

// Of any trace: what is asked lies where the guest has memory to lose, and as far into its section as before.
TEST(Placement, AnyTrace) {
  size_t asked = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const RandomKind kind = seed % 4 == 0 ? RandomKind::kPages : RandomKind::kMemory;
    const Trace trace = seed % 2 == 0 ? GenerateTrace(seed, {.stops = seed % 8 == 2}) : RandomTrace(seed, kind, 40);
    const absl::StatusOr<Placement> placement = Place(trace);
    if (!placement.ok()) continue;
    ASSERT_EQ(placement->origin.size(), placement->trace.ops.size());
    EXPECT_LE(placement->origin.size() + placement->left_out.size(), trace.ops.size());
    const PhysRange arena = placement->hardware.arena();
    for (size_t i = 0; i < placement->trace.ops.size(); ++i) {
      const Op& op = placement->trace.ops[i];
      const Op& before = trace.ops[placement->origin[i]];
      ++asked;
      EXPECT_TRUE(IsAskable(op));
      EXPECT_EQ(op.kind, before.kind);
      EXPECT_EQ(op.range.size, before.range.size);
      EXPECT_EQ(op.range.start % kSectionSize, before.range.start % kSectionSize);
      EXPECT_EQ(op.pfn.value() % kPagesPerSection, before.pfn.value() % kPagesPerSection);
      if (op.kind == OpKind::kRemovePages && op.range.start < arena.end()) {
        EXPECT_GE(op.range.start, kHighRamStart + placement->hardware.high_ram);
      }
    }
  }
  EXPECT_GT(asked, 5'000U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
