// SPDX-License-Identifier: Apache-2.0
// StructPages: run-length struct pages.
#include "machine/struct_pages.h"

#include <algorithm>
#include <cstring>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void StructPages::Reset(uint64_t sections) {
  table_.Reset(sections);
  arena_.Reset();
  fill_zone_ = 0;
}

StructPages::Record& StructPages::RecordOf(SectionNr nr) {
  Slot& slot = table_.Make(nr);
  if (slot.record == nullptr) {
    Record* record = arena_.New<Record>();
    record->backed = 0;
    record->runs = record->own;
    record->count = 1;
    record->capacity = kOwnRuns;
    record->own[0] = {.first = 0, .content = {}};
    slot.record = record;
  }
  return *slot.record;
}

void StructPages::Populate(PfnRange pages) {
  Record& record = RecordOf(SectionNr::Of(pages.first));
  const uint64_t mask = SubsectionMask(pages);
  const uint64_t fresh = mask & ~record.backed;
  record.backed |= mask;
  const Content blank{.zone = fill_zone_};
  if (fresh == mask) {
    const uint64_t from = pages.first.value() % kPagesPerSection;
    Write(record, from, from + pages.pages(), blank);
    return;
  }
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    if ((fresh >> i & 1) != 0) Write(record, i * kPagesPerSubsection, (i + 1) * kPagesPerSubsection, blank);
  }
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
  if ((missing & 1) != 0) return {};
  const unsigned i = RunAt(record, offset);
  uint64_t end = i + 1U < record.count ? record.runs[i + 1].first : kPagesPerSection;
  if (missing != 0) {
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
    const uint64_t missing = SubsectionMask(part) & ~slot->record->backed;
    const uint64_t from = part.first.value() % kPagesPerSection;
    uint64_t to = from + part.pages();
    if (missing != 0) {
      to = std::max(from, static_cast<uint64_t>(__builtin_ctzll(missing)) * kPagesPerSubsection);
    }
    if (to > from) Write(*slot->record, from, to, content);
    if (missing != 0) return false;
    rest.first = part.end;
  }
  return true;
}

// Replaces the runs of [from, to) by one; runs stay sorted.
void StructPages::Write(Record& record, uint64_t from, uint64_t to, Content content) {
  if (from == 0 && to == kPagesPerSection) {
    record.runs[0] = {.first = 0, .content = content};
    record.count = 1;
    return;
  }
  const unsigned first = RunAt(record, from);   // the run that holds `from`
  const unsigned last = RunAt(record, to - 1);  // the run that holds the last page
  if (first == last && record.runs[first].content == content) return;
  const Run head = record.runs[first];
  const Run tail = record.runs[last];
  const uint64_t last_end = last + 1U < record.count ? record.runs[last + 1].first : kPagesPerSection;

  // What replaces runs [first, last]: what is left of the head, the new run, what is left of the tail.
  Run piece[3];
  unsigned pieces = 0;
  if (head.first < from) piece[pieces++] = head;
  piece[pieces++] = {.first = static_cast<uint16_t>(from), .content = content};
  if (to < last_end) piece[pieces++] = {.first = static_cast<uint16_t>(to), .content = tail.content};

  const unsigned removed = last - first + 1;
  const unsigned count = record.count - removed + pieces;
  if (count > record.capacity) {
    Run* grown = arena_.New<Run>(record.capacity * 2U);
    std::copy(record.runs, record.runs + record.count, grown);
    if (record.runs != record.own) Arena::Retire(record.runs, record.capacity);
    record.runs = grown;
    record.capacity = static_cast<uint16_t>(record.capacity * 2);
  }
  std::memmove(record.runs + first + pieces, record.runs + last + 1, (record.count - last - 1U) * sizeof(Run));
  std::copy(piece, piece + pieces, record.runs + first);
  record.count = static_cast<uint16_t>(count);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
