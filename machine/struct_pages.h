// SPDX-License-Identifier: Apache-2.0
// StructPages: the struct pages of a machine. Page-granular in meaning, run-length in storage: one record a section,
// with a bit for each sub-section whose struct pages have memory behind them and a sorted list of runs of equal pages,
// so that initialising a section costs the same as initialising a page. A memmap of base pages that could not be
// completed may end inside a sub-section; how far it reaches stands beside the bits.
//
// Not covered: who may populate what (sparse.cc of the implementations), references taken by pins (pins.h).
#ifndef HPFUZZ_MACHINE_STRUCT_PAGES_H_
#define HPFUZZ_MACHINE_STRUCT_PAGES_H_

#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/layer.h"
#include "hotplug/units.h"
#include "machine/arena.h"
#include "machine/section_table.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class StructPages {
 public:
  // What one struct page holds. `zone` is the raw field: for a page nobody initialised it is what the fill pattern
  // makes of it and may be no zone at all (>= kZones). Packed so that it travels in a register and a run is one word.
  struct alignas(4) Content {
    uint8_t zone : 3 = 0;
    uint8_t nid : 3 = 0;
    bool initialised : 1 = false;
    bool reserved : 1 = false;  // of a page nobody initialised: its bytes are all PAGE_UNUSED
    uint8_t count = 0;
    Handle map = kNoHandle;
    bool operator==(const Content&) const = default;
    bool unused() const { return !initialised && reserved; }
  };

  // PAGE_UNUSED of arch/x86/mm/init_64.c: the byte that struct pages of removed sub-sections are filled with while the
  // large page around them stays.
  static constexpr int kUnusedByte = 0xfd;
  // Struct pages filled with `byte` that nobody initialised.
  static constexpr Content Filled(int byte) {
    return {.zone = static_cast<uint8_t>(byte >> 5 & 7), .reserved = byte == kUnusedByte};
  }

  void Reset(uint64_t sections);

  // The pattern that struct pages hold from now on when they are populated: a byte, or kFillKeep, which is taken as 0
  // (what real leftovers hold is chance).
  void SetFill(int byte_or_keep) { fill_ = Filled(byte_or_keep == kFillKeep ? 0 : byte_or_keep); }

  // Gives memory to the struct pages of `pages`, which lie in one section and are whole sub-sections; they hold the
  // fill pattern. Populating again what is populated changes nothing, as vmemmap_populate skips present entries.
  void Populate(PfnRange pages);
  // Gives memory to the first `pages` struct pages of a section that has none but such a front: that of a memmap of
  // base pages that could not be completed. Those that are new hold the fill pattern.
  void PopulateFront(SectionNr nr, uint64_t pages);
  // Takes it away. The record of a section that has none left is retired: pointers kept to it are dead.
  void Depopulate(PfnRange pages);

  // nullptr: no memory behind this struct page. The pointer is good until the next change.
  const Content* Find(Pfn pfn) const {
    const Slot* slot = table_.Find(SectionNr::Of(pfn));
    if (slot == nullptr || slot->record == nullptr) return nullptr;
    const Record& record = *slot->record;
    const uint64_t offset = pfn.value() % kPagesPerSection;
    if ((record.backed >> (offset / kPagesPerSubsection) & 1) == 0 && offset >= record.front) return nullptr;
    return &record.runs[RunAt(record, offset)].content;
  }
  // The same for the first page of `pages`, which is not empty, and the end of the pages of `pages` from there on that
  // hold the same content. A run ends at the latest with its section.
  struct RunOf {
    const Content* content = nullptr;
    Pfn end;
  };
  RunOf FindRun(PfnRange pages) const;
  // Whether every struct page of `pages` (any length, any alignment) has memory behind it.
  bool Backed(PfnRange pages) const;
  // Writes every struct page of `pages` up to the first that has no memory; false when there was one.
  bool Fill(PfnRange pages, Content content);
  // vmemmap_pmd_is_unused: whether all struct pages of a section, which are backed, hold PAGE_UNUSED.
  bool AllUnused(SectionNr nr) const;
  // Sub-sections of the section whose struct pages have memory.
  uint64_t BackedMask(SectionNr nr) const {
    const Slot* slot = table_.Find(nr);
    return slot == nullptr || slot->record == nullptr ? 0 : slot->record->backed;
  }

  // The view the outside has of a content. In place: a PageView that is passed by value would be packed into a word and
  // taken apart again.
  static void View(Content content, PageView* view) {
    view->zone = content.zone < kZones ? static_cast<Zone>(content.zone) : Zone::kDma;
    view->nid = content.nid;
    view->initialised = content.initialised;
    view->reserved = content.initialised && content.reserved;
    view->count = content.count;
    view->map = content.map;
  }

 private:
  struct alignas(8) Run {
    uint16_t first;  // page offset in the section; the run ends where the next begins
    Content content;
  };
  // Runs that need no allocation of their own: a section whose pages are all alike, or split in three by a range.
  static constexpr uint16_t kOwnRuns = 4;
  static_assert(kZones <= 8 && kMaxNodes <= 8 && sizeof(Content) == 4 && sizeof(Run) == 8);
  struct Record {
    uint64_t backed;  // a bit a sub-section
    Run* runs;
    uint16_t count;
    uint16_t capacity;
    uint32_t front;  // pages from the first on that PopulateFront() gave memory to
    Run own[kOwnRuns];
  };
  struct Slot {
    Record* record = nullptr;
  };

  Record* NewRecord(uint64_t backed, Content content);
  void Write(Record& record, uint64_t from, uint64_t to, Content content);
  void Splice(Record& record, uint64_t from, uint64_t to, Content content);
  void Enlarge(Record& record);
  // The run that holds the page at `offset`.
  static unsigned RunAt(const Record& record, uint64_t offset) {
    unsigned i = record.count - 1U;
    while (record.runs[i].first > offset) --i;
    return i;
  }

  SectionTable<Slot> table_;
  Arena arena_;
  Content fill_ = {};
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_STRUCT_PAGES_H_
