// SPDX-License-Identifier: Apache-2.0
// Zones: boot, growth and the choice of a zone.
#include "machine/zones.h"

#include <algorithm>
#include <utility>

#include "hotplug/attributes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

void GrowSpan(Span& span, PfnRange pages) {
  if (span.start == span.end || pages.first < span.start) span.start = pages.first;
  span.end = std::max(span.end, pages.end);
}

// zone_spanned_pages_in_node: below Movable a zone reaches over all of its node that its addresses cover, RAM or not;
// seen on 6.1 and 6.12, where Normal begins at 4 GiB whatever lies there.
void SpanBootZones(NodeSpans& node) {
  const Span& movable = node.zone[static_cast<unsigned>(Zone::kMovable)];
  const Pfn end = movable.present != 0 ? movable.start : node.node.end;
  Pfn low = node.node.start;
  for (const auto& [zone, border] :
       {std::pair{Zone::kDma, Pfn::OfByte(kDmaZoneEnd)}, std::pair{Zone::kDma32, Pfn::OfByte(kDma32ZoneEnd)},
        std::pair{Zone::kNormal, end}}) {
    const Pfn high = std::min(border, end);
    if (low >= high) continue;
    Span& span = node.zone[static_cast<unsigned>(zone)];
    span.start = low;
    span.end = high;
    low = high;
  }
}

}  // namespace

BootZone BootZoneOf(const FirmwareMap& map, Pfn pfn) {
  const Pfn movable = Pfn::OfByte(map.movable_start);
  if (map.movable_start != 0 && pfn >= movable) return {Zone::kMovable, Pfn(~uint64_t{0})};
  Pfn border = Pfn(~uint64_t{0});
  Zone zone = Zone::kNormal;
  if (pfn < Pfn::OfByte(kDmaZoneEnd)) {
    zone = Zone::kDma;
    border = Pfn::OfByte(kDmaZoneEnd);
  } else if (pfn < Pfn::OfByte(kDma32ZoneEnd)) {
    zone = Zone::kDma32;
    border = Pfn::OfByte(kDma32ZoneEnd);
  }
  if (map.movable_start != 0) border = std::min(border, movable);
  return {zone, border};
}

// What earlier runs touched.
HPFUZZ_UNCOVERED void Zones::Forget() {
  for (; touched_ != 0; touched_ &= touched_ - 1) nodes_[static_cast<unsigned>(__builtin_ctz(touched_))] = {};
}

void Zones::Boot(const FirmwareMap& map) {
  Forget();
  for (const FirmwareRange& entry : map) {
    if (entry.kind != FirmwareKind::kRam) continue;
    PfnRange rest = entry.range.pfns();
    rest.end = std::min(rest.end, Pfn::OfByte(map.physmem_end()));
    while (!rest.empty()) {
      const BootZone boot = BootZoneOf(map, rest.first);
      const PfnRange part{rest.first, std::min(rest.end, boot.end)};
      Grow(entry.nid, boot.zone, part);
      AddPresent(entry.nid, boot.zone, static_cast<int64_t>(part.pages()));
      rest.first = part.end;
    }
  }
  for (unsigned left = touched_; left != 0; left &= left - 1) {
    SpanBootZones(nodes_[static_cast<unsigned>(__builtin_ctz(left))]);
  }
}

void Zones::Grow(Nid nid, Zone which, PfnRange pages) {
  GrowSpan(zone(nid, which), pages);
  GrowSpan(node_span(nid), pages);
}

void Zones::AddPresent(Nid nid, Zone which, int64_t pages) {
  zone(nid, which).present += static_cast<uint64_t>(pages);
  node_span(nid).present += static_cast<uint64_t>(pages);
}

bool Zones::Intersects(Nid nid, Zone which, PfnRange pages) const {
  const Span& span = nodes_[nid].zone[static_cast<unsigned>(which)];
  if (span.start == span.end) return false;
  return pages.first < span.end && span.start < pages.end;
}

// default_kernel_zone_for_pfn: the lowest kernel zone whose span the range touches.
Zone Zones::DefaultKernelZone(Nid nid, PfnRange pages) const {
  for (Zone which : {Zone::kDma, Zone::kDma32}) {
    if (Intersects(nid, which, pages)) return which;
  }
  return Zone::kNormal;
}

Zone Zones::ForOnline(Nid nid, PfnRange pages, OnlineType type) const {
  if (type == OnlineType::kMovable) return Zone::kMovable;
  const Zone kernel = DefaultKernelZone(nid, pages);
  if (type == OnlineType::kKernel) return kernel;
  // default_zone_for_pfn: inside both or neither, the kernel zone wins.
  return Intersects(nid, Zone::kMovable, pages) && !Intersects(nid, kernel, pages) ? Zone::kMovable : kernel;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
