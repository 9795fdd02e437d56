// SPDX-License-Identifier: Apache-2.0
// Predicates of contract clauses that take more than a line.
#include "oracle/predicates.h"

#include <algorithm>
#include <iterator>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {
namespace {

// find_biggest_section_pfn of 5.1 steps down by whole sections with an unsigned pfn: from a span that begins inside
// section 0 it runs past zero unless that section still stops it.
bool SpanFromRemovedSectionZero(const Situation& s) {
  if (s.legacy->Section(SectionNr(0)).valid) return false;
  for (unsigned nid = 0; nid < kMaxNodes; ++nid) {
    const Span& span = s.legacy->Node(static_cast<Nid>(nid)).node;
    if (span.start < span.end && span.start.value() < kPagesPerSection) return true;
  }
  return false;
}

// The same where the range holds the end of a span that begins inside section 0: the search for a new end goes down to
// it.
bool EndOfSpanFromSectionZero(const Situation& s) {
  const PfnFacts first = s.legacy->Facts(s.pages.first);
  if (!first.backed) return false;
  const NodeSpans& node = s.legacy->Node(first.page.nid);
  const Span spans[] = {node.zone[static_cast<unsigned>(first.page.zone)], node.node};
  for (const Span& span : spans) {
    if (span.start.value() >= kPagesPerSection || span.start >= span.end || span.end > s.rounded.end) continue;
    // The page that the search would look at last; if it is no page of the span the search goes on below zero.
    const Pfn sample((span.end.value() - 1) % kPagesPerSection);
    const PfnFacts facts = s.legacy->Facts(sample);
    const bool stops =
        facts.valid && facts.page.nid == first.page.nid && (&span == &spans[1] || facts.page.zone == first.page.zone);
    if (sample >= span.start && !stops) return true;
  }
  return false;
}

// As EndOfSpanFromSectionZero(), when the pages are gone already that would tell whose span it was.
bool EndOfAnySpanFromSectionZero(const Situation& s) {
  const auto ends_here = [&](const Span& span) {
    return span.start < span.end && span.start.value() < kPagesPerSection && span.end > s.rounded.first &&
           span.end <= s.rounded.end;
  };
  for (unsigned nid = 0; nid < kMaxNodes; ++nid) {
    const NodeSpans& node = s.legacy->Node(static_cast<Nid>(nid));
    if (ends_here(node.node) || std::any_of(std::begin(node.zone), std::end(node.zone), ends_here)) return true;
  }
  return false;
}

// Pages of `pages` that the machine booted with as RAM.
uint64_t BootRamPages(const Situation& s, PfnRange pages) {
  uint64_t ram = 0;
  for (const FirmwareRange& entry : *s.map) {
    if (entry.kind != FirmwareKind::kRam) continue;
    const PfnRange range = entry.range.pfns();
    const Pfn first = std::max(range.first, pages.first);
    const Pfn end = std::min(range.end, pages.end);
    if (first < end) ram += end - first;
  }
  return ram;
}

// Whether the section is System RAM, and nothing else, from end to end. What RAM covers in part intersects, too: a
// resource that was added or split at a byte inside a page lacks an end of a section.
bool IsRam(HotplugLayer& machine, SectionNr nr) {
  const PhysRange whole{nr.first_byte(), kSectionSize};
  const PhysRange looked_at[] = {whole, {whole.start, 1}, {whole.end() - 1, 1}};
  return std::all_of(std::begin(looked_at), std::end(looked_at), [&](PhysRange range) {
    return machine.RegionIntersects(range).value == static_cast<int>(Overlap::kIntersects);
  });
}

// A section of the range that is not System RAM from end to end in the resource tree of `machine`, or was not at boot.
bool SectionWithoutRam(const Situation& s, HotplugLayer& machine) {
  for (SectionNr nr = SectionNr::Of(s.rounded.first); nr.first_pfn() < s.rounded.end; ++nr) {
    if (!IsRam(machine, nr)) return true;
    const uint64_t boot_ram = BootRamPages(s, {nr.first_pfn(), (nr + 1).first_pfn()});
    if (boot_ram != 0 && boot_ram != kPagesPerSection) return true;
  }
  return false;
}

}  // namespace

bool EmptyInsideSection(const Situation& s) {
  return s.pages.empty() && (s.range.start % kSectionSize != 0 || s.pages.first == Pfn(0));
}

bool ActiveAndLegacyWhole(const Situation& s) {
  return s.survey.subsection_any_active && s.survey.legacy_all_valid && s.section_aligned();
}

bool SomeSectionAbsent(const Situation& s) {
  return !s.pages.empty() && (!s.survey.legacy_all_valid || !s.survey.subsection_all_valid);
}

bool FirstPageUninitialised(const Situation& s) {
  const PfnFacts facts = s.legacy->Facts(MappedPages(s, s.nvdimm.before[0]).first);
  return facts.backed && !facts.page.initialised;
}

