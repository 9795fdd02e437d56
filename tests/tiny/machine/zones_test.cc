// SPDX-License-Identifier: Apache-2.0
// Zones: boot page by page, growth as a hull, and the zone a block is onlined to.
#include "machine/zones.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kPages = uint64_t{1} << (kPhysmemBits - kPageShift);

Zone BootZoneByPage(const FirmwareMap& map, uint64_t page) {
  const uint64_t byte = page * kPageSize;
  if (map.movable_start != 0 && byte >= map.movable_start) return Zone::kMovable;
  if (byte < kDmaZoneEnd) return Zone::kDma;
  return byte < kDma32ZoneEnd ? Zone::kDma32 : Zone::kNormal;
}

void AddPage(uint64_t page, Span* span) {
  const bool empty = span->present == 0;
  span->start = empty ? Pfn(page) : std::min(span->start, Pfn(page));
  span->end = empty ? Pfn(page + 1) : std::max(span->end, Pfn(page + 1));
  ++span->present;
}

NodeSpans NodeByPage(const FirmwareMap& map, Nid nid) {
  NodeSpans spans;
  for (const FirmwareRange& entry : map) {
    if (entry.kind != FirmwareKind::kRam || entry.nid != nid) continue;
    for (uint64_t page = entry.range.start / kPageSize; page < std::min(entry.range.end() / kPageSize, kPages);
         ++page) {
      AddPage(page, &spans.zone[static_cast<unsigned>(BootZoneByPage(map, page))]);
      AddPage(page, &spans.node);
    }
  }
  // Below Movable's first page no address of the node is without a zone, RAM or not.
  const Span& movable = spans.zone[static_cast<unsigned>(Zone::kMovable)];
  const Pfn end = movable.present != 0 ? movable.start : spans.node.end;
  for (Pfn pfn = spans.node.start; pfn < end; pfn = pfn + 1) {
    const Zone zone = pfn.byte() < kDmaZoneEnd ? Zone::kDma : pfn.byte() < kDma32ZoneEnd ? Zone::kDma32 : Zone::kNormal;
    Span& span = spans.zone[static_cast<unsigned>(zone)];
    span.start = span.start == span.end ? pfn : std::min(span.start, pfn);
    span.end = std::max(span.end, pfn + 1);
  }
  return spans;
}

FirmwareMap AnyMap(Random& random) {
  FirmwareMap map;
  uint64_t page = random.Below(8);
  while (page < kPages && map.count < 6) {
    const uint64_t pages = 1 + random.Below(60);
    const FirmwareKind kind = random.OneIn(4) ? FirmwareKind::kPmem : FirmwareKind::kRam;
    const Nid nid = kind == FirmwareKind::kRam ? static_cast<Nid>(random.Below(3)) : Nid{0};
    map.ranges[map.count++] = {
        kind, nid, {page * kPageSize, pages * kPageSize}};  // the last may reach beyond the table
    page += pages + random.Below(20);
  }
  if (random.OneIn(2)) map.movable_start = (1 + random.Below(kPages - 1)) * kPageSize;
  return map;
}

TEST(Zones, BootPageByPage) {
  Random random(1);
  Zones zones;
  for (unsigned run = 0; run < 500; ++run) {
    const FirmwareMap map = AnyMap(random);
    zones.Boot(map);
    for (Nid nid = 0; nid < kMaxNodes; ++nid) {
      ASSERT_TRUE(zones.node(nid) == NodeByPage(map, nid)) << "run " << run;
    }
    for (uint64_t page = 0; page < kPages; ++page) {
      const BootZone boot = BootZoneOf(map, Pfn(page));
      ASSERT_EQ(boot.zone, BootZoneByPage(map, page));
      ASSERT_GT(boot.end, Pfn(page));
      if (boot.end < Pfn(kPages)) {
        ASSERT_NE(BootZoneByPage(map, boot.end.value()), boot.zone);
      }
    }
  }
}

