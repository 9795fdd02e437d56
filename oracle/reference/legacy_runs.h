// SPDX-License-Identifier: Apache-2.0
// RunMap: integers mapped to values, kept as sorted runs of equal values in one flat array. Cost grows with the number
// of runs, never with their length.
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_RUNS_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

template <typename Value>
class RunMap {
 public:
  struct Run {
    uint64_t first;
    uint64_t end;  // exclusive
    Value value;
  };

  void Clear() { runs_.clear(); }
  size_t size() const { return runs_.size(); }
  const Run& operator[](size_t i) const { return runs_[i]; }

  // Index of the first run that ends above `key`: the one that holds it, or the next one.
  size_t From(uint64_t key) const {
    const auto it =
        std::upper_bound(runs_.begin(), runs_.end(), key, [](uint64_t k, const Run& run) { return k < run.end; });
    return static_cast<size_t>(it - runs_.begin());
  }
  const Value* Find(uint64_t key) const {
    const size_t i = From(key);
    return i < runs_.size() && runs_[i].first <= key ? &runs_[i].value : nullptr;
  }
  bool AnyIn(uint64_t first, uint64_t end) const {
    const size_t i = From(first);
    return i < runs_.size() && runs_[i].first < end;
  }
  // The first key from `first` on, at most `end`, that has no value.
  uint64_t FirstGap(uint64_t first, uint64_t end) const {
    for (size_t i = From(first); first < end && i < runs_.size() && runs_[i].first <= first; ++i) first = runs_[i].end;
    return std::min(first, end);
  }

  void Set(uint64_t first, uint64_t end, const Value& value) {
    if (first >= end) return;
    const Value copy = value;  // it may be that of a run which goes
    const size_t i = Cut(first, end);
    const bool left = i > 0 && runs_[i - 1].end == first && runs_[i - 1].value == copy;
    const bool right = i < runs_.size() && runs_[i].first == end && runs_[i].value == copy;
    if (left && right) {
      runs_[i - 1].end = runs_[i].end;
      runs_.erase(At(i));
    } else if (left) {
      runs_[i - 1].end = end;
    } else if (right) {
      runs_[i].first = first;
    } else {
      runs_.insert(At(i), Run{first, end, copy});
    }
  }

  void Erase(uint64_t first, uint64_t end) {
    if (first < end) Cut(first, end);
  }

 private:
  // Takes [first, end) out; returns the index that a run in its place would get.
  size_t Cut(uint64_t first, uint64_t end) {
    size_t i = From(first);
    if (i == runs_.size() || runs_[i].first >= end) return i;
    if (runs_[i].first < first) {
      const Run whole = runs_[i];
      runs_[i].end = first;
      ++i;
      if (whole.end > end) {
        runs_.insert(At(i), Run{end, whole.end, whole.value});
        return i;
      }
    }
    size_t j = i;
    while (j < runs_.size() && runs_[j].end <= end) ++j;
    if (j < runs_.size()) runs_[j].first = std::max(runs_[j].first, end);
    if (i != j) runs_.erase(At(i), At(j));
    return i;
  }

  auto At(size_t i) { return runs_.begin() + static_cast<std::ptrdiff_t>(i); }

  std::vector<Run> runs_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_RUNS_H_
