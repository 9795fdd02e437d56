// SPDX-License-Identifier: Apache-2.0
// PageAllocator: answers requests for memory, all of them unless a failure was armed. It hands out no memory: what the
// simulated kernel keeps is accounted for by whoever asked.
#ifndef HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_
#define HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_

#include <cstdint>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class PageAllocator {
 public:
  // Starts a new operation as far as the counting of requests goes.
  void Arm(const FailPlan& plan) {
    plan_ = plan;
    asked_ = 0;
  }

  bool armed() const { return plan_.n != 0; }

  // One request at `site`; false: it failed.
  bool Get(AllocSite site) { return GetMany(site, 1) == 1; }

  // `count` requests at `site`, one after the other, stopping at the first failure; how many were granted.
  uint64_t GetMany(AllocSite site, uint64_t count) {
    if (plan_.n == 0 || site != plan_.site) [[likely]]
      return count;
    for (uint64_t i = 0; i < count; ++i) {
      ++asked_;
      if (plan_.from ? asked_ >= plan_.n : asked_ == plan_.n) return i;
    }
    return count;
  }

 private:
  FailPlan plan_;
  uint64_t asked_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_
