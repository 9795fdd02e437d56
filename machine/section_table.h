// SPDX-License-Identifier: Apache-2.0
// SectionTable: one record of T for each section that was ever written, found by section number in two loads.
//
// Roots of kSectionsPerRoot records come from a pool on demand, as SPARSEMEM_EXTREME allocates its mem_section arrays, so
// cost grows with what is populated and not with the address space. Forgetting everything is one increment: roots and
// records of an older generation count as absent.
#ifndef HPFUZZ_MACHINE_SECTION_TABLE_H_
#define HPFUZZ_MACHINE_SECTION_TABLE_H_

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
    sections_ = sections;
    used_ = 0;
    ++generation_;
  }

  // nullptr when the section has no record or lies outside the table.
  T* Find(SectionNr nr) {
    if (nr.value() >= sections_) return nullptr;
    const Root& root = roots_[nr.value() / kSectionsPerRoot];
    if (root.generation != generation_) return nullptr;
    Record& record = pool_[root.index][nr.value() % kSectionsPerRoot];
    return record.generation == generation_ ? &record.value : nullptr;
  }
  const T* Find(SectionNr nr) const { return const_cast<SectionTable*>(this)->Find(nr); }

  // The record of `nr`, value-initialised when it is new. `nr` must lie inside the table.
  T& Make(SectionNr nr) {
    Root& root = roots_[nr.value() / kSectionsPerRoot];
    if (root.generation != generation_) AddRoot(root);
    Record& record = pool_[root.index][nr.value() % kSectionsPerRoot];
    if (record.generation != generation_) {
      record.generation = generation_;
      record.value = T{};
    }
    return record.value;
  }

  uint64_t sections() const { return sections_; }

 private:
  struct Root {
    uint64_t generation = 0;
    size_t index = 0;
  };
  struct Record {
    uint64_t generation = 0;
    T value{};
  };

  HPFUZZ_UNCOVERED void AddRoot(Root& root) {
    if (used_ == pool_.size()) pool_.push_back(std::make_unique<Record[]>(kSectionsPerRoot));
    root.generation = generation_;
    root.index = used_++;
  }

  std::vector<Root> roots_;
  std::vector<std::unique_ptr<Record[]>> pool_;
  size_t used_ = 0;
  uint64_t sections_ = 0;
  uint64_t generation_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_SECTION_TABLE_H_
