// SPDX-License-Identifier: Apache-2.0
// Divergence: which sections, mappings, spans and resource trees a clause has let differ between the two generations.
// What is marked is compared with its reference only. When both sides have emptied it the mark goes and equality must
// be back. It also remembers every section a trace has touched, for the comparisons at the end.
#ifndef HPFUZZ_ORACLE_DIVERGENCE_H_
#define HPFUZZ_ORACLE_DIVERGENCE_H_

#include <vector>

#include "hotplug/nvdimm.h"
#include "hotplug/units.h"
#include "machine/section_table.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Divergence {
 public:
  void Reset(uint64_t sections, size_t handles);

  // Sections of `pages` that the table can name are remembered as touched.
  void Touch(PfnRange pages);
  const std::vector<SectionNr>& touched() const { return touched_; }

  void MarkSections(PfnRange pages);
  void ClearSection(SectionNr nr);
  // Marks that do not go when the section is emptied: of one section, of every section.
  void MarkSectionForGood(SectionNr nr);
  void MarkEverything() { everything_ = true; }
  bool SectionMarked(SectionNr nr) const {
    if (everything_) return true;
    if (marked_sections_ == 0) return false;
    const Record* record = table_.Find(nr);
    return record != nullptr && record->marked;
  }
  bool AnyMarked(PfnRange pages) const;
  bool none_marked() const { return marked_sections_ == 0; }
  bool everything_marked() const { return everything_; }

  void MarkMapping(Handle handle) {
    uint8_t& marked = mapping_[Index(handle)];
    marked_mappings_ += marked ? 0 : 1;
    marked = true;
  }
  void ClearMapping(Handle handle) {
    if (!MappingMarked(handle)) return;
    mapping_[Index(handle)] = false;
    --marked_mappings_;
  }
  bool any_mapping_marked() const { return marked_mappings_ != 0; }
  bool MappingMarked(Handle handle) const {
    const size_t index = Index(handle);
    return index < mapping_.size() && mapping_[index];
  }

  bool resources = false;
  bool spans = false;

 private:
  struct Record {
    bool marked = false;
    bool for_good = false;
  };
  // Mappings of namespaces follow those of memremap_pages.
  size_t Index(Handle handle) const {
    if (!IsNamespaceMapping(handle)) return handle < handles_ ? handle : mapping_.size();
    return handles_ + NamespaceOfMapping(handle);
  }

  SectionTable<Record> table_;
  size_t handles_ = 0;
  std::vector<SectionNr> touched_;
  std::vector<uint8_t> mapping_;
  bool everything_ = false;
  size_t marked_sections_ = 0;
  size_t marked_mappings_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_DIVERGENCE_H_
