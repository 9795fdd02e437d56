// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: zones. Spans grow when pages join and shrink when pages leave; ZONE_DEVICE never shrinks.
#include <algorithm>

#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

// section_taint_zone_device
Status MemoryHotplug::TaintZoneDevice(Pfn pfn) {
  if (pfn.value() % kPagesPerSection == 0 || host_.posted()) return 0;
  MemSection* section = sparse_.PfnToSection(pfn);
  if (section == nullptr) return kStopFault;
  section->flags |= MemSection::kTaintZoneDevice;
  return 0;
}

// set_pageblock_migratetype, of each pageblock (as large as a sub-section on x86-64) that begins in `pages`: whether
// its section has a usage record, which a memmap may outlive.
bool MemoryHotplug::PageblocksHaveUsage(PfnRange pages) const {
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    const bool begins = AlignUp(part.first.value(), kPagesPerSubsection) < part.end.value();
    if (begins && sparse_.Find(SectionNr::Of(part.first))->usage == nullptr) return false;
    rest.first = part.end;
  }
  return true;
}

// memmap_init_range, MEMINIT_HOTPLUG
Status MemoryHotplug::InitPages(PfnRange pages, Zone zone, Nid nid) {
  // RAM that is not online yet is PageOffline instead of reserved since commit 503b158fc304.
  const bool reserved = zone == Zone::kDevice || host_.version < Version::k6_12;
  StructPages::Content content{
      .zone = static_cast<uint8_t>(zone), .nid = nid, .initialised = true, .reserved = reserved, .count = 1};
  // page->pgmap of a device page that its mapping has not claimed is no mapping's.
  if (zone == Zone::kDevice) content.map = kForeignHandle;
  return host_.struct_pages.Fill(pages, content) && PageblocksHaveUsage(pages) ? 0 : kStopFault;
}

Status MemoryHotplug::MovePfnRangeToZone(Zone zone, Nid nid, PfnRange pages, const VmemAltmap* altmap) {
  host_.zones.Grow(nid, zone, pages);
  if (zone != Zone::kDevice) return InitPages(pages, zone, nid);
  for (const Pfn edge : {pages.first, pages.end}) {
    const Status status = TaintZoneDevice(edge);
    if (status != 0) return status;
  }
  if (altmap == nullptr) return 0;
  return InitPages({altmap->base + altmap->reserve, altmap->base + altmap->Offset()}, zone, nid);
}

Status MemoryHotplug::RemovePfnRangeFromZone(Zone zone, Nid nid, PfnRange pages) {
  // series-v5 shrinks spans when memory goes.
  if (zone == Zone::kDevice || host_.posted()) return 0;
  if (const Status status = ShrinkZoneSpan(zone, nid, pages); status != 0) return status;
  UpdatePgdatSpan(nid);
  return 0;
}

std::optional<bool> MemoryHotplug::HoldsZone(Pfn pfn, Zone zone, Nid nid) const {
  if (!PfnToOnlinePage(pfn)) return false;
  const StructPages::Content* page = host_.struct_pages.Find(pfn);
  if (page == nullptr) return std::nullopt;
  return page->zone == static_cast<uint8_t>(zone) && page->nid == nid;
}

// find_smallest_section_pfn: probes one page a sub-section. 0 when there is none, as in the kernel, where page 0 cannot
// be told from none either.
std::optional<Pfn> MemoryHotplug::FindSmallest(Zone zone, Nid nid, PfnRange pages) const {
  const auto& sections = sparse_.sections();
  for (Pfn pfn = pages.first; pfn < pages.end; pfn = pfn + kPagesPerSubsection) {
    const SectionNr nr = SectionNr::Of(pfn);
    const MemSection* section = sections.Find(nr);
    if (section == nullptr || !section->online()) {
      // The last probe below the next section that can be online; the loop's step leads into it.
      const SectionNr next = sections.NextInRoots(nr + 1);
      if (next.value() >= sections.sections()) break;
      const uint64_t distance = next.first_pfn() - pfn;
      pfn = pfn + (distance - 1) / kPagesPerSubsection * kPagesPerSubsection;
      continue;
    }
    const std::optional<bool> holds = HoldsZone(pfn, zone, nid);
    if (!holds) return std::nullopt;
    if (*holds) return pfn;
  }
  return Pfn(0);
}

// find_biggest_section_pfn
std::optional<Pfn> MemoryHotplug::FindBiggest(Zone zone, Nid nid, PfnRange pages) const {
  const auto& sections = sparse_.sections();
  if (pages.empty()) return Pfn(0);
  for (Pfn pfn = pages.end - 1; pfn >= pages.first;) {
    SectionNr nr = SectionNr::Of(pfn);
    const MemSection* section = sections.Find(nr);
    Pfn low = pfn;  // the step down starts here
    if (section == nullptr || !section->online()) {
      if (nr.value() == 0) break;
      SectionNr previous(nr.value() - 1);
      if (!sections.PreviousInRoots(&previous)) break;
      const uint64_t distance = pfn - (previous + 1).first_pfn();
      low = pfn - distance / kPagesPerSubsection * kPagesPerSubsection;
    } else {
      const std::optional<bool> holds = HoldsZone(pfn, zone, nid);
      if (!holds) return std::nullopt;
      if (*holds) return pfn;
    }
    if (low.value() < kPagesPerSubsection) break;
    pfn = low - kPagesPerSubsection;
  }
  return Pfn(0);
}

Status MemoryHotplug::ShrinkZoneSpan(Zone which, Nid nid, PfnRange pages) {
  Span& zone = host_.zones.zone(nid, which);
  const bool at_start = zone.start == pages.first;
  if (!at_start && zone.end != pages.end) return 0;
  const std::optional<Pfn> edge =
      at_start ? FindSmallest(which, nid, {pages.end, zone.end}) : FindBiggest(which, nid, {zone.start, pages.first});
  if (!edge) return kStopFault;
  if (*edge == Pfn(0)) {
    zone.start = zone.end = Pfn(0);
  } else if (at_start) {
    zone.start = *edge;
  } else {
    zone.end = *edge + 1;
  }
  return 0;
}

// The hull of the zones that are not empty, ZONE_DEVICE included.
void MemoryHotplug::UpdatePgdatSpan(Nid nid) {
  Span& node = host_.zones.node_span(nid);
  node.start = node.end = Pfn(0);
  for (unsigned i = 0; i < kZones; ++i) {
    const Span& zone = host_.zones.zone(nid, static_cast<Zone>(i));
    if (zone.start == zone.end) continue;
    if (node.end == Pfn(0)) {
      node.start = zone.start;
      node.end = zone.end;
    } else {
      node.start = std::min(node.start, zone.start);
      node.end = std::max(node.end, zone.end);
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
