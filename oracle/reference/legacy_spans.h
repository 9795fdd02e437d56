// SPDX-License-Identifier: Apache-2.0
// What one machine of the legacy generation holds in sections and struct pages, and the zone and node spans over them.
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_SPANS_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_SPANS_H_

#include <array>
#include <cstdint>

#include "hotplug/facts.h"
#include "hotplug/same_bytes.h"
#include "hotplug/units.h"
#include "oracle/reference/runs.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

// One section. Absent sections have no run; a section that is not valid has one only for the base pages that a failed
// memmap left behind.
struct SectionState {
  bool valid = false;
  bool online = false;
  bool boot_usemap = false;
  bool device_memmap = false;  // the memmap lies in the device itself
  BlockState block = BlockState::kNone;
  Nid block_nid = 0;
  MemmapKind memmap = MemmapKind::kNone;
  uint8_t padding = 0;
  uint16_t memmap_pages = 0;  // of kPart
  bool operator==(const SectionState& other) const { return SameBytes(*this, other); }
};

// One struct page. A page has a run exactly when memory stands behind its struct page.
struct PageState {
  PageView view;            // while its mapping lives and nobody has it pinned
  uint8_t zone_number = 0;  // as the flags word has it; may be no zone at all when nobody wrote the page
  uint8_t padding = 0;
  bool operator==(const PageState& other) const { return SameBytes(*this, other); }
  bool SameZone(const PageState& other) const { return zone_number == other.zone_number && view.nid == other.view.nid; }

  // The zone bits are the top bits of the flags word, and every byte of the page holds `fill`.
  static PageState Unwritten(uint8_t fill) {
    const uint8_t number = fill >> 5;
    return {.view = {.zone = number < kZones ? static_cast<Zone>(number) : Zone::kDma}, .zone_number = number};
  }
  static PageState Written(Zone zone, Nid nid) {
    return {.view = {.zone = zone, .nid = nid, .initialised = true, .reserved = true, .count = 1},
            .zone_number = static_cast<uint8_t>(zone)};
  }
};

using Sections = reference::Runs<uint64_t, SectionState>;
using Pages = reference::Runs<uint64_t, PageState>;

class Spans {
 public:
  Spans(const Sections& sections, const Pages& pages) : sections_(sections), pages_(pages) {}

  // `limit`: the first page that the section table cannot name.
  void Clear(Pfn limit) {
    limit_ = limit.value();
    nodes_ = {};
  }
  const NodeSpans& node(Nid nid) const { return nodes_[nid]; }
  const Span& zone(Zone zone, Nid nid) const { return nodes_[nid].zone[static_cast<unsigned>(zone)]; }
  // move_pfn_range_to_zone and boot: zone and node reach over `pages`, which may be empty.
  void Grow(Zone zone, Nid nid, PfnRange pages);
  void AddPresent(Zone zone, Nid nid, uint64_t pages);  // wraps, so that it also subtracts
  // When all RAM of the machine is known: each zone below Movable has all addresses of its node that are its own, also
  // those without RAM (zone_spanned_pages_in_node).
  void FinishBoot();
  // Before the section that starts at `first` goes. False: the kernel looks up a section that no table holds.
  bool Shrink(Zone zone, Nid nid, Pfn first);

 private:
  // The pages that a scan looks for: of that node and, if given, of that zone.
  struct Wanted {
    const Zone* zone;
    Nid nid;
    bool Matches(const PageState& page) const {
      return page.view.nid == nid && (zone == nullptr || page.zone_number == static_cast<uint8_t>(*zone));
    }
  };

  static void GrowSpan(Span& span, PfnRange pages);
  bool ShrinkSpan(Span& span, const Wanted& wanted, uint64_t first);
  bool Valid(uint64_t pfn) const;
  bool Lowest(const Wanted& wanted, uint64_t start, uint64_t end, uint64_t except, uint64_t& found) const;
  bool Highest(const Wanted& wanted, uint64_t start, uint64_t end, uint64_t& found) const;

  const Sections& sections_;
  const Pages& pages_;
  uint64_t limit_ = 0;
  std::array<NodeSpans, kMaxNodes> nodes_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_SPANS_H_
