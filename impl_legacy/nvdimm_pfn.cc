// SPDX-License-Identifier: Apache-2.0
// nd_pfn_validate, nd_pfn_init, __nvdimm_setup_pfn. All sums wrap as the kernel's do.
#include "impl_legacy/nvdimm_pfn.h"

#include <algorithm>
#include <bit>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

constexpr uint64_t kPmdSize = kSubsectionSize;
constexpr uint64_t kVersionMajor = 1;
constexpr uint64_t kVersionMinor = 2;

constexpr bool IsAligned(uint64_t value, uint64_t align) { return (value & (align - 1)) == 0; }

// 1UL << ilog2(offset), which x86 makes of offset 0, too.
uint64_t GuessAlign(uint64_t offset) { return offset == 0 ? uint64_t{1} << 63 : std::bit_floor(offset); }

// What blocks of before a field was there mean by it.
void FixUp(InfoBlock& sb) {
  const uint64_t minor = sb.Get(InfoField::kVersionMinor);
  if (minor < 1) {
    sb.Set(InfoField::kStartPad, 0);
    sb.Set(InfoField::kEndTrunc, 0);
  }
  if (minor < 2) sb.Set(InfoField::kAlign, 0);
}

// Settings of a probe come from the block; those of a device must be the block's.
int MatchSettings(PfnSettings& live, const InfoBlock& sb, uint64_t align, MemmapMode mode) {
  if (!live.has_uuid) {
    live.has_uuid = true;
    live.uuid = sb.uuid();
    live.align = align;
    live.mode = mode;
    return 0;
  }
  if (live.uuid != sb.uuid()) return -kENODEV;
  return live.align == align && live.mode == mode ? 0 : -kEINVAL;
}

// nd_region_conflict: whether either end of the range lies in another region. One that lies inside of it is missed.
bool RegionConflict(const NvdimmRegions& regions, const NvdimmRegion* own, PhysRange range) {
  for (const NvdimmRegion& region : regions.regions()) {
    if (!region.present || !region.is_memory() || &region == own) continue;
    const PhysRange other = region.request.range;
    if (range.start >= other.start && range.start < other.end()) return true;
    if (range.end() > other.start && range.end() <= other.end()) return true;
  }
  return false;
}

struct Trim {
  uint32_t start_pad = 0;
  uint32_t end_trunc = 0;
};

// trim_pfn_device
Trim TrimPfnDevice(const NdPfn& pfn, const NvdimmRegions& regions, const ResourceTree& resources) {
  const PhysRange range = pfn.ns.range();
  const auto collides = [&](PhysRange sections) {
    // RAM alone is no mix: without a resource of its own the namespace goes unpadded beside it.
    return resources.IntersectsTopLevel(sections) == Overlap::kMixed ||
           RegionConflict(regions, pfn.ns.region, sections);
  };
  Trim trim;
  const uint64_t head = range.start - AlignDown(range.start, kSectionSize);
  if (collides({range.start - head, range.size + head})) {
    trim.start_pad = static_cast<uint32_t>(AlignUp(range.start, kSectionSize) - range.start);
  }
  const uint64_t tail = AlignUp(range.end(), kSectionSize) - range.end();
  if (collides({range.start, range.size + tail}) || !IsAligned(range.end(), pfn.live.align)) {
    const uint64_t down = std::min(AlignDown(range.end(), kSectionSize), AlignDown(range.end(), pfn.live.align));
    trim.end_trunc = static_cast<uint32_t>(range.end() - down);
  }
  return trim;
}

}  // namespace

