// SPDX-License-Identifier: Apache-2.0
// nd_pfn_validate, nd_pfn_init, __nvdimm_setup_pfn. All sums wrap as the kernel's do.
#include "impl_subsection/nvdimm_pfn.h"

#include <algorithm>
#include <bit>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// memremap_compat_align: what any kernel of this generation can map.
constexpr uint64_t kCompatAlign = kSubsectionSize;
constexpr uint64_t kPmdSize = kSubsectionSize;
constexpr uint64_t kPudSize = kPmdSize * kPagesPerSubsection;
constexpr uint64_t kVersionMajor = 1;
constexpr uint64_t kVersionMinor = 4;

constexpr bool IsAligned(uint64_t value, uint64_t align) { return (value & (align - 1)) == 0; }
constexpr bool NdSupportedAlignment(uint64_t align) {
  return align == kPageSize || align == kPmdSize || align == kPudSize;
}

// A memmap that a kernel of larger pages or smaller struct pages laid out has no room for ours.
bool MemmapFits(const InfoBlock& sb) {
  if (sb.Get(InfoField::kMode) != static_cast<uint64_t>(MemmapMode::kPmem)) return true;
  return sb.Get(InfoField::kPageSize) <= kPageSize && sb.Get(InfoField::kPageStructSize) >= kStructPageSize;
}

// Where what the block says lies, now that the namespace is where it is.
int ValidatePlacement(PhysRange ns, const InfoBlock& sb, uint64_t align, ZeroCapacity zero_capacity) {
  const uint64_t offset = sb.Get(InfoField::kDataoff);
  const uint64_t start_pad = sb.Get(InfoField::kStartPad);
  const uint64_t end_trunc = sb.Get(InfoField::kEndTrunc);
  if (align > ns.size || offset >= ns.size) return -kEOPNOTSUPP;
  if (!IsAligned(ns.start + offset + start_pad, align) || !IsAligned(offset, kPageSize)) return -kEOPNOTSUPP;
  if (!IsAligned(ns.start + start_pad, kCompatAlign)) return -kEOPNOTSUPP;
  if (!IsAligned(ns.end() - end_trunc, kCompatAlign)) return -kEOPNOTSUPP;
  // "small namespace"
  const bool empty = offset >= ns.size - start_pad - end_trunc;
  return empty && zero_capacity == ZeroCapacity::kRefused ? -kEOPNOTSUPP : 0;
}

}  // namespace

void DefaultMissingFields(InfoBlock* sb) {
  const uint64_t minor = sb->Get(InfoField::kVersionMinor);
  if (minor < 1) {
    sb->Set(InfoField::kStartPad, 0);
    sb->Set(InfoField::kEndTrunc, 0);
  }
  if (minor < 2) sb->Set(InfoField::kAlign, 0);
  if (minor < 4) {
    sb->Set(InfoField::kPageStructSize, kStructPageSize);
    sb->Set(InfoField::kPageSize, kPageSize);
  }
}

// Bit 63 of a dataoff of 0, as x86 shifts.
uint64_t AlignOf(const InfoBlock& sb) {
  const uint64_t align = sb.Get(InfoField::kAlign);
  if (align != 0) return align;
  const uint64_t dataoff = sb.Get(InfoField::kDataoff);
  return uint64_t{1} << (dataoff == 0 ? 63 : std::bit_width(dataoff) - 1);
}

void StartBlock(NdPfn& pfn, uint64_t minor, uint64_t dataoff, uint64_t npfns) {
  InfoBlock& sb = pfn.sb;
  const PfnSettings& live = pfn.live;
  sb.Zero();
  sb.SetSignature(live.personality);
  sb.SetUuid(live.uuid);
  sb.SetParentUuid(pfn.ns.parent);
  sb.Set(InfoField::kVersionMajor, kVersionMajor);
  sb.Set(InfoField::kVersionMinor, minor);
  sb.Set(InfoField::kDataoff, dataoff);
  sb.Set(InfoField::kNpfns, npfns);
  sb.Set(InfoField::kMode, static_cast<uint64_t>(live.mode));
  sb.Set(InfoField::kAlign, live.align);  // as it was asked for, even where more was used
}

