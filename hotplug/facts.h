// SPDX-License-Identifier: Apache-2.0
// Facts: the observable state of a layer, in a form two layers can be compared by. A layer and its reference must agree
// on every field (but see `unspecified`); what may differ between generations is the contract's business.
#ifndef HPFUZZ_HOTPLUG_FACTS_H_
#define HPFUZZ_HOTPLUG_FACTS_H_

#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/same_bytes.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class BlockState : uint8_t { kNone, kOffline, kOnline };

// How the memmap of a section is backed (the `m`, `t`, `q` of recorded states).
enum class MemmapKind : uint8_t {
  kNone,
  kHuge,  // one large page
  kBase,  // all of it in base pages
  kPart,  // some of it in base pages
};

// Everything observable about one section.
struct SectionFacts {
  bool present = false;
  bool valid = false;       // HAS_MEM_MAP
  bool online = false;      // IS_ONLINE
  bool early = false;       // IS_EARLY; always false in legacy, which has no such flag
  bool tainted = false;     // TAINT_ZONE_DEVICE; sub-section only
  bool kept_usage = false;  // sub-section only: not valid, but the boot usage record is kept for a later add
  BlockState block = BlockState::kNone;
  MemmapKind memmap = MemmapKind::kNone;
  uint16_t memmap_pages = 0;  // base pages mapped when `memmap` is kPart (8 per sub-section on x86-64), else 0
  uint16_t padding[3] = {};
  uint64_t bitmap = 0;      // active sub-sections; legacy: all of them when valid, else none
  uint64_t direct_map = 0;  // sub-section steps whose first byte the direct map covers
  bool operator==(const SectionFacts& other) const { return SameBytes(*this, other); }
};

// Everything observable about one page.
struct PfnFacts {
  bool valid = false;   // pfn_valid
  bool online = false;  // pfn_to_online_page answers a page
  bool backed = false;  // the struct page exists; reading it when not is a FAULT
  // A reference sets it where real kernels leave the content of the struct page to chance; `page` is not compared then.
  bool unspecified = false;
  Handle map = kNoHandle;  // get_dev_pagemap
  PageView page;           // default unless `backed`
  uint16_t padding = 0;
  bool operator==(const PfnFacts& other) const { return SameBytes(*this, other); }
};

// Span and present pages of one zone or node. Empty: all zero.
struct Span {
  Pfn start;
  Pfn end;  // exclusive
  uint64_t present = 0;
  bool operator==(const Span&) const = default;
};

struct NodeSpans {
  Span zone[kZones];
  Span node;
  bool operator==(const NodeSpans& other) const { return SameBytes(*this, other); }
};

// One row of the resource tree in depth-first order.
struct ResourceRow {
  PhysRange range;
  uint16_t depth = 0;  // 0 = top level; resources of one range nest as often as they are inserted
  bool busy = false;
  bool ram = false;  // flagged as System RAM
  bool operator==(const ResourceRow&) const = default;
};
inline constexpr unsigned kMaxResourceRows = 4096 + 256;

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_FACTS_H_
