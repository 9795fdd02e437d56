// SPDX-License-Identifier: Apache-2.0
// SectionTable: one record of T for each section that was ever written, found by section number in two loads: root,
// record. Sections that only five-level paging can name take two more.
//
// Roots of kSectionsPerRoot records come from a pool on demand, as SPARSEMEM_EXTREME allocates its mem_section arrays,
// and so do the directories of roots beyond the first, so cost grows with what is populated and not with the address
// space. Forgetting everything unhooks the roots, which are few; records of an older generation count as absent.
#ifndef HPFUZZ_MACHINE_SECTION_TABLE_H_
#define HPFUZZ_MACHINE_SECTION_TABLE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "hotplug/attributes.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

template <typename T>
class SectionTable {
 public:
  SectionTable() { far_.fill(&nowhere_); }

  // Sections [0, sections) can be named afterwards; all records are absent.
  HPFUZZ_UNCOVERED void Reset(uint64_t sections) {
    for (const uint64_t root : live_) DirectoryOf(root)[root % kRootsPerDirectory] = nullptr;
    sections_ = sections;
    used_ = 0;
    live_.clear();
    ++generation_;
  }

  // nullptr when the section has no record or lies outside the table.
  T* Find(SectionNr nr) {
    Record* const root = RootOf(nr);  // none outside the table
    if (root == nullptr) return nullptr;
    Record& record = root[nr.value() % kSectionsPerRoot];
    return record.generation == generation_ ? &record.value : nullptr;
  }
  const T* Find(SectionNr nr) const { return const_cast<SectionTable*>(this)->Find(nr); }

  // The record of `nr`, value-initialised when it is new. `nr` must lie inside the table.
  T& Make(SectionNr nr) {
    MakeRoot(nr);
    Record& record = RootOf(nr)[nr.value() % kSectionsPerRoot];
    if (record.generation != generation_) {
      record.generation = generation_;
      record.value = T{};
    }
    return record.value;
  }

  uint64_t sections() const { return sections_; }
  // Whether the root that holds `nr`, which must lie inside the table, is there; Make() and MakeRoot() make it.
  bool HasRoot(SectionNr nr) const { return RootOf(nr) != nullptr; }
  void MakeRoot(SectionNr nr) {
    if (!HasRoot(nr)) AddRoot(nr.value() / kSectionsPerRoot);
  }

  // The first section from `nr` upwards, and the last one from `nr` downwards, that lies in a root: walks over sparse
  // tables skip the rest. When there is none: a section beyond the table, and false.
  SectionNr NextInRoots(SectionNr nr) const {
    if (nr.value() < sections_ && HasRoot(nr)) return nr;
    const uint64_t wanted = nr.value() / kSectionsPerRoot;
    const auto root = std::lower_bound(live_.begin(), live_.end(), wanted);
    if (root == live_.end()) return SectionNr(std::max(sections_, nr.value()));
    return SectionNr(*root * kSectionsPerRoot);
  }
  bool PreviousInRoots(SectionNr* nr) const {
    if (nr->value() < sections_ && HasRoot(*nr)) return true;
    const auto above = std::upper_bound(live_.begin(), live_.end(), nr->value() / kSectionsPerRoot);
    if (above == live_.begin()) return false;
    *nr = SectionNr(*(above - 1) * kSectionsPerRoot + (kSectionsPerRoot - 1));
    return true;
  }

 private:
  struct Record {
    uint64_t generation = 0;
    T value{};
  };

  // As many roots as four-level paging can name, and as many such directories as five levels can.
  static constexpr uint64_t kRootsPerDirectory = (uint64_t{1} << (kPhysmemBits - kSectionShift)) / kSectionsPerRoot;
  static constexpr size_t kDirectories = size_t{1} << (kPhysmemBits5Level - kPhysmemBits);
  using Directory = std::array<Record*, kRootsPerDirectory>;  // nullptr: not there

  // No calls and no question what is there already: those would be instructions and edges of every look-up.
  Record* RootOf(SectionNr nr) const {
    const uint64_t root = nr.value() / kSectionsPerRoot;
    if (root < kRootsPerDirectory) [[likely]]
      return near_[root];
    const uint64_t directory = root / kRootsPerDirectory;
    return directory < kDirectories ? (*far_[directory])[root % kRootsPerDirectory] : nullptr;
  }
  // The directory that names `root`; makes it.
  HPFUZZ_UNCOVERED Directory& DirectoryOf(uint64_t root) {
    if (root < kRootsPerDirectory) return near_;
    Directory*& far = far_[root / kRootsPerDirectory];
    if (far == &nowhere_) far = made_.emplace_back(std::make_unique<Directory>()).get();
    return *far;
  }

  HPFUZZ_UNCOVERED void AddRoot(uint64_t root) {
    if (used_ == pool_.size()) pool_.push_back(std::make_unique<Record[]>(kSectionsPerRoot));
    DirectoryOf(root)[root % kRootsPerDirectory] = pool_[used_++].get();
    live_.insert(std::upper_bound(live_.begin(), live_.end(), root), root);
  }

  inline static Directory nowhere_{};  // stands for those that are not made; nobody writes it

  Directory near_{};
  std::array<Directory*, kDirectories> far_;  // the first is never used
  std::vector<std::unique_ptr<Directory>> made_;
  std::vector<std::unique_ptr<Record[]>> pool_;
  std::vector<uint64_t> live_;  // numbers of the roots that are there, ascending
  size_t used_ = 0;
  uint64_t sections_ = 0;
  uint64_t generation_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_SECTION_TABLE_H_