int NdPfnValidate(NdPfn& pfn, ZeroCapacity zero_capacity) {
  InfoBlock& sb = pfn.sb;
  PfnSettings& live = pfn.live;
  if (!pfn.ns.region->is_memory()) return -kENODEV;
  if (!pfn.ns.ReadBlock(&sb)) return -kENXIO;
  if (!sb.HasSignature(live.personality) || !sb.ChecksumRight()) return -kENODEV;
  if (sb.parent_uuid() != pfn.ns.parent) return -kENODEV;
  DefaultMissingFields(&sb);

  const uint64_t mode_field = sb.Get(InfoField::kMode);
  if (mode_field != static_cast<uint64_t>(MemmapMode::kRam) && mode_field != static_cast<uint64_t>(MemmapMode::kPmem)) {
    return -kENXIO;
  }
  const auto mode = static_cast<MemmapMode>(mode_field);
  const uint64_t align = AlignOf(sb);
  if (!MemmapFits(sb)) return -kEOPNOTSUPP;
  if (live.personality == Personality::kDax && !NdSupportedAlignment(align)) return -kEOPNOTSUPP;
  if (!live.has_uuid) {
    // A probe knows nothing of its own.
    live.has_uuid = true;
    live.uuid = sb.uuid();
    live.align = align;
    live.mode = mode;
  } else if (live.uuid != sb.uuid()) {
    return -kENODEV;
  } else if (live.align != align || live.mode != mode) {
    return -kEOPNOTSUPP;
  }
  return ValidatePlacement(pfn.ns.range(), sb, align, zero_capacity);
}

int NdPfnInit(NdPfn& pfn, ZeroCapacity zero_capacity) {
  const PfnSettings& live = pfn.live;
  const PhysRange ns = pfn.ns.range();
  if (pfn.ns.region->request.read_only) return -kENXIO;
  if (!IsAligned(ns.start, kCompatAlign)) return -kEINVAL;

  const uint64_t align = std::max(live.align, kCompatAlign);
  const auto end_trunc = static_cast<uint32_t>(ns.end() - AlignDown(ns.end(), align));
  uint64_t reserve = kInfoBlockReserve;
  switch (live.mode) {
    case MemmapMode::kPmem: reserve += kStructPageSize * ((ns.size - kInfoBlockReserve) >> kPageShift); break;
    case MemmapMode::kRam: break;
    default: return -kENXIO;
  }
  const uint64_t offset = AlignUp(ns.start + reserve, align) - ns.start;
  const uint64_t usable = zero_capacity == ZeroCapacity::kAllowed ? ns.size : ns.size - end_trunc;
  if (offset >= usable) return -kENXIO;

  StartBlock(pfn, kVersionMinor, offset, (ns.size - offset - end_trunc) >> kPageShift);
  InfoBlock& sb = pfn.sb;
  sb.Set(InfoField::kEndTrunc, end_trunc);
  sb.Set(InfoField::kPageSize, kPageSize);
  sb.Set(InfoField::kPageStructSize, kStructPageSize);
  sb.Seal();
  return 0;
}

int NvdimmSetupPfn(const NdPfn& pfn, PfnView* view) {
  const uint64_t offset = pfn.sb.Get(InfoField::kDataoff);
  const uint64_t start_pad = pfn.sb.Get(InfoField::kStartPad);
  const uint64_t end_trunc = pfn.sb.Get(InfoField::kEndTrunc);
  const PhysRange ns = pfn.ns.range();
  const PhysRange range{ns.start + start_pad, ns.size - start_pad - end_trunc};
  if (pfn.live.mode == MemmapMode::kRam) {
    if (offset < kInfoBlockReserve) return -kEINVAL;
    view->npfns = pfn.sb.Get(InfoField::kNpfns);
    view->mapped = range;
    return 0;
  }
  const uint64_t first = Pfn::OfByte(range.start).value();
  view->npfns = (range.size - offset) >> kPageShift;
  view->mapped = range;
  view->altmap_base = AlignDown(first, kPagesPerSubsection);
  view->altmap_reserve = (kInfoBlockReserve >> kPageShift) + (first - view->altmap_base);
  view->altmap_free = (offset - kInfoBlockReserve) >> kPageShift;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
