// SPDX-License-Identifier: Apache-2.0
// Runs: a map from numbers (pages, sections) to values, kept as sorted runs of equal values in one flat array. Cost
// grows with the number of runs, never with their length. Runs that touch never hold equal values.
#ifndef HPFUZZ_ORACLE_REFERENCE_RUNS_H_
#define HPFUZZ_ORACLE_REFERENCE_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

template <typename Key, typename Value>
class Runs {
 public:
  struct Run {
    Key first;
    Key end;  // exclusive
    Value value;
  };

  void Clear() { size_ = 0; }
  const Run* begin() const { return pool_.data(); }
  const Run* end() const { return pool_.data() + size_; }

  // The first run that ends above `key`: the one that holds it, or the next one.
  const Run* From(Key key) const {
    if (size_ > kFew) {
      return std::upper_bound(begin(), end(), key, [](Key k, const Run& run) { return k < run.end; });
    }
    const Run* run = end();
    while (run != begin() && key < run[-1].end) --run;
    return run;
  }
  const Value* Find(Key key) const {
    const Run* run = From(key);
    return run != end() && run->first <= key ? &run->value : nullptr;
  }
  bool AnyIn(Key first, Key stop) const {
    const Run* run = From(first);
    return run != end() && run->first < stop;
  }
  // The first key from `first` on, at most `stop`, that has no value.
  Key FirstGap(Key first, Key stop) const {
    for (const Run* run = From(first); first < stop && run != end() && run->first <= first; ++run) first = run->end;
    return std::min(first, stop);
  }

  // Keys [first, stop) get `value`.
  void Set(Key first, Key stop, const Value& value) {
    if (stop <= first) return;
    auto [from, to] = Touching(first, stop);
    Run fresh{first, stop, value};
    if (from != to && from->first < first) {
      if (from->value == value) {
        fresh.first = from->first;
      } else if (stop < from->end) {
        const Run above{stop, from->end, from->value};
        from->end = first;
        from = Room(from + 1, to, 2);
        from[0] = fresh;
        from[1] = above;
        return;
      } else {
        (from++)->end = first;
      }
    }
    if (from != to && stop < to[-1].end) {
      if (to[-1].value == value) {
        fresh.end = to[-1].end;
      } else {
        (--to)->first = stop;
      }
    }
    *Room(from, to, 1) = fresh;
  }

  void Erase(Key first, Key stop) {
    if (stop <= first) return;
    auto [from, to] = Touching(first, stop);
    if (from != to && from->first < first) {
      const Run above{stop, from->end, from->value};
      (from++)->end = first;
      if (stop < above.end) {
        *Room(from, to, 1) = above;
        return;
      }
    }
    if (from != to && stop < to[-1].end) (--to)->first = stop;
    Room(from, to, 0);
  }

 private:
  // So few are faster looked at one by one, beginning where hotplug happens: above the RAM from boot.
  static constexpr size_t kFew = 16;

  // Runs [from, to).
  struct Part {
    Run* from;
    Run* to;
  };

  // The runs that hold or border on keys of [first, stop).
  Part Touching(Key first, Key stop) {
    Run* from = pool_.data() + (From(first) - begin());
    Run* to = from;
    while (to != end() && to->first <= stop) ++to;
    if (from != begin() && from[-1].end == first) --from;
    return {from, to};
  }

  // Makes [from, to) `count` runs long, with anything in them; returns the first.
  Run* Room(Run* from, Run* to, size_t count) {
    const size_t old_count = static_cast<size_t>(to - from);
    if (count == old_count) return from;
    const size_t at = static_cast<size_t>(from - begin());
    const size_t old_size = size_;
    size_ = old_size - old_count + count;
    if (size_ > pool_.size()) pool_.resize(2 * size_);
    from = pool_.data() + at;
    Run* const old_end = pool_.data() + old_size;
    if (count < old_count) {
      std::copy(from + old_count, old_end, from + count);
    } else {
      std::copy_backward(from + old_count, old_end, pool_.data() + size_);
    }
    return from;
  }

  std::vector<Run> pool_;  // the first size_ are in use; it never shrinks
  size_t size_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_RUNS_H_
