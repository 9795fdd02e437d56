// SPDX-License-Identifier: Apache-2.0
// DirectMap: large pages and page tables of the linear mapping.
#include "machine/direct_map.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kTableEntries = 512;  // PTRS_PER_PMD, PTRS_PER_PUD, PTRS_PER_P4D
// Sections below a topmost table of four levels.
constexpr uint64_t kFourLevelSections =
    kPagesPerSubsection * kTableEntries * kTableEntries * kTableEntries / kPagesPerSection;

Pfn StepUp(Pfn pfn) { return Pfn(AlignUp(pfn.value(), kPagesPerSubsection)); }
Pfn StepDown(Pfn pfn) { return Pfn(AlignDown(pfn.value(), kPagesPerSubsection)); }
uint64_t StepBit(Pfn pfn) { return uint64_t{1} << (pfn.value() % kPagesPerSection / kPagesPerSubsection); }

// Calls `act` with the first page of each step of `nr` whose bit is set.
template <typename Act>
void ForEachStep(SectionNr nr, uint64_t bits, Act act) {
  for (; bits != 0; bits &= bits - 1) {
    act(nr.first_pfn() + static_cast<uint64_t>(__builtin_ctzll(bits)) * kPagesPerSubsection);
  }
}

}  // namespace

DirectMap::PageTable& DirectMap::TableOf(Pfn step) {
  return *std::find_if(page_tables_.begin(), page_tables_.end(), [&](const PageTable& t) { return t.step == step; });
}

void DirectMap::DropTable(Pfn step) {
  TableOf(step) = page_tables_.back();
  page_tables_.pop_back();
}

// Page-granular mapping of pages inside one step.
bool DirectMap::AddPages(PfnRange pages) {
  Steps& steps = table_.Make(SectionNr::Of(pages.first));
  const uint64_t bit = StepBit(pages.first);
  const Pfn step = StepDown(pages.first);
  const bool split = (steps.large & bit) != 0;
  if ((steps.table & bit) == 0) page_tables_.push_back({.step = step, .mapped = {}});
  steps.large &= ~bit;
  steps.table |= bit;
  if (split) steps.covered &= ~bit;
  if (pages.first == step) steps.covered |= bit;
  auto run = decltype(PageTable::mapped)().set();
  run >>= kPagesPerSubsection - pages.pages();
  TableOf(step).mapped |= run << (pages.first - step);
  return split;
}

bool DirectMap::Add(PfnRange pages) {
  pages.end = std::min(pages.end, SectionEnd());
  if (pages.empty()) return false;
  const Pfn body = StepUp(pages.first);
  const Pfn tail = StepDown(pages.end);
  if (body > tail) return AddPages(pages);  // inside one step
  bool split = pages.first != body && AddPages({pages.first, body});
  for (PfnRange rest{body, tail}; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    Steps& steps = table_.Make(SectionNr::Of(part.first));
    const uint64_t mask = SubsectionMask(part);
    ForEachStep(SectionNr::Of(part.first), mask & steps.table, [&](Pfn step) { TableOf(step).mapped.set(); });
    steps.large |= mask & ~steps.table;
    steps.covered |= mask;
    rest.first = part.end;
  }
  if (pages.end != tail) split |= AddPages({tail, pages.end});
  return split;
}

// Whether anything in the sections of `pages` is mapped.
bool DirectMap::AnyStep(PfnRange pages) const {
  const SectionNr last = SectionNr::Of(std::min(pages.end, SectionEnd()) - 1);
  for (SectionNr nr = table_.NextInRoots(SectionNr::Of(pages.first)); nr <= last; nr = table_.NextInRoots(nr + 1)) {
    const Steps* steps = table_.Find(nr);
    if (steps != nullptr && (steps->large | steps->table) != 0) return true;
  }
  return false;
}

uint64_t DirectMap::TablesMissing(PfnRange pages) const {
  pages.end = std::min(pages.end, SectionEnd());
  if (pages.empty()) return 0;
  uint64_t missing = 0;
  // The steps that are mapped in part.
  const auto lacks_table = [this](Pfn pfn) {
    const Steps* steps = table_.Find(SectionNr::Of(pfn));
    return steps == nullptr || (steps->table & StepBit(pfn)) == 0;
  };
  const bool head = pages.first != StepDown(pages.first);
  const bool tail = pages.end != StepDown(pages.end);
  if (head && lacks_table(pages.first)) ++missing;
  if (tail && !(head && StepDown(pages.first) == StepDown(pages.end)) && lacks_table(pages.end)) ++missing;
  // The tables of large pages, and the tables of those; one exists where something below it is mapped.
  const unsigned levels = table_.sections() > kFourLevelSections ? 3 : 2;
  uint64_t span = kPagesPerSubsection;
  for (unsigned level = 0; level < levels; ++level) {
    span *= kTableEntries;
    for (Pfn at(AlignDown(pages.first.value(), span)); at < pages.end; at = at + span) {
      if (!AnyStep({at, at + span})) ++missing;
    }
  }
  return missing;
}

// Of the step, which has a page table, what lies in `pages`.
void DirectMap::RemovePages(Steps& steps, Pfn step, PfnRange pages) {
  PageTable& table = TableOf(step);
  const Pfn end = std::min(pages.end, step + kPagesPerSubsection);
  for (Pfn pfn = std::max(pages.first, step); pfn < end; pfn = pfn + 1) table.mapped.reset(pfn - step);
  if (!table.mapped.test(0)) steps.covered &= ~StepBit(step);
  if (table.mapped.any()) return;
  steps.table &= ~StepBit(step);
  DropTable(step);
}

void DirectMap::Remove(PhysRange range) {
  if (range.size == 0 || range.wraps()) return;
  PfnRange rest{Pfn::OfByte(range.start), std::min(Pfn::OfByte(range.end() - 1) + 1, SectionEnd())};
  while (!rest.empty()) {
    const PfnRange part = FirstSectionPart(rest);
    rest.first = part.end;
    Steps* steps = table_.Find(SectionNr::Of(part.first));
    if (steps == nullptr) continue;
    // Steps that the range touches, and those that lie in it as a whole.
    const uint64_t touched = SubsectionMask(part);
    uint64_t whole = touched;
    if (part.first.byte() < range.start || part.first != StepDown(part.first)) whole &= ~StepBit(part.first);
    if (part.end.byte() - 1 > range.end() - 1 || part.end != StepDown(part.end)) whole &= ~StepBit(part.end - 1);
    // A large page goes as a whole or not at all (remove_pmd_table); a page table loses the pages named.
    if ((steps->table & touched) != 0) [[unlikely]] {
      const SectionNr nr = SectionNr::Of(part.first);
      ForEachStep(nr, steps->table & whole, [&](Pfn step) { DropTable(step); });
      ForEachStep(nr, steps->table & touched & ~whole, [&](Pfn step) { RemovePages(*steps, step, part); });
      steps->table &= ~whole;
    }
    steps->covered &= ~whole;
    steps->large &= ~whole;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