bool SomeSectionReplaced(const Situation& s) {
  if (FirstPageUninitialised(s)) return true;
  if (s.mapping == nullptr) return false;
  // Behind the section table no page is backed, and nobody would see the end of it.
  PfnRange rest = MappedPages(s, s.nvdimm.before[0]);
  rest.end = std::min(rest.end, Pfn::OfByte(s.map->physmem_end()));
  while (!rest.empty()) {
    const PfnRange part = FirstSectionPart(rest);
    // The last page of a section: the first ones may hold the memmap of the mapping.
    const PfnFacts facts = s.legacy->Facts(part.end - 1);
    if (facts.backed && (!facts.page.initialised || facts.page.map != s.mapping->handle)) return true;
    rest.first = part.end;
  }
  return false;
}

bool EmptyOrBeyondResources(const Situation& s) {
  return s.range.size == 0 || s.range.wraps() || s.range.end() > s.map->resource_end() || s.beyond_table();
}

bool ZonesByHand(const Situation& s) {
  return s.zones_by_hand || SpanFromRemovedSectionZero(s) || EndOfSpanFromSectionZero(s);
}

bool BootSectionWithHole(const Situation& s) {
  return s.survey.any_early && BootRamPages(s, s.rounded) != s.rounded.pages();
}

bool ResourcesInTheWay(const Situation& s) {
  if (s.resources_inserted || s.range.end() > s.map->resource_end()) return true;
  return std::any_of(s.map->begin(), s.map->end(), [&](const FirmwareRange& entry) {
    const bool resource = entry.kind != FirmwareKind::kRam && entry.kind != FirmwareKind::kUnmovable;
    return resource && entry.range.overlaps(s.range);
  });
}

bool NoRamResource(const Situation& s) { return s.resources_inserted || SectionWithoutRam(s, *s.legacy); }

bool NoRamResourceOffline(const Situation& s) { return s.resources_inserted || SectionWithoutRam(s, *s.subsection); }

bool AltmapShort(const Situation& s) {
  const uint64_t sections = s.range.size >> kSectionShift;
  return s.op->altmap.given && s.op->altmap.free >> kPageShift < (sections + 1) * kMemmapPagesPerSection;
}

bool PageOfOfflineMemory(const Situation& s) {
  return !s.subsection->Section(SectionNr::Of(s.op->pfn)).online &&
         s.subsection->Facts(s.op->pfn).page.zone != Zone::kDevice;
}

bool RamNested(const Situation& s) {
  return s.legacy->RegionIntersects(s.op->range).value != s.subsection->RegionIntersects(s.op->range).value;
}

namespace {

// Whether both kernels make the same requests: whole sections, new to both, no record or memmap of either to be had
// without asking.
bool AsksAlike(const Situation& s) {
  const Situation::Survey& survey = s.survey;
  return !s.diverged && survey.done && s.section_aligned() && !s.op->altmap.given && !s.op->has_second &&
         !survey.legacy_any_valid && !survey.subsection_any_active && !survey.any_kept_usage;
}

// A memmap in base pages takes as many requests for each section; the one that fails is the first of its section.
bool FirstBasePage(const Situation& s) {
  return (s.plans[static_cast<unsigned>(AllocSite::kMemmapBase)].n - 1) % kMemmapPagesPerSection == 0;
}

bool OneRoot(const Situation& s) {
  return SectionNr::Of(s.rounded.first).value() / kSectionsPerRoot ==
         SectionNr::Of(s.rounded.end - 1).value() / kSectionsPerRoot;
}

// Sections before the one that failed have their memory blocks in 5.1 already, in 6.1 no section has.
bool MayHaveBlocks(const Situation& s) {
  if (s.op->kind != OpKind::kAddMemory && !s.op->memblock) return false;
  return s.rounded.pages() != kPagesPerSection;
}

}  // namespace

bool SectionFailedAlike(const Situation& s) {
  if (!AsksAlike(s) || !OneRoot(s) || MayHaveBlocks(s)) return false;
  return FailedInBoth<AllocSite::kRoot>(s) || FailedInBoth<AllocSite::kUsemap>(s) ||
         (FailedInBoth<AllocSite::kMemmapBase>(s) && FirstBasePage(s));
}

bool SectionFailedApart(const Situation& s) {
  return s.failed_legacy == s.failed_subsection && !s.op->has_second &&
         (s.failed_legacy & Sites(AllocSite::kRoot, AllocSite::kUsemap, AllocSite::kMemmapBase)) != 0;
}

bool BasePagesLeft(const Situation& s) {
  return FailedInBoth<AllocSite::kMemmapBase>(s) && AsksAlike(s) && !FirstBasePage(s);
}

// The release that follows may stop 5.1, where spans are not what it takes them for.
bool ActionFailedAlike(const Situation& s) {
  return FailedInBoth<AllocSite::kAction>(s) && AsksAlike(s) && !ZonesByHand(s) && !EndOfAnySpanFromSectionZero(s);
}

bool InBootHole(const Situation& s) {
  const SectionNr nr = SectionNr::Of(s.op->pfn);
  if (!s.subsection->Section(nr).early) return false;
  const PfnFacts legacy = s.legacy->Facts(s.op->pfn);
  return !legacy.page.initialised;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates
