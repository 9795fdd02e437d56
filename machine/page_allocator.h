// SPDX-License-Identifier: Apache-2.0
// PageAllocator: answers requests for memory, all of them unless failures were armed, at most one plan a site. It hands
// out no memory: what the simulated kernel keeps is accounted for by whoever asked.
#ifndef HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_
#define HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_

#include <array>
#include <cstdint>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class PageAllocator {
 public:
  // HotplugLayer::ArmFailure.
  void Arm(const FailPlan& plan) {
    failed_ = 0;
    if (plan.n == 0) {
      armed_ = 0;
      return;
    }
    armed_ |= Sites(plan.site);
    plans_[static_cast<unsigned>(plan.site)] = {plan, 0};
  }

  // Requests are counted anew.
  void BeginOperation() {
    if (armed_ == 0) [[likely]]
      return;
    failed_ = 0;
    for (Armed& armed : plans_) armed.asked = 0;
  }

  bool armed() const { return armed_ != 0; }
  // HotplugLayer::FailedSites.
  AllocSites failed() const { return failed_; }

  // One request at `site`; false: it failed.
  bool Get(AllocSite site) { return GetMany(site, 1) == 1; }

  // `count` requests at `site`, one after the other, stopping at the first failure; how many were granted.
  uint64_t GetMany(AllocSite site, uint64_t count) {
    if ((armed_ & Sites(site)) == 0) [[likely]]
      return count;
    auto& [plan, asked] = plans_[static_cast<unsigned>(site)];
    for (uint64_t i = 0; i < count; ++i) {
      ++asked;
      if (plan.from ? asked < plan.n : asked != plan.n) continue;
      failed_ |= Sites(site);
      return i;
    }
    return count;
  }

 private:
  struct Armed {
    FailPlan plan;
    uint64_t asked = 0;
  };
  std::array<Armed, kAllocSites> plans_;  // by site, good for those in `armed_`
  AllocSites armed_ = 0;
  AllocSites failed_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_PAGE_ALLOCATOR_H_
