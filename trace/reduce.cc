// SPDX-License-Identifier: Apache-2.0
// Reduce: groups of operations first, then the families of steps until a whole round changes nothing.
#include "trace/reduce.h"

#include <algorithm>
#include <utility>

#include "trace/smaller.h"
#include "trace/without.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Reducer {
 public:
  Reducer(const Trace& trace, ReduceScope scope, StillFails still_fails, Enough enough)
      : best_(WithoutOps(trace, 0, 0)), scope_(scope), still_fails_(still_fails), enough_(enough) {}

  Reduction Run() && {
    DropGroups();
    do {
      changed_ = false;
      for (const Family& family : Families()) {
        if (scope_ == ReduceScope::kEverything || family.operations_only) Sweep(family);
      }
    } while (changed_ && !over_);
    return {std::move(best_), !over_};
  }

 private:
  // Half of the operations, a quarter, and so on: the last ones first, because what follows a finding goes at once.
  void DropGroups() {
    for (size_t group = best_.ops.size() / 2; group > 1; group /= 2) {
      for (size_t end = best_.ops.size(); end != 0 && !over_; end -= std::min(end, group)) {
        const size_t first = end - std::min(end, group);
        if (Try(WithoutOps(best_, first, end - first))) best_ = std::move(next_);
      }
    }
  }

  // Each item of the family until none of its ways is one, the last item first.
  void Sweep(const Family& family) {
    for (size_t left = family.items(best_); left != 0 && !over_;) {
      if (family.each(best_, left - 1, [this](const Trace& smaller) { return Try(smaller) || over_; }) && !over_) {
        best_ = std::move(next_);
        changed_ = true;
        left = std::min(left, family.items(best_));
      } else {
        --left;
      }
    }
  }

  bool Try(const Trace& candidate) {
    over_ = over_ || enough_();
    if (over_ || !still_fails_(candidate)) return false;
    next_ = candidate;
    return true;
  }

  Trace best_;
  Trace next_;
  ReduceScope scope_;
  StillFails still_fails_;
  Enough enough_;
  bool changed_ = false;
  bool over_ = false;
};

}  // namespace

Reduction Reduce(const Trace& trace, ReduceScope scope, StillFails still_fails, Enough enough) {
  return Reducer(trace, scope, still_fails, enough).Run();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
