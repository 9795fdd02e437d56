// SPDX-License-Identifier: Apache-2.0
// Zones: spans and present pages of the zones of every node, what boot makes of them, how they grow and which zone an
// onlined block goes to. Not covered: shrinking, which is where the generations differ (memory_hotplug.cc of each).
#ifndef HPFUZZ_MACHINE_ZONES_H_
#define HPFUZZ_MACHINE_ZONES_H_

#include <array>
#include <cstdint>

#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "hotplug/layer.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Zones {
 public:
  // Nodes reach from their first RAM to their last, zones over the part of that which their addresses cover.
  void Boot(const FirmwareMap& map);

  const NodeSpans& node(Nid nid) const { return nodes_[nid]; }
  Span& zone(Nid nid, Zone zone) { return Touch(nid).zone[static_cast<unsigned>(zone)]; }
  Span& node_span(Nid nid) { return Touch(nid).node; }

  // resize_zone_range and resize_pgdat_range: the hull with `pages`. An empty span takes their start, also of an empty
  // range; where it stood before still counts as its end, as in the kernel.
  void Grow(Nid nid, Zone zone, PfnRange pages);
  void AddPresent(Nid nid, Zone zone, int64_t pages);

  // zone_for_pfn_range.
  Zone ForOnline(Nid nid, PfnRange pages, OnlineType type) const;

 private:
  void Forget();
  NodeSpans& Touch(Nid nid) {
    touched_ |= 1U << nid;
    return nodes_[nid];
  }
  bool Intersects(Nid nid, Zone zone, PfnRange pages) const;
  Zone DefaultKernelZone(Nid nid, PfnRange pages) const;

  std::array<NodeSpans, kMaxNodes> nodes_;
  unsigned touched_ = 0;  // a bit for each node whose spans may be other than empty
};

// The zone that a page of boot RAM belongs to, and the end of the run of pages from `pfn` on in the same zone.
struct BootZone {
  Zone zone;
  Pfn end;
};
BootZone BootZoneOf(const FirmwareMap& map, Pfn pfn);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_ZONES_H_
