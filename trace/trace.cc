// SPDX-License-Identifier: Apache-2.0
// Trace: forgetting.
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void Trace::Clear() {
  map.count = 0;
  map.phys_bits = kPhysmemBits;
  map.five_level = false;
  map.movable_start = 0;
  ops.clear();
  expectations.clear();
  lines.clear();
  mapping_names.clear();
  resource_names.clear();
  region_names.clear();
  namespace_names.clear();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
