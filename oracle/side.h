// SPDX-License-Identifier: Apache-2.0
// Side: the two generations that run beside each other.
#ifndef HPFUZZ_ORACLE_SIDE_H_
#define HPFUZZ_ORACLE_SIDE_H_

#include <cstdint>
#include <string_view>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Side : uint8_t { kLegacy, kSubsection };
inline constexpr unsigned kSides = 2;
constexpr std::string_view SideName(Side side) { return side == Side::kLegacy ? "legacy" : "subsection"; }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_SIDE_H_
