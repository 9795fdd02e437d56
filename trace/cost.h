// SPDX-License-Identifier: Apache-2.0
// Cost: which of two traces is the simpler one. Reduction only ever goes down in it, so it ends, whatever the steps
// are.
//
// Not covered: which traces are tried (smaller.h).
#ifndef HPFUZZ_TRACE_COST_H_
#define HPFUZZ_TRACE_COST_H_

#include <compare>
#include <cstdint>

#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A sum of 64-bit numbers that does not overflow, whatever a trace holds: addresses may stand at the end of 2^64.
class WideSum {
 public:
  WideSum& operator+=(uint64_t value) {
    low_ += value;
    high_ += low_ < value ? 1 : 0;
    return *this;
  }
  auto operator<=>(const WideSum&) const = default;

 private:
  uint64_t high_ = 0;
  uint64_t low_ = 0;
};

// Compared member by member in this order: a trace of fewer operations is simpler whatever their arguments are, and a
// round address is simpler than a low one.
struct Cost {
  uint64_t operations = 0;
  uint64_t expectations = 0;
  uint64_t firmware_ranges = 0;
  uint64_t words = 0;  // settings and arguments that are not the default
  uint64_t rough = 0;  // how far addresses and lengths are from round ones
  WideSum lengths;
  WideSum values;  // addresses and other numbers

  auto operator<=>(const Cost&) const = default;
};

// Adds one address: round is the start of a section, less so that of a sub-section, of a page.
void AddAddress(uint64_t address, Cost* cost);
// Adds a range: its start as an address. A round length is one sub-section or one section, less so several sections,
// sub-sections, pages; an empty range is nothing that one wants to read about.
void AddRange(PhysRange range, Cost* cost);

Cost CostOf(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_COST_H_
