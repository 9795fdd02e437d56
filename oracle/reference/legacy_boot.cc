// SPDX-License-Identifier: Apache-2.0
// LegacyReference: what a machine starts with.
#include <algorithm>
#include <memory>

#include "oracle/reference/legacy.h"
#include "oracle/reference/legacy_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeLegacyReference() { return std::make_unique<legacy_reference::LegacyReference>(); }

namespace legacy_reference {

void LegacyReference::Boot(const FirmwareMap& map) {
  map_ = &map;
  section_limit_ = map.physmem_end() >> kSectionShift;
  fill_ = 0;
  usemaps_ = 0;
  sections_.Clear();
  pages_.Clear();
  roots_.Clear();
  spans_.Clear(SectionNr(section_limit_).first_pfn());
  direct_map_.Boot(map);
  resources_.Boot(map);
  lookup_.Clear();
  requests_ = {};
  mappings_.Clear();
  pins_.clear();
  nvdimm_.Boot(map);
  for (const FirmwareRange& range : map) {
    if (range.kind != FirmwareKind::kRam || range.range.start >= map.physmem_end()) continue;
    const uint64_t size = std::min(range.range.size, map.physmem_end() - range.range.start);
    BootRange(range, PhysRange{range.range.start, size}.pfns());
  }
  spans_.FinishBoot();
}

void LegacyReference::BootRange(const FirmwareRange& range, PfnRange pages) {
  BootSections(range.nid, pages);
  const Pfn movable = map_->movable_start == 0 ? pages.end : Pfn::OfByte(map_->movable_start);
  const struct {
    Zone zone;
    Pfn end;
  } parts[] = {{Zone::kDma, std::min(Pfn::OfByte(kDmaZoneEnd), movable)},
               {Zone::kDma32, std::min(Pfn::OfByte(kDma32ZoneEnd), movable)},
               {Zone::kNormal, movable},
               {Zone::kMovable, pages.end}};
  Pfn first = pages.first;
  for (const auto& part : parts) {
    const Pfn end = std::min(part.end, pages.end);
    if (first >= end) continue;
    PageState page = PageState::Written(part.zone, range.nid);
    page.view.reserved = false;
    page.view.count = 0;
    pages_.Set(first.value(), end.value(), page);
    spans_.Grow(part.zone, range.nid, {first, end});
    spans_.AddPresent(part.zone, range.nid, end - first);
    first = end;
  }
}

// Whole sections, as far as a lower range has not brought them.
void LegacyReference::BootSections(Nid nid, PfnRange pages) {
  const uint64_t end = SectionNr::Of(pages.end - 1).value() + 1;
  const uint64_t first = sections_.FirstGap(SectionNr::Of(pages.first).value(), end);
  if (first == end) return;
  SectionState section;
  section.valid = section.online = section.boot_usemap = true;
  section.block = BlockState::kOnline;
  section.block_nid = nid;
  section.memmap = MemmapKind::kHuge;
  sections_.Set(first, end, section);
  roots_.Set(first / kSectionsPerRoot, (end - 1) / kSectionsPerRoot + 1, true);
  pages_.Set(SectionNr(first).first_pfn().value(), SectionNr(end).first_pfn().value(), PageState::Unwritten(0));
}

}  // namespace legacy_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
