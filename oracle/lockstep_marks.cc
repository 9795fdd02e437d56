// SPDX-License-Identifier: Apache-2.0
// Lockstep: what may differ between the generations after an operation that a clause governed, and until when.
#include <algorithm>

#include "oracle/compare.h"
#include "oracle/lockstep.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLeg = static_cast<unsigned>(Side::kLegacy);
constexpr unsigned kSub = static_cast<unsigned>(Side::kSubsection);

// The pages that hold the struct pages of what an operation with an altmap adds, or those that they end in: of a large
// page a section, each aligned. What wraps is not added, however long it is.
PfnRange PagesOfAltmap(const Op& op) {
  const uint64_t sections = std::min(RoundedToSections(op.range).pages() / kPagesPerSection, kMaxRangeSections);
  const Pfn first = Pfn::OfByte(op.altmap.base) + (op.altmap.reserve >> kPageShift);
  return {first, first + std::min(op.altmap.free >> kPageShift, (sections + 1) * kMemmapPagesPerSection)};
}

}  // namespace

// The last byte of no bytes at address 0 is the last one there is: a mapping of them stores, and when it is refused
// erases, the lookup of every page (xa_store_range in pagemap_range, pgmap_array_delete).
bool Lockstep::CoversEveryLookup(const Op& op) const {
  constexpr PhysRange kNothing;
  if (op.kind == OpKind::kMemremapPages) return op.range == kNothing || (op.has_second && op.second == kNothing);
  if (!BindsNamespace(op.kind)) return false;
  const auto& after = situation_.nvdimm.after;
  return std::any_of(std::begin(after), std::end(after), [&](const NamespaceFacts& facts) {
    return facts.pfn.setup == 0 && facts.pfn.mode != MemmapMode::kNone && facts.pfn.mapped == kNothing;
  });
}

// Everything a governed operation touched is marked, with the mappings that live there.
void Lockstep::MarkTouched(const Op& op) {
  const uint8_t effects = SpecOf(op.kind).effects;
  watch_.Mark(situation_.nvdimm.ns);
  if (effects & kResources) divergence_.resources = true;
  if (effects & kSpans) divergence_.spans = true;
  if (!(effects & kSections)) return;
  divergence_.MarkSections(situation_.rounded);
  if (const PhysRange* second = SecondRange(op)) divergence_.MarkSections(RoundedToSections(*second));
  // Section numbers of 5.1 are ints: nobody can say what such a request touched.
  if (situation_.beyond_table()) divergence_.MarkEverything();
  // A namespace of which more was cut off than there is: 6.12 maps, and lets go of, all addresses behind it.
  for (const NamespaceFacts& facts : situation_.nvdimm.after) {
    const bool names = situation_.nvdimm.ns != kNoHandle && facts.pfn.setup == 0;
    if (names && static_cast<int64_t>(facts.pfn.mapped.size) < 0) divergence_.MarkEverything();
  }
  // Struct pages that lie in an altmap are freed into it: its own pages are written.
  for (const Op* earlier : altmaps_) {
    if (ReachesInto(*earlier, situation_.rounded)) divergence_.MarkSections(PagesOfAltmap(*earlier));
  }
  if (op.kind == OpKind::kMemremapPages) divergence_.MarkMapping(op.handle);
  const bool all_lookups = CoversEveryLookup(op);
  ForEachMapping([&](Handle handle, const Op& mapping) {
    if (all_lookups || ReachesInto(mapping, situation_.rounded)) divergence_.MarkMapping(handle);
  });
}

void Lockstep::ClearEmptied(PfnRange pages) {
  if (divergence_.none_marked() || pages.empty()) return;
  for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end; ++nr) {
    if (nr.value() >= section_limit_) break;
    if (!divergence_.SectionMarked(nr)) continue;
    if (Emptied(world_[kLeg].reference->Section(nr)) && Emptied(world_[kSub].reference->Section(nr))) {
      divergence_.ClearSection(nr);
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
