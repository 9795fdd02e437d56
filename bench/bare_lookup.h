// SPDX-License-Identifier: Apache-2.0
// The yardstick of pfn_valid: what a C function over an optimal table does, root, record, flag and bit, and nothing
// else. Once as a function that is not inlined and answers a bool, once behind the virtual call and the Answer that the
// oracle pays for too. Built with the flags of the layers.
#ifndef HPFUZZ_BENCH_BARE_LOOKUP_H_
#define HPFUZZ_BENCH_BARE_LOOKUP_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "hotplug/layer.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct BareSection {
  enum Flag : uint8_t {
    kValid = 1,
    kWhole = 2,  // the bitmap does not matter: an early section, or any section of the legacy generation
  };
  uint8_t flags = 0;
  uint64_t bitmap = 0;
};

struct BareTable {
  static constexpr uint64_t kSections = uint64_t{1} << (kPhysmemBits - kSectionShift);
  void Put(SectionNr nr, const BareSection& section);

  std::array<BareSection*, kSections / kSectionsPerRoot> roots{};
  std::vector<std::unique_ptr<BareSection[]>> memory;
};

bool BarePfnValid(const BareTable& table, Pfn pfn);

class PfnValidity {
 public:
  virtual ~PfnValidity() = default;
  virtual Answer PfnValid(Pfn pfn) = 0;
};
// `table` must outlive it.
std::unique_ptr<PfnValidity> MakeBareLayer(const BareTable& table);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_BENCH_BARE_LOOKUP_H_
