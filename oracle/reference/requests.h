// SPDX-License-Identifier: Apache-2.0
// Requests: counts what one operation asks for at the armed site and says which request fails.
#ifndef HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_
#define HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_

#include <cstdint>

#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

class Requests {
 public:
  void Arm(const FailPlan& plan) { plan_ = plan; }
  void BeginOperation() { asked_ = 0; }

  bool armed() const { return plan_.n != 0; }

  // `count` requests in a row; false when one of them fails.
  bool Ask(AllocSite site, uint64_t count = 1) {
    if (plan_.n == 0 || plan_.site != site) return true;
    const uint64_t before = asked_;
    asked_ += count;
    if (asked_ == before || asked_ < plan_.n) return true;
    return !plan_.from && before >= plan_.n;
  }

 private:
  FailPlan plan_;
  uint64_t asked_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_REQUESTS_H_
