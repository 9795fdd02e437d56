// SPDX-License-Identifier: Apache-2.0
// Requests: counts what one operation asks for at each armed site and says which request fails.
#ifndef HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_
#define HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_

#include <array>
#include <cstdint>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

class Requests {
 public:
  // One more plan, in place of an earlier one for that site; n = 0 takes all of them back.
  void Arm(const FailPlan& plan) {
    failed_ = 0;
    any_ = plan.n != 0;
    if (any_) {
      counts_[static_cast<unsigned>(plan.site)] = {plan, 0};
    } else {
      counts_ = {};
    }
  }
  void BeginOperation() {
    if (!any_) return;
    failed_ = 0;
    for (Count& count : counts_) count.asked = 0;
  }

  bool armed() const { return any_; }
  // Where requests failed.
  AllocSites failed() const { return failed_; }

  // `count` requests in a row; false when one of them fails.
  bool Ask(AllocSite site, uint64_t count = 1) {
    if (!any_) return true;
    auto& [plan, asked] = counts_[static_cast<unsigned>(site)];
    const uint64_t before = asked;
    asked += count;
    if (plan.n == 0 || asked == before || asked < plan.n) return true;
    if (!plan.from && before >= plan.n) return true;
    failed_ |= Sites(site);
    return false;
  }

 private:
  struct Count {
    FailPlan plan;
    uint64_t asked = 0;
  };
  std::array<Count, kAllocSites> counts_;  // by site
  bool any_ = false;
  AllocSites failed_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_
