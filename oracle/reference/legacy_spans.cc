// SPDX-License-Identifier: Apache-2.0
// Spans: how zones and nodes grow and shrink (shrink_zone_span and shrink_pgdat_span of Linux 5.1). The scans step by
// whole sections from wherever the span starts or ends, so with an unaligned edge they look into the middle of
// sections.
#include "oracle/reference/legacy_spans.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

constexpr uint64_t kStride = kPagesPerSection;
constexpr uint64_t kNoPfn = ~uint64_t{0};

}  // namespace

void Spans::GrowSpan(Span& span, PfnRange pages) {
  const Pfn old_end = span.end;
  if (span.start == span.end || pages.first < span.start) span.start = pages.first;
  span.end = std::max(pages.end, old_end);
}

void Spans::Grow(Zone zone, Nid nid, PfnRange pages) {
  GrowSpan(nodes_[nid].zone[static_cast<unsigned>(zone)], pages);
  GrowSpan(nodes_[nid].node, pages);
}

void Spans::AddPresent(Zone zone, Nid nid, uint64_t pages) {
  nodes_[nid].zone[static_cast<unsigned>(zone)].present += pages;
  nodes_[nid].node.present += pages;
}

void Spans::FinishBoot() {
  for (NodeSpans& node : nodes_) {
    Pfn end = node.node.end;
    // From the highest addresses down: what one zone leaves below its first page is for those before it.
    for (int i = static_cast<int>(Zone::kMovable); i >= 0; --i) {
      const uint64_t lowest[] = {0, kDmaZoneEnd, kDma32ZoneEnd};
      Span& span = node.zone[i];
      const bool movable = static_cast<Zone>(i) == Zone::kMovable;
      const Pfn first =
          movable ? (span.present == 0 ? end : span.start) : std::max(node.node.start, Pfn::OfByte(lowest[i]));
      if (first >= end) continue;
      span.start = first;
      span.end = end;
      end = first;
    }
  }
}

bool Spans::Shrink(Zone zone, Nid nid, Pfn first) {
  NodeSpans& spans = nodes_[nid];
  return ShrinkSpan(spans.zone[static_cast<unsigned>(zone)], {&zone, nid}, first.value()) &&
         ShrinkSpan(spans.node, {nullptr, nid}, first.value());
}

bool Spans::ShrinkSpan(Span& span, const Wanted& wanted, uint64_t first) {
  const uint64_t start = span.start.value();
  const uint64_t end = span.end.value();
  uint64_t found = kNoPfn;
  if (start == first) {
    if (!Lowest(wanted, first + kStride, end, kNoPfn, found)) return false;
    // The scan of the whole span would make the same probes again.
    if (found == kNoPfn) span.end = Pfn();
    span.start = found == kNoPfn ? Pfn() : Pfn(found);
    return true;
  }
  if (end == first + kStride) {
    if (!Highest(wanted, start, first, found)) return false;
    if (found != kNoPfn) span.end = Pfn(found + 1);
  }
  // The removed section is still valid; only a probe that hits its first page leaves it out.
  if (!Lowest(wanted, start, end, first, found)) return false;
  if (found == kNoPfn) span.start = span.end = Pfn();
  return true;
}

bool Spans::Valid(uint64_t pfn) const {
  const SectionState* section = sections_.Find(pfn / kPagesPerSection);
  return section != nullptr && section->valid;
}

// The lowest wanted page of start, start + stride, ... below `end`, `except` left out; kNoPfn when there is none.
// False: the scan leaves the section table.
bool Spans::Lowest(const Wanted& wanted, uint64_t start, uint64_t end, uint64_t except, uint64_t& found) const {
  found = kNoPfn;
  for (const auto* run = pages_.From(start); run != pages_.end() && run->first < end; ++run) {
    if (!wanted.Matches(run->value)) continue;
    uint64_t pfn = start;
    if (run->first > start) pfn += (run->first - start + kStride - 1) / kStride * kStride;
    for (; pfn < std::min(end, run->end); pfn += kStride) {
      if (pfn == except || !Valid(pfn)) continue;
      found = pfn;
      return true;
    }
  }
  return start >= end || end - 1 - (end - 1 - start) % kStride < limit_;
}

// The highest wanted page of end - 1, end - 1 - stride, ... from `start` up; kNoPfn when there is none. False: the scan
// passes below pfn 0, where no start above it stops it.
bool Spans::Highest(const Wanted& wanted, uint64_t start, uint64_t end, uint64_t& found) const {
  found = kNoPfn;
  const auto* run = end == 0 ? pages_.begin() : pages_.From(end - 1);
  if (end != 0 && run != pages_.end()) ++run;
  while (run != pages_.begin()) {
    --run;
    if (run->end <= start) break;
    if (run->first >= end || !wanted.Matches(run->value)) continue;
    const uint64_t top = std::min(run->end, end) - 1;
    uint64_t pfn = end - 1 - (end - 1 - top + kStride - 1) / kStride * kStride;
    // Wraps when no probe hits the run; a wrapped pfn is never below its end.
    for (; pfn < run->end && pfn >= std::max(run->first, start); pfn -= kStride) {
      if (!Valid(pfn)) continue;
      found = pfn;
      return true;
    }
  }
  return end != 0 && start > (end - 1) % kStride;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
