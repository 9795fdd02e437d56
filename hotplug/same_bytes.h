// SPDX-License-Identifier: Apache-2.0
// SameBytes: equality of small plain structs in a few words. Facts and answers are compared dozens of times an
// operation; member by member that is most of what the oracle does.
#ifndef HPFUZZ_HOTPLUG_SAME_BYTES_H_
#define HPFUZZ_HOTPLUG_SAME_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// T must have no padding and no two representations of one value, or equal values could differ in bytes.
template <typename T>
bool SameBytes(const T& a, const T& b) {
  static_assert(std::has_unique_object_representations_v<T>);
  constexpr size_t kWord = sizeof(uint64_t);
  constexpr size_t kLargestInline = 64;
  if constexpr (sizeof(T) > kLargestInline && sizeof(T) % kWord == 0) {
    // A call otherwise, and one that sanitizers intercept.
    uint64_t different = 0;
    for (size_t at = 0; at < sizeof(T); at += kWord) {
      uint64_t left;
      uint64_t right;
      __builtin_memcpy(&left, reinterpret_cast<const char*>(&a) + at, kWord);
      __builtin_memcpy(&right, reinterpret_cast<const char*>(&b) + at, kWord);
      different |= left ^ right;
    }
    return different == 0;
  } else {
    return __builtin_memcmp(&a, &b, sizeof(T)) == 0;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_SAME_BYTES_H_
