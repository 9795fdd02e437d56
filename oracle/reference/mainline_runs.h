// SPDX-License-Identifier: Apache-2.0
// Runs: a map from page frame numbers to values, kept as a sorted flat array of runs of equal values. All page-granular
// state of the reference is kept in it, so a request costs the runs it meets, not its pages.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_RUNS_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

template <typename Value>
class Runs {
 public:
  struct Run {
    PfnRange pages;
    Value value;
  };
  using Iterator = typename std::vector<Run>::const_iterator;

  void Clear() { runs_.clear(); }

  // The first run that ends above `pfn`; end() if there is none.
  Iterator From(Pfn pfn) const {
    return std::upper_bound(runs_.begin(), runs_.end(), pfn,
                            [](Pfn p, const Run& run) { return p < run.pages.end; });
  }
  Iterator end() const { return runs_.end(); }

  const Value* Find(Pfn pfn) const {
    const Iterator run = From(pfn);
    return run != runs_.end() && run->pages.first <= pfn ? &run->value : nullptr;
  }

  void Erase(PfnRange pages) {
    if (!pages.empty()) Cut(pages);
  }

  void Assign(PfnRange pages, const Value& value) {
    if (pages.empty()) return;
    size_t at = Cut(pages);
    if (at > 0 && runs_[at - 1].pages.end == pages.first && runs_[at - 1].value == value) {
      runs_[--at].pages.end = pages.end;
    } else {
      runs_.insert(runs_.begin() + static_cast<ptrdiff_t>(at), Run{pages, value});
    }
    if (at + 1 < runs_.size() && runs_[at + 1].pages.first == pages.end && runs_[at + 1].value == value) {
      runs_[at].pages.end = runs_[at + 1].pages.end;
      runs_.erase(runs_.begin() + static_cast<ptrdiff_t>(at) + 1);
    }
  }

 private:
  // Removes `pages` from all runs; returns the index at which a run for them would stand.
  size_t Cut(PfnRange pages) {
    size_t first = static_cast<size_t>(From(pages.first) - runs_.begin());
    if (first < runs_.size() && runs_[first].pages.first < pages.first) {
      const Run old = runs_[first];
      runs_[first++].pages.end = pages.first;
      if (old.pages.end > pages.end) {
        runs_.insert(runs_.begin() + static_cast<ptrdiff_t>(first), Run{{pages.end, old.pages.end}, old.value});
        return first;
      }
    }
    size_t last = first;
    while (last < runs_.size() && runs_[last].pages.end <= pages.end) ++last;
    if (last < runs_.size()) runs_[last].pages.first = std::max(runs_[last].pages.first, pages.end);
    runs_.erase(runs_.begin() + static_cast<ptrdiff_t>(first), runs_.begin() + static_cast<ptrdiff_t>(last));
    return first;
  }

  std::vector<Run> runs_;
};

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_RUNS_H_
