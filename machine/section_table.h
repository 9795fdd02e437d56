// SPDX-License-Identifier: Apache-2.0
// SectionTable: one record of T for each section that was ever written, found by section number in two loads.
//
// Roots of kSectionsPerRoot records come from a pool on demand, as SPARSEMEM_EXTREME allocates its mem_section arrays,
// so cost grows with what is populated and not with the address space. Forgetting everything unhooks the roots, which
// are few; records of an older generation count as absent.
#ifndef HPFUZZ_MACHINE_SECTION_TABLE_H_
#define HPFUZZ_MACHINE_SECTION_TABLE_H_

#include <algorithm>
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
  // Sections [0, sections) can be named afterwards; all records are absent.
  HPFUZZ_UNCOVERED void Reset(uint64_t sections) {
    const size_t roots = (sections + kSectionsPerRoot - 1) / kSectionsPerRoot;
    if (roots > roots_.size()) roots_.resize(roots);
    for (const uint64_t root : live_) roots_[root] = nullptr;
    sections_ = sections;
    used_ = 0;
    live_.clear();
    ++generation_;
  }

  // nullptr when the section has no record or lies outside the table.
  T* Find(SectionNr nr) {
    if (nr.value() >= sections_) return nullptr;
    Record* const root = roots_[nr.value() / kSectionsPerRoot];
    if (root == nullptr) return nullptr;
    Record& record = root[nr.value() % kSectionsPerRoot];
    return record.generation == generation_ ? &record.value : nullptr;
  }
  const T* Find(SectionNr nr) const { return const_cast<SectionTable*>(this)->Find(nr); }

  // The record of `nr`, value-initialised when it is new. `nr` must lie inside the table.
  T& Make(SectionNr nr) {
    MakeRoot(nr);
    Record& record = roots_[nr.value() / kSectionsPerRoot][nr.value() % kSectionsPerRoot];
    if (record.generation != generation_) {
      record.generation = generation_;
      record.value = T{};
    }
    return record.value;
  }

  uint64_t sections() const { return sections_; }
  // Whether the root that holds `nr`, which must lie inside the table, is there; Make() and MakeRoot() make it.
  bool HasRoot(SectionNr nr) const { return roots_[nr.value() / kSectionsPerRoot] != nullptr; }
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

  HPFUZZ_UNCOVERED void AddRoot(uint64_t root) {
    if (used_ == pool_.size()) pool_.push_back(std::make_unique<Record[]>(kSectionsPerRoot));
    roots_[root] = pool_[used_++].get();
    live_.insert(std::upper_bound(live_.begin(), live_.end(), root), root);
  }

  std::vector<Record*> roots_;  // nullptr: not there
  std::vector<std::unique_ptr<Record[]>> pool_;
  std::vector<uint64_t> live_;  // numbers of the roots that are there, ascending
  size_t used_ = 0;
  uint64_t sections_ = 0;
  uint64_t generation_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_SECTION_TABLE_H_
