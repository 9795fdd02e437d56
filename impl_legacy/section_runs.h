// SPDX-License-Identifier: Apache-2.0
// SectionRuns: a set of sections as ascending runs, so that a scan over zones or nodes costs as much as there are runs of
// memory and not as much as the address space between them.
#ifndef HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_
#define HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

class SectionRuns {
 public:
  static constexpr SectionNr kNone{~uint64_t{0}};

  void Clear() { runs_.clear(); }

  // `nr` must not be in the set.
  void Insert(SectionNr nr) {
    const size_t next = FirstEndingAfter(nr);
    const bool joins_next = next < runs_.size() && runs_[next].first == nr + 1;
    if (next > 0 && runs_[next - 1].end == nr) {
      runs_[next - 1].end = joins_next ? runs_[next].end : nr + 1;
      if (joins_next) runs_.erase(At(next));
    } else if (joins_next) {
      runs_[next].first = nr;
    } else {
      runs_.insert(At(next), {nr, nr + 1});
    }
  }

  // `nr` must be in the set.
  void Erase(SectionNr nr) {
    const size_t i = FirstEndingAfter(nr);
    Run& run = runs_[i];
    if (run.first == nr && run.end == nr + 1) {
      runs_.erase(At(i));
    } else if (run.first == nr) {
      ++run.first;
    } else if (run.end == nr + 1) {
      run.end = nr;
    } else {
      const Run upper{nr + 1, run.end};
      run.end = nr;
      runs_.insert(At(i + 1), upper);
    }
  }

  // The lowest member that is not below `from`; kNone when there is none.
  SectionNr Next(SectionNr from) const {
    const size_t i = FirstEndingAfter(from);
    if (i == runs_.size()) return kNone;
    return runs_[i].first < from ? from : runs_[i].first;
  }

  // The highest member that is not above `from`.
  SectionNr Previous(SectionNr from) const {
    const size_t i = FirstEndingAfter(from);
    if (i < runs_.size() && runs_[i].first <= from) return from;
    return i == 0 ? kNone : SectionNr(runs_[i - 1].end.value() - 1);
  }

 private:
  struct Run {
    SectionNr first;
    SectionNr end;
  };

  // The run that holds `nr`, or else the first above it.
  size_t FirstEndingAfter(SectionNr nr) const {
    size_t low = 0;
    for (size_t high = runs_.size(); low < high;) {
      const size_t middle = (low + high) / 2;
      if (runs_[middle].end <= nr) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  std::vector<Run>::iterator At(size_t i) { return runs_.begin() + static_cast<std::ptrdiff_t>(i); }

  std::vector<Run> runs_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_
