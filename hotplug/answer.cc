// SPDX-License-Identifier: Apache-2.0
// Names of error numbers, zones and overlaps, as the kernel spells them.
#include "hotplug/answer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string_view ErrnoName(int value) {
  switch (value) {
    case 0: return "0";
    case -kEPERM: return "-EPERM";
    case -kEIO: return "-EIO";
    case -kENXIO: return "-ENXIO";
    case -kE2BIG: return "-E2BIG";
    case -kENOMEM: return "-ENOMEM";
    case -kEBUSY: return "-EBUSY";
    case -kEEXIST: return "-EEXIST";
    case -kENODEV: return "-ENODEV";
    case -kEINVAL: return "-EINVAL";
    case -kERANGE: return "-ERANGE";
    case -kEOPNOTSUPP: return "-EOPNOTSUPP";
    default: return {};
  }
}

std::string_view ZoneName(Zone zone) {
  static constexpr std::string_view kNames[kZones] = {"DMA", "DMA32", "Normal", "Movable", "Device"};
  return kNames[static_cast<unsigned>(zone)];
}

std::string_view OverlapName(Overlap overlap) {
  static constexpr std::string_view kNames[] = {"disjoint", "intersects", "mixed"};
  return kNames[static_cast<unsigned>(overlap)];
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
