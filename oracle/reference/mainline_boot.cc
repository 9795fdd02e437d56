// SPDX-License-Identifier: Apache-2.0
// Booting the mainline reference: early sections, struct pages, spans, blocks and resources of a firmware map.
#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

struct ZonePart {
  Zone zone;
  PfnRange pages;
};

// The part of `ram` at its start that is in one zone.
ZonePart FirstZonePart(PfnRange ram, uint64_t movable_start) {
  const uint64_t start = ram.first.byte();
  Zone zone = Zone::kNormal;
  uint64_t end = ~uint64_t{0};
  if (movable_start != 0 && start >= movable_start) {
    zone = Zone::kMovable;
  } else {
    if (start < kDmaZoneEnd) {
      zone = Zone::kDma;
      end = kDmaZoneEnd;
    } else if (start < kDma32ZoneEnd) {
      zone = Zone::kDma32;
      end = kDma32ZoneEnd;
    }
    if (movable_start != 0) end = std::min(end, movable_start);
  }
  return {zone, {ram.first, std::min(ram.end, Pfn::OfByte(end))}};
}

PfnRange RamPages(const FirmwareRange& ram, const FirmwareMap& map) {
  const uint64_t end = std::min(ram.range.start + (ram.range.size - 1), map.physmem_end() - 1);
  const Pfn first = Pfn::OfByte(ram.range.start);
  return {first, std::max(first, Pfn::OfByte(end) + 1)};
}

}  // namespace

void MainlineModel::Boot(const FirmwareMap& map) {
  map_ = &map;
  limit_ = SectionNr(map.physmem_end() >> kSectionShift);
  fill_ = 0;
  requests_ = {};
  Begin();
  roots_.clear();
  found_ = kNoRoot;
  sections_used_ = 0;
  ++boots_;
  pages_.Clear();
  lookup_.Clear();
  direct_map_.Clear(Pfn::OfByte(map.physmem_end()));
  resources_.Clear(map.resource_end());
  nodes_ = {};
  mappings_.Clear();
  pins_.clear();
  nvdimm_.Boot(map);
  usage_balance_ = 0;

  Pfn hole;
  Nid last_nid = 0;
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kUnmovable) continue;
    const bool ram = range.kind == FirmwareKind::kRam;
    resources_.AppendBoot(range.range, ram, ram);
    if (!ram || range.range.start >= map.physmem_end()) continue;
    BootSections(range);
    BootRam(range, &hole);
    last_nid = range.nid;
  }
  for (NodeSpans& node : nodes_) BootGaps(&node);
  // Pages behind the last RAM go to the highest populated zone of the last node (memmap_init).
  Zone highest = Zone::kDma;
  for (unsigned zone = 0; zone < kZones; ++zone) {
    if (nodes_[last_nid].zone[zone].present != 0) highest = static_cast<Zone>(zone);
  }
  BootHole({hole, Pfn(AlignUp(hole.value(), kPagesPerSection))}, highest, last_nid);
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kRam && range.range.start < map.physmem_end()) BootBlocks(range);
  }
}

void MainlineModel::BootSections(const FirmwareRange& ram) {
  const PfnRange pages = RamPages(ram, *map_);
  direct_map_.Add(pages, false);
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    SectionState* section = MakeRoot(SectionNr::Of(part.first));
    if (section->bits == 0) {
      section->huge = section->online = section->early = section->usage = section->boot_usage = true;
      section->block = BlockState::kOnline;
      section->block_nid = ram.nid;
      section->block_has_zone = true;
    } else if (section->block_nid != ram.nid) {
      section->block_has_zone = false;
    }
    section->bits = posted() ? PostedBits(part) : section->bits | SubsectionMask(part);
    rest.first = part.end;
  }
}

// `hole` is the end of the RAM below; pages from there to this range belong to the zone that begins this range.
void MainlineModel::BootRam(const FirmwareRange& ram, Pfn* hole) {
  for (PfnRange rest = RamPages(ram, *map_); !rest.empty();) {
    const ZonePart part = FirstZonePart(rest, map_->movable_start);
    BootSpan(part.zone, ram.nid, part.pages);
    pages_.Set(part.pages.first, part.pages.end, PageState::Free(part.zone, ram.nid));
    BootHole({*hole, part.pages.first}, part.zone, ram.nid);
    *hole = part.pages.end;
    rest.first = part.pages.end;
  }
}

// Only sections that hold RAM have struct pages: the one at either end of the hole.
void MainlineModel::BootHole(PfnRange hole, Zone zone, Nid nid) {
  const PageState state = PageState::Reserved(zone, nid);
  const Pfn below = std::min(hole.end, Pfn(AlignUp(hole.first.value(), kPagesPerSection)));
  const Pfn above = std::max(below, Pfn(AlignDown(hole.end.value(), kPagesPerSection)));
  pages_.Set(hole.first, below, state);
  pages_.Set(above, hole.end, state);
}

void MainlineModel::BootSpan(Zone zone, Nid nid, PfnRange pages) {
  NodeSpans& node = nodes_[nid];
  for (Span* span : {&node.zone[static_cast<unsigned>(zone)], &node.node}) {
    span->start = span->present == 0 ? pages.first : std::min(span->start, pages.first);
    span->end = std::max(span->end, pages.end);
    span->present += pages.pages();
  }
}

// What is not Movable is shared out by address, holes included (zone_spanned_pages_in_node): zones leave no gap between
// the start of the node and its end.
void MainlineModel::BootGaps(NodeSpans* node) {
  const Span& movable = node->zone[static_cast<unsigned>(Zone::kMovable)];
  const uint64_t borders[] = {node->node.start.byte(), kDmaZoneEnd, kDma32ZoneEnd, ~uint64_t{0}};
  const uint64_t last = movable.present == 0 ? node->node.end.byte() : movable.start.byte();
  for (unsigned zone = 0; zone < 3; ++zone) {
    const uint64_t first = std::max(borders[zone], borders[0]);
    const uint64_t end = std::min(borders[zone + 1], last);
    if (first >= end) continue;
    node->zone[zone].start = Pfn::OfByte(first);
    node->zone[zone].end = Pfn::OfByte(end);
  }
}

// A boot block can go offline only if one zone alone has its span over it (early_node_zone_for_memory_block).
void MainlineModel::BootBlocks(const FirmwareRange& ram) {
  const PfnRange pages = RamPages(ram, *map_);
  for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end; ++nr) {
    SectionState& section = *Find(nr);
    if (!section.block_has_zone) continue;
    const PfnRange block = {nr.first_pfn(), (nr + 1).first_pfn()};
    unsigned zones = 0;
    for (unsigned zone = 0; zone < kZones; ++zone) {
      const Span& span = nodes_[section.block_nid].zone[zone];
      if (!PfnRange{span.start, span.end}.overlaps(block)) continue;
      section.block_zone = static_cast<Zone>(zone);
      ++zones;
    }
    section.block_has_zone = zones == 1;
  }
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
