// SPDX-License-Identifier: Apache-2.0
// SameBytes: equality of small plain structs in a few words. Facts and answers are compared dozens of times an operation;
// member by member that is most of what the oracle does.
#ifndef HPFUZZ_HOTPLUG_SAME_BYTES_H_
#define HPFUZZ_HOTPLUG_SAME_BYTES_H_

#include <type_traits>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// T must have no padding and no two representations of one value, or equal values could differ in bytes.
template <typename T>
bool SameBytes(const T& a, const T& b) {
  static_assert(std::has_unique_object_representations_v<T>);
  return __builtin_memcmp(&a, &b, sizeof(T)) == 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_SAME_BYTES_H_
