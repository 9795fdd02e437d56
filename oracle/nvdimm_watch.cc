// SPDX-License-Identifier: Apache-2.0
// NvdimmWatch: notes.
#include "oracle/nvdimm_watch.h"

#include <algorithm>
#include <utility>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void Ledger::Write(uint64_t start, uint64_t length, uint8_t byte) {
  const uint64_t end = start + length;
  std::vector<Run> kept;
  for (const Run& run : runs_) {
    if (run.end <= start || run.start >= end) {
      kept.push_back(run);
      continue;
    }
    if (run.start < start) kept.push_back({run.start, start, run.byte});
    if (run.end > end) kept.push_back({end, run.end, run.byte});
  }
  kept.push_back({start, end, byte});
  runs_ = std::move(kept);
}

void NvdimmWatch::Reset() {
  regions_.clear();
  namespaces_.clear();
}

void NvdimmWatch::AddRegion(const Op& op) {
  regions_.push_back({.range = op.range, .read_only = op.read_only, .blk = op.blk});
}

void NvdimmWatch::AddNamespace(const Op& op) {
  Namespace& ns = namespaces_.emplace_back();
  ns.region = op.region;
  ns.extent = op.extent;
  ns.mapping.kind = OpKind::kMemremapPages;
  Place(static_cast<Handle>(namespaces_.size() - 1));
  if (const Region* region = FindRegion(op.region)) ns.marked = region->differs;
}

// A namespace without a region, or one that lies nowhere in it, lies nowhere.
void NvdimmWatch::Place(Handle handle) {
  Namespace& ns = namespaces_[handle];
  ns.mapping.handle = MappingOfNamespace(handle);
  ns.mapping.range = {};
  const Region* region = FindRegion(ns.region);
  if (region == nullptr || ns.extent.wraps() || ns.extent.size == 0) return;
  if (ns.extent.start >= region->range.size || ns.extent.size > region->range.size - ns.extent.start) return;
  ns.mapping.range = {region->range.start + ns.extent.start, ns.extent.size};
}

void NvdimmWatch::Reboot(bool other, uint64_t delta) {
  for (Region& region : regions_) region.range.start += delta;
  for (Handle handle = 0; handle < namespaces_.size(); ++handle) {
    Place(handle);
    if (other) std::swap(namespaces_[handle].ledger[0], namespaces_[handle].ledger[1]);
  }
}

bool NvdimmWatch::AnyRegionRefused() const {
  return std::any_of(regions_.begin(), regions_.end(), [](const Region& region) { return region.refused; });
}

void NvdimmWatch::Mark(Handle handle) {
  Namespace* ns = Find(handle);
  if (ns == nullptr) return;
  ns->marked = true;
  if (Region* region = FindRegion(ns->region)) region->differs = true;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
