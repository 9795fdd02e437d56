// SPDX-License-Identifier: Apache-2.0
// StructPages: run-length struct pages.
#include "machine/struct_pages.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void StructPages::Reset(uint64_t sections) {
  table_.Reset(sections);
  arena_.Reset();
  fill_ = {};
}

StructPages::Record* StructPages::NewRecord(uint64_t backed, Content content) {
  Record* record = arena_.New<Record>();
  record->backed = backed;
  record->runs = record->own;
  record->count = 1;
  record->capacity = kOwnRuns;
  record->front = 0;
  record->own[0].first = 0;
  record->own[0].content = content;
  return record;
}

void StructPages::Populate(PfnRange pages) {
  Slot& slot = table_.Make(SectionNr::Of(pages.first));
  const uint64_t mask = SubsectionMask(pages);
  const Content blank = fill_;
  if (slot.record == nullptr) {
    slot.record = NewRecord(mask, blank);
    return;
  }
  Record& record = *slot.record;
  const uint64_t fresh = mask & ~record.backed;
  record.backed |= mask;
  if (fresh == mask) {
    const uint64_t from = pages.first.value() % kPagesPerSection;
    Write(record, from, from + pages.pages(), blank);
    return;
  }
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    if ((fresh >> i & 1) != 0) Write(record, i * kPagesPerSubsection, (i + 1) * kPagesPerSubsection, blank);
  }
}

void StructPages::PopulateFront(SectionNr nr, uint64_t pages) {
  Slot& slot = table_.Make(nr);
  const Content blank = fill_;
  if (slot.record == nullptr) slot.record = NewRecord(0, blank);
  Record& record = *slot.record;
  if (record.front < pages) Write(record, record.front, pages, blank);
  record.front = static_cast<uint32_t>(pages);
  const uint64_t whole = pages / kPagesPerSubsection;
  record.backed = whole == kSubsectionsPerSection ? kFullBitmap : (uint64_t{1} << whole) - 1;
}

void StructPages::Depopulate(PfnRange pages) {
  Slot* slot = table_.Find(SectionNr::Of(pages.first));
  if (slot == nullptr || slot->record == nullptr) return;
  slot->record->backed &= ~SubsectionMask(pages);
  if (slot->record->backed != 0) return;
  if (slot->record->runs != slot->record->own) Arena::Retire(slot->record->runs, slot->record->capacity);
  Arena::Retire(slot->record);
  slot->record = nullptr;
}

StructPages::RunOf StructPages::FindRun(PfnRange pages) const {
  const SectionNr nr = SectionNr::Of(pages.first);
  const Slot* slot = table_.Find(nr);
  if (slot == nullptr || slot->record == nullptr) return {};
  const Record& record = *slot->record;
  const uint64_t offset = pages.first.value() % kPagesPerSection;
  const uint64_t missing = ~(record.backed >> (offset / kPagesPerSubsection));
  const bool behind = (missing & 1) != 0;  // at best in the front that ends inside a sub-section
  if (behind && offset >= record.front) return {};
  const unsigned i = RunAt(record, offset);
  uint64_t end = i + 1U < record.count ? record.runs[i + 1].first : kPagesPerSection;
  if (behind) {
    end = std::min(end, uint64_t{record.front});
  } else if (missing != 0) {
    const uint64_t steps = static_cast<uint64_t>(__builtin_ctzll(missing));
    end = std::min(end, (offset / kPagesPerSubsection + steps) * kPagesPerSubsection);
  }
  return {&record.runs[i].content, std::min(pages.end, nr.first_pfn() + end)};
}

bool StructPages::Backed(PfnRange pages) const {
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    const uint64_t mask = SubsectionMask(part);
    if ((BackedMask(SectionNr::Of(part.first)) & mask) != mask) return false;
    rest.first = part.end;
  }
  return true;
}

bool StructPages::Fill(PfnRange pages, Content content) {
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    Slot* slot = table_.Find(SectionNr::Of(part.first));
    if (slot == nullptr || slot->record == nullptr) return false;
    Record& record = *slot->record;
    rest.first = part.end;
    const uint64_t from = part.first.value() % kPagesPerSection;
    const uint64_t to = from + part.pages();
    const uint64_t missing = record.backed == kFullBitmap ? 0 : SubsectionMask(part) & ~record.backed;
    if (missing != 0) {
      uint64_t end = static_cast<uint64_t>(__builtin_ctzll(missing)) * kPagesPerSubsection;
      end = std::max(end, std::min<uint64_t>(record.front, to));
      if (end > from) Write(record, from, end, content);
      if (end == to) continue;
      return false;
    }
    Write(record, from, to, content);
  }
  return true;
}

bool StructPages::AllUnused(SectionNr nr) const {
  const Record& record = *table_.Find(nr)->record;
  return std::all_of(record.runs, record.runs + record.count, [](const Run& run) { return run.content.unused(); });
}

// Replaces the runs of [from, to) by one.
void StructPages::Write(Record& record, uint64_t from, uint64_t to, Content content) {
  if (from == 0 && to == kPagesPerSection) {
    record.runs[0].content = content;
    record.count = 1;
    return;
  }
  Splice(record, from, to, content);
}

// The same inside a section; runs stay sorted.
void StructPages::Splice(Record& record, uint64_t from, uint64_t to, Content content) {
  const unsigned first = RunAt(record, from);   // the run that holds `from`
  const unsigned last = RunAt(record, to - 1);  // the run that holds the last page
  if (first == last && record.runs[first].content == content) return;
  const Content tail = record.runs[last].content;
  const uint64_t last_end = last + 1U < record.count ? record.runs[last + 1].first : kPagesPerSection;
  // What is left of the first run stays where it is, the new run follows, then what is left of the last one.
  const unsigned at = record.runs[first].first < from ? first + 1 : first;
  const unsigned behind = to < last_end ? at + 2 : at + 1;
  const unsigned count = behind + record.count - (last + 1);
  if (count > record.capacity) Enlarge(record);
  Run* const runs = record.runs;
  // The runs behind, a handful, by hand: a memmove costs more than the rest of this.
  if (behind > last + 1) {
    for (unsigned i = count; i-- > behind;) runs[i] = runs[i - (behind - (last + 1))];
  } else if (behind < last + 1) {
    for (unsigned i = behind; i < count; ++i) runs[i] = runs[i + (last + 1 - behind)];
  }
  runs[at] = {.first = static_cast<uint16_t>(from), .content = content};
  if (to < last_end) runs[at + 1] = {.first = static_cast<uint16_t>(to), .content = tail};
  record.count = static_cast<uint16_t>(count);
}

HPFUZZ_UNCOVERED void StructPages::Enlarge(Record& record) {
  Run* grown = arena_.New<Run>(record.capacity * 2U);
  for (unsigned i = 0; i < record.count; ++i) grown[i] = record.runs[i];
  if (record.runs != record.own) Arena::Retire(record.runs, record.capacity);
  record.runs = grown;
  record.capacity = static_cast<uint16_t>(record.capacity * 2);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
