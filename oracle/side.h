// SPDX-License-Identifier: Apache-2.0
// Side: the two machines that run beside each other, and what kind of pair they are. The older one stands on the left,
// where it is called legacy whatever it is: most of the contract is about Linux 5.1 on that side.
#ifndef HPFUZZ_ORACLE_SIDE_H_
#define HPFUZZ_ORACLE_SIDE_H_

#include <cstdint>
#include <string_view>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Side : uint8_t { kLegacy, kSubsection };
inline constexpr unsigned kSides = 2;
constexpr std::string_view SideName(Side side) { return side == Side::kLegacy ? "legacy" : "subsection"; }

// What a machine is, from the oldest on.
enum class Generation : uint8_t {
  kLegacy,    // whole sections: 5.1
  kSeries,    // the sub-section series as posted
  kMainline,  // as merged
};
// How traces and keys call it.
constexpr std::string_view GenerationName(Generation generation) {
  constexpr std::string_view kNames[] = {"legacy", "series", "subsection"};
  return kNames[static_cast<unsigned>(generation)];
}

enum class PairKind : uint8_t { kLegacyMainline, kLegacySeries, kSeriesMainline, kAlike };
inline constexpr unsigned kPairKinds = 4;
constexpr PairKind PairOf(Generation left, Generation right) {
  if (left == right) return PairKind::kAlike;
  if (left != Generation::kLegacy) return PairKind::kSeriesMainline;
  return right == Generation::kSeries ? PairKind::kLegacySeries : PairKind::kLegacyMainline;
}

// A set of kinds of pairs.
using PairSet = uint8_t;
constexpr PairSet In(PairKind pair) { return static_cast<PairSet>(1U << static_cast<unsigned>(pair)); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_SIDE_H_
