// SPDX-License-Identifier: Apache-2.0
// Divergence: marks and touched sections.
#include "oracle/divergence.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void Divergence::Reset(uint64_t sections, size_t handles) {
  table_.Reset(sections);
  touched_.clear();
  handles_ = handles;
  mapping_.assign(2 * handles, 0);
  everything_ = false;
  marked_sections_ = 0;
  marked_mappings_ = 0;
  resources = false;
  spans = false;
}

void Divergence::Touch(PfnRange pages) {
  if (pages.empty()) return;
  for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end && nr.value() < table_.sections(); ++nr) {
    if (table_.Find(nr) != nullptr) continue;
    table_.Make(nr);
    touched_.push_back(nr);
  }
}

void Divergence::MarkSections(PfnRange pages) {
  Touch(pages);
  if (pages.empty()) return;
  for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end && nr.value() < table_.sections(); ++nr) {
    Record& record = table_.Make(nr);
    marked_sections_ += record.marked ? 0 : 1;
    record.marked = true;
  }
}

void Divergence::MarkSectionForGood(SectionNr nr) {
  if (nr.value() >= table_.sections()) return;
  MarkSections({nr.first_pfn(), (nr + 1).first_pfn()});
  table_.Make(nr).for_good = true;
}

void Divergence::ClearSection(SectionNr nr) {
  Record* record = table_.Find(nr);
  if (record == nullptr || !record->marked || record->for_good) return;
  record->marked = false;
  --marked_sections_;
}

bool Divergence::AnyMarked(PfnRange pages) const {
  if (everything_) return true;
  if (marked_sections_ == 0 || pages.empty()) return false;
  for (SectionNr nr = SectionNr::Of(pages.first); nr.first_pfn() < pages.end && nr.value() < table_.sections(); ++nr) {
    if (SectionMarked(nr)) return true;
  }
  return false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
