// SPDX-License-Identifier: Apache-2.0
// Pins: references that somebody holds on single pages, of RAM or of a device mapping. A pin keeps a mapping from being
// released and a memory block from going offline.
#ifndef HPFUZZ_MACHINE_PINS_H_
#define HPFUZZ_MACHINE_PINS_H_

#include <cstddef>

#include "hotplug/units.h"
#include "machine/kept_vector.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Pins {
 public:
  struct Pin {
    Pin() = default;
    Pin(Pfn pfn, Handle map) : pfn(pfn), map(map) {}
    Pfn pfn;
    Handle map = kNoHandle;  // kNoHandle: a page of RAM
  };

  void Reset() { pins_.clear(); }
  bool empty() const { return pins_.empty(); }
  void Add(Pfn pfn, Handle map) { pins_.push_back({pfn, map}); }

  // Drops the latest pin on `pfn` into `*pin`; false when there is none.
  bool Drop(Pfn pfn, Pin* pin) {
    for (size_t i = pins_.size(); i-- > 0;) {
      if (pins_[i].pfn != pfn) continue;
      *pin = pins_[i];
      pins_.erase(pins_.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
    return false;
  }

  unsigned CountOn(Pfn pfn) const {
    unsigned count = 0;
    for (const Pin& pin : pins_) count += pin.pfn == pfn ? 1 : 0;
    return count;
  }
  bool AnyIn(PfnRange pages) const {
    for (const Pin& pin : pins_) {
      if (pages.contains(pin.pfn)) return true;
    }
    return false;
  }
  bool AnyOf(Handle map) const {
    for (const Pin& pin : pins_) {
      if (pin.map == map) return true;
    }
    return false;
  }

 private:
  KeptVector<Pin> pins_;  // in the order in which they were taken
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_PINS_H_
