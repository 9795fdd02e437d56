// SPDX-License-Identifier: Apache-2.0
// Ground: which sub-sections of the window around the hot-pluggable area a generated trace uses, as far as the trace
// itself can tell. Not covered: whether a kernel accepted the requests.
#ifndef HPFUZZ_TRACE_GROUND_H_
#define HPFUZZ_TRACE_GROUND_H_

#include <array>
#include <optional>

#include "hotplug/firmware_map.h"
#include "trace/landmarks.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Ground {
 public:
  explicit Ground(const FirmwareMap& map);

  // Whole sections that nobody uses; with `bare` also no firmware range of any kind lies there.
  std::optional<PhysRange> FindSections(Rng& rng, uint64_t count, bool bare) const;
  // Sub-sections that nobody uses, at a border of a section or not; with `alone` in a section that nobody uses at all.
  std::optional<PhysRange> FindPart(Rng& rng, bool alone) const;
  // Ranges outside the window do not count.
  void Use(PhysRange range) { Change(range, true); }
  void Free(PhysRange range) { Change(range, false); }
  // Any section of the window.
  PhysRange AnySection(Rng& rng) const;

 private:
  void Change(PhysRange range, bool used);
  PhysRange SectionAt(uint64_t index) const { return {start_ + index * kSectionSize, kSectionSize}; }

  uint64_t start_ = 0;
  std::array<uint64_t, kWindowSections> used_ = {};
  std::array<bool, kWindowSections> firmware_ = {};
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_GROUND_H_
