// SPDX-License-Identifier: Apache-2.0
// Runs: a map from numbers (pages, sections) to values, kept as sorted runs of equal values in one flat array. Cost
// grows with the number of runs, never with their length. Runs that touch never hold equal values.
#ifndef HPFUZZ_ORACLE_REFERENCE_RUNS_H_
#define HPFUZZ_ORACLE_REFERENCE_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <vector>

#include "hotplug/attributes.h"
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
    if (size_ > kFew) [[unlikely]] {
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
    Run fresh{first, stop, value};  // a copy, as `value` may be that of a run which moves
    auto [from, to] = Touching(first, stop);
    if (from != to && from->first < first) {
      if (from->value == fresh.value) {
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
      if (to[-1].value == fresh.value) {
        fresh.end = to[-1].end;
      } else {
        (--to)->first = stop;
      }
    }
    *Room(from, to, 1) = fresh;
  }

  void Erase(Key first, Key stop) {
    if (stop <= first || size_ == 0) return;
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

  // The runs that hold or border on keys of [first, stop). Makes sure that two more runs have room.
  Part Touching(Key first, Key stop) {
    if (pool_.size() < size_ + 2) [[unlikely]]
      Grow();
    Run* to = pool_.data() + size_;
    if (size_ > kFew) [[unlikely]] {
      to = std::upper_bound(pool_.data(), to, stop, [](Key key, const Run& run) { return key < run.first; });
    }
    while (to != begin() && stop < to[-1].first) --to;
    Run* from = to;
    while (from != begin() && first <= from[-1].end) --from;
    return {from, to};
  }

  HPFUZZ_UNCOVERED void Grow() { pool_.resize(2 * size_ + 2); }

  // Makes [from, to) `count` runs long, with anything in them; returns the first.
  Run* Room(Run* from, Run* to, size_t count) {
    Run* const new_to = from + count;
    if (new_to == to) return from;
    Run* const old_end = pool_.data() + size_;
    Run* const new_end = old_end + (new_to - to);
    if (new_to < to) {
      std::copy(to, old_end, new_to);
    } else {
      std::copy_backward(to, old_end, new_end);
    }
    size_ = static_cast<size_t>(new_end - pool_.data());
    return from;
  }

  std::vector<Run> pool_;  // the first size_ are in use; it never shrinks
  size_t size_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_RUNS_H_
