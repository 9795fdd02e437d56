// SPDX-License-Identifier: Apache-2.0
// Situation: what a contract clause may look at: one operation and the state of both references before it. The layers
// under test are never asked.
#ifndef HPFUZZ_ORACLE_SITUATION_H_
#define HPFUZZ_ORACLE_SITUATION_H_

#include <array>

#include "absl/types/span.h"
#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "oracle/nvdimm_watch.h"
#include "oracle/side.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The sections that a range touches, whole.
constexpr PfnRange RoundedToSections(PhysRange range) {
  return {Pfn::OfByte(AlignDown(range.start, kSectionSize)), Pfn::OfByte(AlignUp(range.end(), kSectionSize))};
}

// Whether the sections of the operation's range, or ranges, reach into `pages`.
inline bool ReachesInto(const Op& op, PfnRange pages) {
  return RoundedToSections(op.range).overlaps(pages) || (op.has_second && RoundedToSections(op.second).overlaps(pages));
}

struct Situation {
  const Op* op = nullptr;
  const Op* mapping = nullptr;  // the operation that made the mapping which `op` releases
  const FirmwareMap* map = nullptr;
  PairKind pair = PairKind::kLegacyMainline;
  HotplugLayer* legacy = nullptr;      // the left one's reference, state before the operation
  HotplugLayer* subsection = nullptr;  // reference, state before the operation

  // The range the operation works on: its own, or the range of the mapping it releases. Empty for other operations.
  PhysRange range;
  PfnRange pages;    // as the kernel sees it
  PfnRange rounded;  // to whole sections, as legacy sees it; the section of the start when `pages` is empty

  // Something the operation depends on was let differ by an earlier clause: a section, the mapping, the resource tree.
  bool diverged = false;
  bool elsewhere = false;           // some section was let differ, of this operation or not
  bool resources_inserted = false;  // by an earlier insert_resource
  bool zones_by_hand = false;       // an earlier operation moved pages to a zone or took them out
  bool memmap_reused = false;       // by an earlier operation, see kMemmapReused: valid pages may have no struct page
  absl::Span<const SectionNr> touched;  // sections that operations so far were about
  bool over_altmap = false;             // an earlier operation gave the sections of the range an altmap
  bool over_mapping = false;            // the sections of the range hold pages of a mapping of this trace

  // The failures armed for the operation, by site; n = 0: none there.
  std::array<FailPlan, kAllocSites> plans;
  // Known when the operation is over: the site whose refusal ended it in that reference; none: nothing was refused, or
  // the kernel got over it. No operation goes on asking, so it is one at most.
  AllocSites failed_legacy = 0;
  AllocSites failed_subsection = 0;
  bool over_held = false;  // as over_mapping, of mappings that one side has still; for such an operation only

  // Survey of the sections in `rounded`, absent when the range lies beyond the section table.
  struct Survey {
    bool done = false;
    bool legacy_any_valid = false;
    bool legacy_all_valid = true;
    bool legacy_any_active = false;      // as below, in the left one
    bool subsection_any_active = false;  // a bit of the exact range
    bool subsection_all_active = true;
    bool active_before = false;  // of the exact range, within its first section
    bool active_behind = false;  // ... within its last one
    bool subsection_all_valid = true;
    bool any_early = false;
    bool any_kept_usage = false;
    bool any_block = false;
    bool all_blocks = true;
    bool legacy_online = false;  // a block is online there
    bool subsection_online = false;
    bool memmap_in_part = false;  // a large page of memmap of which sub-sections are inactive; second range included
  } survey;

  // What memremap_pages looks at before it takes anything: legacy over whole sections, the sub-section generation over
  // the range.
  struct Conflicts {
    bool legacy_live = false;  // the first or the last page belongs to a live mapping
    bool subsection_live = false;
    bool legacy_ram = false;  // System RAM in the resource tree
    bool subsection_ram = false;
  } conflicts;

  // Operations about namespaces. `after` is what the references say of it when the operation is done: which of the
  // kernels' checks refused it is not known before.
  struct Nvdimm {
    const NvdimmWatch* watch = nullptr;
    Handle ns = kNoHandle;  // kNoHandle: the operation names none
    NamespaceFacts before[kSides];
    NamespaceFacts after[kSides];
  } nvdimm;

  bool section_aligned() const { return range.aligned_to(kSectionSize); }
  bool subsection_aligned() const { return ((pages.first.value() | pages.pages()) & (kPagesPerSubsection - 1)) == 0; }
  bool page_aligned() const { return range.aligned_to(kPageSize); }
  bool beyond_table() const {
    return range.wraps() || range.end() > map->physmem_end() || range.start >= map->physmem_end();
  }
};

// The pages that the operation is about in the world of `facts`: of a namespace what is mapped, behind its pad.
inline PfnRange MappedPages(const Situation& s, const NamespaceFacts& facts) {
  return s.nvdimm.ns == kNoHandle || facts.pfn.mapped.size == 0 ? s.pages : facts.pfn.mapped.pfns();
}

// Fills in range, pages, rounded, survey and conflicts. `mapping` is the operation that made the mapping which `op`
// releases, or nullptr.
void Survey(const Op& op, const Op* mapping, Situation* situation);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_SITUATION_H_