TEST(Zones, GrowthIsTheHull) {
  Zones zones;
  zones.Boot({});
  EXPECT_TRUE(zones.node(1) == NodeSpans());
  zones.Grow(1, Zone::kNormal, {Pfn(20), Pfn(24)});
  EXPECT_EQ(zones.zone(1, Zone::kNormal), (Span{Pfn(20), Pfn(24), 0}));
  EXPECT_EQ(zones.node_span(1), (Span{Pfn(20), Pfn(24), 0}));
  zones.Grow(1, Zone::kDevice, {Pfn(40), Pfn(44)});
  EXPECT_EQ(zones.zone(1, Zone::kNormal), (Span{Pfn(20), Pfn(24), 0}));
  EXPECT_EQ(zones.zone(1, Zone::kDevice), (Span{Pfn(40), Pfn(44), 0}));
  EXPECT_EQ(zones.node_span(1), (Span{Pfn(20), Pfn(44), 0}));
  zones.Grow(1, Zone::kNormal, {Pfn(16), Pfn(18)});
  EXPECT_EQ(zones.zone(1, Zone::kNormal), (Span{Pfn(16), Pfn(24), 0}));
  zones.Grow(1, Zone::kNormal, {Pfn(17), Pfn(18)});  // inside
  EXPECT_EQ(zones.zone(1, Zone::kNormal), (Span{Pfn(16), Pfn(24), 0}));
  EXPECT_TRUE(zones.node(0) == NodeSpans());
  EXPECT_TRUE(zones.node(2) == NodeSpans());
}

// An empty range moves an empty zone all the same, and an empty zone at a place is taken for no zone.
TEST(Zones, GrowthByNothing) {
  Zones zones;
  zones.Boot({});
  zones.Grow(0, Zone::kDevice, {Pfn(9), Pfn(9)});
  EXPECT_EQ(zones.zone(0, Zone::kDevice), (Span{Pfn(9), Pfn(9), 0}));
  zones.Grow(0, Zone::kDevice, {Pfn(30), Pfn(31)});
  EXPECT_EQ(zones.zone(0, Zone::kDevice), (Span{Pfn(30), Pfn(31), 0}));
}

TEST(Zones, PresentPages) {
  Zones zones;
  zones.Boot({});
  zones.AddPresent(0, Zone::kNormal, 16);
  zones.AddPresent(0, Zone::kMovable, 4);
  zones.AddPresent(0, Zone::kNormal, -6);
  EXPECT_EQ(zones.zone(0, Zone::kNormal).present, 10U);
  EXPECT_EQ(zones.zone(0, Zone::kMovable).present, 4U);
  EXPECT_EQ(zones.node_span(0).present, 14U);
}

// zone_for_pfn_range, for every place of a block relative to the spans of four zones.
TEST(Zones, ForOnline) {
  Random random(2);
  for (unsigned run = 0; run < 3000; ++run) {
    Zones zones;
    zones.Boot({});
    const auto hit = [&](Zone zone, PfnRange pages) {
      const Span& span = zones.zone(0, zone);
      return span.start < span.end && pages.overlaps({span.start, span.end});
    };
    for (Zone zone : {Zone::kDma, Zone::kDma32, Zone::kNormal, Zone::kMovable}) {
      const Pfn start(random.Below(12));
      if (!random.OneIn(3)) zones.Grow(0, zone, {start, start + 1 + random.Below(4)});
    }
    for (uint64_t first = 0; first < 14; ++first) {
      const PfnRange block{Pfn(first), Pfn(first + 2)};
      const Zone kernel = hit(Zone::kDma, block) ? Zone::kDma : hit(Zone::kDma32, block) ? Zone::kDma32 : Zone::kNormal;
      const bool movable = hit(Zone::kMovable, block) && !hit(kernel, block);
      ASSERT_EQ(zones.ForOnline(0, block, OnlineType::kMovable), Zone::kMovable);
      ASSERT_EQ(zones.ForOnline(0, block, OnlineType::kKernel), kernel);
      ASSERT_EQ(zones.ForOnline(0, block, OnlineType::kKeep), movable ? Zone::kMovable : kernel);
      ASSERT_EQ(zones.ForOnline(1, block, OnlineType::kKeep), Zone::kNormal);
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
