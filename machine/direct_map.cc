// SPDX-License-Identifier: Apache-2.0
// DirectMap: large pages and page tables of the linear mapping.
#include "machine/direct_map.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Pfn StepUp(Pfn pfn) { return Pfn(AlignUp(pfn.value(), kPagesPerSubsection)); }
Pfn StepDown(Pfn pfn) { return Pfn(AlignDown(pfn.value(), kPagesPerSubsection)); }
uint64_t StepBit(Pfn pfn) { return uint64_t{1} << (pfn.value() % kPagesPerSection / kPagesPerSubsection); }

}  // namespace

// Page-granular mapping of pages inside one step.
bool DirectMap::AddPages(PfnRange pages) {
  if (pages.empty()) return false;
  Steps& steps = table_.Make(SectionNr::Of(pages.first));
  const uint64_t bit = StepBit(pages.first);
  const bool first_byte = pages.first == StepDown(pages.first);
  const bool split = (steps.large & bit) != 0;
  steps.large &= ~bit;
  steps.table |= bit;
  if (split) steps.covered &= ~bit;
  if (first_byte) steps.covered |= bit;
  return split;
}

bool DirectMap::Add(PfnRange pages) {
  pages.end = std::min(pages.end, SectionEnd());
  if (pages.empty()) return false;
  const Pfn body = StepUp(pages.first);
  const Pfn tail = StepDown(pages.end);
  if (body > tail) return AddPages(pages);  // inside one step
  bool split = AddPages({pages.first, body});
  for (PfnRange rest{body, tail}; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    Steps& steps = table_.Make(SectionNr::Of(part.first));
    const uint64_t mask = SubsectionMask(part);
    steps.large |= mask & ~steps.table;
    steps.covered |= mask;
    rest.first = part.end;
  }
  split |= AddPages({tail, pages.end});
  return split;
}

void DirectMap::Remove(PhysRange range) {
  if (range.size == 0 || range.wraps()) return;
  PfnRange rest{Pfn::OfByte(range.start), std::min(Pfn::OfByte(range.end() - 1) + 1, SectionEnd())};
  while (!rest.empty()) {
    const PfnRange part = FirstSectionPart(rest);
    rest.first = part.end;
    Steps* steps = table_.Find(SectionNr::Of(part.first));
    if (steps == nullptr) continue;
    // Steps whose first byte lies in the range, and steps that lie in it as a whole.
    uint64_t first_bytes = SubsectionMask(part);
    if (part.first != StepDown(part.first)) first_bytes &= ~StepBit(part.first);
    uint64_t whole = SubsectionMask(part);
    if (part.first.byte() < range.start || part.first != StepDown(part.first)) whole &= ~StepBit(part.first);
    if (part.end.byte() - 1 > range.end() - 1 || part.end != StepDown(part.end)) whole &= ~StepBit(part.end - 1);
    // A large page goes as a whole or not at all (remove_pmd_table); a page table loses the pages named.
    steps->covered &= ~(whole | (first_bytes & steps->table));
    steps->large &= ~whole;
    steps->table &= ~whole;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
