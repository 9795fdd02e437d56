// SPDX-License-Identifier: Apache-2.0
// boot: early sections, struct pages of RAM and of the holes beside it, direct map, memory block devices.
#include "impl_subsection/boot.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// RAM that the section table can name.
PfnRange RamPages(const FirmwareMap& map, const FirmwareRange& entry) {
  PfnRange pages = entry.range.pfns();
  pages.end = std::min(pages.end, Pfn::OfByte(map.physmem_end()));
  return pages;
}

// memmap_init: struct pages of RAM belong to its zone; holes beside RAM in the same section to the zone of the RAM that
// follows, and the last one to the highest zone of the last range's node, as reserved pages with one reference.
class MemmapInit {
 public:
  MemmapInit(const FirmwareMap& map, Host& host) : map_(map), host_(host) {}

  void Range(PfnRange pages, Nid nid) {
    for (PfnRange rest = pages; !rest.empty();) {
      const BootZone boot = BootZoneOf(map_, rest.first);
      const PfnRange part{rest.first, std::min(rest.end, boot.end)};
      Hole(part.first, boot.zone, nid);
      host_.struct_pages.Fill(part, {.zone = static_cast<uint8_t>(boot.zone), .nid = nid, .initialised = true});
      hole_ = part.end;
      rest.first = part.end;
    }
    last_nid_ = nid;
  }

  void Finish() {
    Zone highest = Zone::kDma;
    for (unsigned i = 0; i < kZones; ++i) {
      if (host_.zones.zone(last_nid_, static_cast<Zone>(i)).present != 0) highest = static_cast<Zone>(i);
    }
    Hole(Pfn(AlignUp(hole_.value(), kPagesPerSection)), highest, last_nid_);
  }

 private:
  // The hole from the last RAM up to `end`: the tail of one early section and the head of another, nothing between
  // them.
  void Hole(Pfn end, Zone zone, Nid nid) {
    if (hole_ >= end) return;
    const StructPages::Content content{
        .zone = static_cast<uint8_t>(zone), .nid = nid, .initialised = true, .reserved = true, .count = 1};
    const PfnRange tail = FirstSectionPart({hole_, end});
    if (hole_.value() % kPagesPerSection != 0 || tail.end == end) host_.struct_pages.Fill(tail, content);
    if (tail.end == end) return;
    const Pfn head(AlignDown(end.value(), kPagesPerSection));
    if (head != end) host_.struct_pages.Fill({head, end}, content);
  }

  const FirmwareMap& map_;
  Host& host_;
  Pfn hole_;  // where the hole after the last RAM seen begins
  Nid last_nid_ = 0;
};

void Reset(const FirmwareMap& map, Host& host, Sparse& sparse, MemoryBlocks& blocks) {
  const uint64_t sections = map.physmem_end() >> kSectionShift;
  host.firmware = &map;
  host.struct_pages.Reset(sections);
  host.direct_map.Reset(sections);
  host.pins.Reset();
  sparse.Reset(sections);
  blocks.Reset(sections);
}

}  // namespace

void BootMachine(const FirmwareMap& map, Host& host, Sparse& sparse, MemoryBlocks& blocks) {
  Reset(map, host, sparse, blocks);
  host.resources.Boot(map);
  host.zones.Boot(map);
  MemmapInit memmap(map, host);
  bool any = false;
  for (const FirmwareRange& entry : map) {
    const PfnRange pages = RamPages(map, entry);
    if (entry.kind != FirmwareKind::kRam || pages.empty()) continue;
    for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end; ++nr) {
      sparse.InitEarlySection(nr);
      blocks.AddEarly(nr, entry.nid);
    }
    host.posted() ? sparse.SectionActiveInit(pages) : sparse.SubsectionMapInit(pages);
    host.direct_map.Add(pages);
    memmap.Range(pages, entry.nid);
    any = true;
  }
  if (any) memmap.Finish();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
