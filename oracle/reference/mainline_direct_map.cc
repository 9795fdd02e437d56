// SPDX-License-Identifier: Apache-2.0
// The direct map: additions, removals and the page tables they need.
#include "oracle/reference/mainline_direct_map.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

// A table is one page of 8-byte entries.
constexpr uint64_t kTableEntries = kPageSize / sizeof(uint64_t);
// Pages that four levels of tables reach.
constexpr uint64_t kFourLevelPages = kPagesPerSubsection * kTableEntries * kTableEntries * kTableEntries;

Pfn StepDown(Pfn pfn) { return Pfn(AlignDown(pfn.value(), kPagesPerSubsection)); }
Pfn StepUp(Pfn pfn) { return Pfn(AlignUp(pfn.value(), kPagesPerSubsection)); }

}  // namespace

void DirectMap::Clear(Pfn end) {
  runs_.Clear();
  end_ = end;
  table_levels_ = end.value() > kFourLevelPages ? 3 : 2;
  // The kernel maps it before it looks for RAM.
  Add({Pfn(0), Pfn::OfByte(kIsaEnd)}, false);
}

DirectMap::Added DirectMap::Add(PfnRange pages, bool count_tables) {
  Added added;
  pages.end = std::min(pages.end, end_);
  if (pages.empty()) return added;
  if (count_tables) added.tables = MissingTables(pages);
  const Pfn head_end = std::min(pages.end, StepUp(pages.first));
  const Pfn tail = std::max(head_end, StepDown(pages.end));
  AddBase({pages.first, head_end}, &added);
  AddLarge({head_end, tail});
  AddBase({tail, pages.end}, &added);
  return added;
}

// The tables of large pages, and those above; the topmost is always there.
uint64_t DirectMap::MissingTables(PfnRange pages) const {
  uint64_t missing = 0;
  uint64_t span = kPagesPerSubsection;
  for (unsigned level = 0; level < table_levels_; ++level) {
    span *= kTableEntries;
    missing += UnmappedSpans(pages, span);
  }
  return missing;
}

// How many aligned spans that `pages` touch have no page mapped. A table exists as long as it maps anything.
uint64_t DirectMap::UnmappedSpans(PfnRange pages, uint64_t span) const {
  uint64_t next = pages.first.value() / span;
  const uint64_t end = (pages.end.value() - 1) / span + 1;
  uint64_t missing = 0;
  for (auto run = runs_.From(Pfn(next * span)); run != runs_.end() && next < end; ++run) {
    const uint64_t first = run->first.value() / span;
    if (first > next) missing += std::min(first, end) - next;
    next = std::max(next, (run->end.value() - 1) / span + 1);
  }
  return missing + (next < end ? end - next : 0);
}

// `pages` lie in one step and do not fill it.
void DirectMap::AddBase(PfnRange pages, Added* added) {
  if (pages.empty()) return;
  const PfnRange step = {StepDown(pages.first), StepDown(pages.first) + kPagesPerSubsection};
  const auto run = runs_.From(step.first);
  const bool mapped = run != runs_.end() && run->first < step.end;
  if (!mapped) {
    ++added->tables;
  } else if (run->value == Size::kLarge) {
    ++added->tables;
    added->replaced = true;
    runs_.Erase(step.first, step.end);
  }
  runs_.Set(pages.first, pages.end, Size::kBase);
}

void DirectMap::AddLarge(PfnRange steps) {
  for (Pfn at = steps.first; at < steps.end;) {
    const auto run = runs_.From(at);
    const Pfn gap_end = run == runs_.end() ? steps.end : std::min(steps.end, StepDown(run->first));
    if (at < gap_end) {
      runs_.Set(at, gap_end, Size::kLarge);
      at = gap_end;
    } else if (run->value == Size::kLarge) {
      at = run->end;
    } else {
      // A step that has a table keeps it.
      runs_.Set(at, at + kPagesPerSubsection, Size::kBase);
      at = at + kPagesPerSubsection;
    }
  }
}

void DirectMap::Remove(PhysRange bytes) {
  if (bytes.size == 0 || bytes.wraps()) return;
  const uint64_t last = bytes.start + (bytes.size - 1);
  const PfnRange pages = {Pfn::OfByte(bytes.start), Pfn::OfByte(last) + 1};
  const Pfn whole =
      Pfn(((bytes.start >> kSubsectionShift) + (bytes.start % kSubsectionSize == 0 ? 0 : 1)) * kPagesPerSubsection);
  const Pfn whole_end =
      Pfn(((last >> kSubsectionShift) + ((last + 1) % kSubsectionSize == 0 ? 1 : 0)) * kPagesPerSubsection);
  if (whole < whole_end) {
    RemoveBase({pages.first, whole});
    runs_.Erase(whole, whole_end);
    RemoveBase({whole_end, pages.end});
  } else {
    const Pfn border = std::min(pages.end, StepUp(pages.first + 1));
    RemoveBase({pages.first, border});
    RemoveBase({border, pages.end});
  }
}

// `pages` lie in one step.
void DirectMap::RemoveBase(PfnRange pages) {
  if (pages.empty()) return;
  const auto run = runs_.From(pages.first);
  if (run != runs_.end() && run->first < pages.end && run->value == Size::kBase) runs_.Erase(pages.first, pages.end);
}

uint64_t DirectMap::Steps(SectionNr nr) const {
  const PfnRange section = {nr.first_pfn(), (nr + 1).first_pfn()};
  uint64_t steps = 0;
  for (auto run = runs_.From(section.first); run != runs_.end() && run->first < section.end; ++run) {
    if (run->first <= section.first && run->end >= section.end) return kFullBitmap;
    const Pfn first = StepUp(std::max(run->first, section.first));
    const Pfn end = std::min(StepUp(run->end), section.end);
    if (first < end) steps |= SubsectionMask({first, end});
  }
  return steps;
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