int NdPfnValidate(NdPfn& pfn) {
  InfoBlock& sb = pfn.sb;
  if (!pfn.ns.region->is_memory()) return -kENODEV;
  if (pfn.ns.size < kInfoBlockReserve || !pfn.ns.ReadBlock(&sb)) return -kENXIO;
  if (!sb.HasSignature(pfn.live.personality) || !sb.ChecksumRight()) return -kENODEV;
  if (sb.parent_uuid() != pfn.ns.parent) return -kENODEV;
  FixUp(sb);
  const auto mode = static_cast<MemmapMode>(sb.Get(InfoField::kMode));
  if (sb.Get(InfoField::kMode) > 2 || mode == MemmapMode::kNone) return -kENXIO;

  const uint64_t offset = sb.Get(InfoField::kDataoff);
  uint64_t align = sb.Get(InfoField::kAlign);
  if (align == 0) align = GuessAlign(offset);
  if (const int status = MatchSettings(pfn.live, sb, align, mode); status != 0) return status;
  if (align > pfn.ns.size) return -kEINVAL;
  if (offset >= pfn.ns.size) return -kEBUSY;
  const uint64_t data = pfn.ns.range().start + offset + sb.Get(InfoField::kStartPad);
  return IsAligned(data, align) && IsAligned(offset, kPageSize) ? 0 : -kENXIO;
}

int NdPfnInit(NdPfn& pfn, const NvdimmRegions& regions, const ResourceTree& resources) {
  if (pfn.ns.region->request.read_only) return -kENXIO;
  const PfnSettings& live = pfn.live;
  const Trim trim = TrimPfnDevice(pfn, regions, resources);
  const uint64_t start = pfn.ns.range().start + trim.start_pad;
  const uint64_t size = pfn.ns.size;
  const uint64_t room = size - trim.start_pad - trim.end_trunc;
  uint64_t offset = 0;
  if (live.mode == MemmapMode::kPmem) {
    // Struct pages for whole sections, as that is what is added.
    const uint64_t npfns = AlignUp((room - kInfoBlockReserve) >> kPageShift, kPagesPerSection);
    offset = AlignUp(start + kInfoBlockReserve + kStructPageSize * npfns, std::max(live.align, kPmdSize)) - start;
  } else if (live.mode == MemmapMode::kRam) {
    offset = AlignUp(start + kInfoBlockReserve, live.align) - start;
  } else {
    return -kENXIO;
  }
  if (offset + trim.start_pad + trim.end_trunc >= size) return -kENXIO;

  InfoBlock& sb = pfn.sb;
  sb.Zero();
  sb.Set(InfoField::kMode, static_cast<uint64_t>(live.mode));
  sb.Set(InfoField::kDataoff, offset);
  sb.Set(InfoField::kNpfns, (room - offset) >> kPageShift);
  sb.SetSignature(live.personality);
  sb.SetUuid(live.uuid);
  sb.SetParentUuid(pfn.ns.parent);
  sb.Set(InfoField::kVersionMajor, kVersionMajor);
  sb.Set(InfoField::kVersionMinor, kVersionMinor);
  sb.Set(InfoField::kStartPad, trim.start_pad);
  sb.Set(InfoField::kEndTrunc, trim.end_trunc);
  sb.Set(InfoField::kAlign, live.align);
  sb.Seal();
  return 0;
}

int NvdimmSetupPfn(const NdPfn& pfn, PfnView* view) {
  const InfoBlock& sb = pfn.sb;
  const uint64_t offset = sb.Get(InfoField::kDataoff);
  const uint64_t start_pad = sb.Get(InfoField::kStartPad);
  const uint64_t base = pfn.ns.range().start + start_pad;
  const PhysRange range{base, pfn.ns.size - start_pad - sb.Get(InfoField::kEndTrunc)};
  if (pfn.live.mode == MemmapMode::kRam) {
    if (offset < kInfoBlockReserve) return -kEINVAL;
    view->npfns = sb.Get(InfoField::kNpfns);
  } else {
    view->npfns = AlignUp((range.size - offset) >> kPageShift, kPagesPerSection);
    // From the start of the section: what lies in front of the range is reserved, too.
    const uint64_t base_pfn = base >> kPageShift;
    view->altmap_base = AlignDown(base_pfn, kPagesPerSection);
    view->altmap_reserve = (kInfoBlockReserve >> kPageShift) + base_pfn - view->altmap_base;
    view->altmap_free = (offset - kInfoBlockReserve) >> kPageShift;
  }
  view->mapped = range;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
