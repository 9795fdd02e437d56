// SPDX-License-Identifier: Apache-2.0
// nd_pfn_validate and nd_pfn_init of series-v5. All sums wrap as the kernel's do.
#include "impl_subsection/series_v5_nvdimm_pfn.h"

#include <algorithm>

#include "impl_subsection/nvdimm_pfn.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection::series_v5 {
namespace {

constexpr uint64_t kPmdSize = kSubsectionSize;
constexpr uint64_t kVersionMinor = 3;  // "padding and flags are zero"

constexpr bool IsAligned(uint64_t value, uint64_t align) { return (value & (align - 1)) == 0; }

}  // namespace

int NdPfnValidate(NdPfn& pfn) {
  InfoBlock& sb = pfn.sb;
  PfnSettings& live = pfn.live;
  if (!pfn.ns.region->is_memory()) return -kENODEV;
  if (pfn.ns.size < kInfoBlockReserve || !pfn.ns.ReadBlock(&sb)) return -kENXIO;
  if (!sb.HasSignature(live.personality) || !sb.ChecksumRight()) return -kENODEV;
  if (sb.parent_uuid() != pfn.ns.parent) return -kENODEV;
  DefaultMissingFields(&sb);

  const uint64_t mode = sb.Get(InfoField::kMode);
  if (mode != static_cast<uint64_t>(MemmapMode::kRam) && mode != static_cast<uint64_t>(MemmapMode::kPmem)) {
    return -kENXIO;
  }
  const uint64_t align = AlignOf(sb);
  if (!live.has_uuid) {
    live.has_uuid = true;
    live.uuid = sb.uuid();
    live.align = align;
    live.mode = static_cast<MemmapMode>(mode);
  } else if (live.uuid != sb.uuid()) {
    return -kENODEV;
  } else if (live.align != align || live.mode != static_cast<MemmapMode>(mode)) {
    return -kEINVAL;
  }
  const uint64_t dataoff = sb.Get(InfoField::kDataoff);
  if (align > pfn.ns.size) return -kEINVAL;
  if (dataoff >= pfn.ns.size) return -kEBUSY;
  const uint64_t data = pfn.ns.range().start + dataoff + sb.Get(InfoField::kStartPad);
  return IsAligned(data, align) && IsAligned(dataoff, kPageSize) ? 0 : -kENXIO;
}

int NdPfnInit(NdPfn& pfn) {
  const PfnSettings& live = pfn.live;
  const PhysRange ns = pfn.ns.range();
  if (pfn.ns.region->request.read_only) return -kENXIO;
  uint64_t reserve = kInfoBlockReserve;
  uint64_t align = live.align;
  switch (live.mode) {
    case MemmapMode::kPmem:
      reserve += kStructPageSize * ((ns.size - kInfoBlockReserve) >> kPageShift);
      align = std::max(align, kPmdSize);
      break;
    case MemmapMode::kRam: break;
    default: return -kENXIO;
  }
  const uint64_t dataoff = AlignUp(ns.start + reserve, align) - ns.start;
  if (dataoff >= ns.size) return -kENXIO;

  StartBlock(pfn, kVersionMinor, dataoff, (ns.size - dataoff) >> kPageShift);
  pfn.sb.Seal();
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection::series_v5
