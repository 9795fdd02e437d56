// SPDX-License-Identifier: Apache-2.0
// SectionRuns: a set of sections as ascending runs, so that a scan over zones or nodes costs as much as there are runs
// of memory and not as much as the address space between them.
#ifndef HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_
#define HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hotplug/units.h"
#include "machine/kept_vector.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {

class SectionRuns {
 public:
  static constexpr SectionNr kNone{~uint64_t{0}};

  void Clear() { runs_.clear(); }

  // `nr` must not be in the set.
  void Insert(SectionNr nr) {
    const size_t next = FirstEndingAfter(nr);
    const Number number = NumberOf(nr);
    const bool joins_next = next < runs_.size() && runs_[next].first == number + 1;
    if (next > 0 && runs_[next - 1].end == number) {
      runs_[next - 1].end = joins_next ? runs_[next].end : number + 1;
      if (joins_next) Drop(next);
    } else if (joins_next) {
      runs_[next].first = number;
    } else {
      Put(next, {number, number + 1});
    }
  }

  // `nr` must be in the set.
  void Erase(SectionNr nr) {
    const size_t i = FirstEndingAfter(nr);
    const Number number = NumberOf(nr);
    Run& run = runs_[i];
    if (run.first == number && run.end == number + 1) {
      Drop(i);
    } else if (run.first == number) {
      ++run.first;
    } else if (run.end == number + 1) {
      run.end = number;
    } else {
      const Run upper{number + 1, run.end};
      run.end = number;
      Put(i + 1, upper);
    }
  }

  // The lowest member that is not below `from`; kNone when there is none.
  SectionNr Next(SectionNr from) const {
    const size_t i = FirstEndingAfter(from);
    if (i == runs_.size()) return kNone;
    return std::max(from, SectionNr(runs_[i].first));
  }

  // The highest member that is not above `from`.
  SectionNr Previous(SectionNr from) const {
    const size_t i = FirstEndingAfter(from);
    if (i < runs_.size() && SectionNr(runs_[i].first) <= from) return from;
    return i == 0 ? kNone : SectionNr(runs_[i - 1].end - 1);
  }

 private:
  // Half a word, so that a run is moved as one.
  using Number = uint32_t;
  static_assert(kPhysmemBits5Level - kSectionShift < 32);
  struct alignas(8) Run {
    Number first;
    Number end;
  };

  static Number NumberOf(SectionNr nr) { return static_cast<Number>(nr.value()); }

  // The run that holds `nr`, or else the first above it.
  size_t FirstEndingAfter(SectionNr nr) const {
    size_t low = 0;
    for (size_t high = runs_.size(); low < high;) {
      const size_t middle = (low + high) / 2;
      if (SectionNr(runs_[middle].end) <= nr) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  void Put(size_t i, Run run) {
    runs_.push_back(run);
    for (size_t at = runs_.size() - 1; at > i; --at) runs_[at] = runs_[at - 1];
    runs_[i] = run;
  }
  void Drop(size_t i) {
    for (++i; i < runs_.size(); ++i) runs_[i - 1] = runs_[i];
    runs_.pop_back();
  }

  KeptVector<Run> runs_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy

#endif  // HPFUZZ_IMPL_LEGACY_SECTION_RUNS_H_
