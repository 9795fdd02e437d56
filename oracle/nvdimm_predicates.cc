// SPDX-License-Identifier: Apache-2.0
// Predicates of contract clauses about NVDIMMs.
#include "oracle/nvdimm_predicates.h"

#include <algorithm>
#include <bit>

#include "hotplug/answer.h"
#include "oracle/nvdimm_rules.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {
namespace {

const NvdimmWatch::Namespace* Noted(const Situation& s) { return s.nvdimm.watch->Find(s.nvdimm.ns); }

const NvdimmWatch::Region* RegionOf(const Situation& s) {
  const NvdimmWatch::Namespace* ns = Noted(s);
  const auto& regions = s.nvdimm.watch->regions();
  return ns != nullptr && ns->region < regions.size() ? &regions[ns->region] : nullptr;
}

bool SameLayout(const PfnView& a, const PfnView& b) {
  return a.start_pad == b.start_pad && a.end_trunc == b.end_trunc && a.dataoff == b.dataoff && a.mode == b.mode &&
         a.align == b.align;
}

bool Shared(const Situation& s, PhysRange sections) {
  for (const FirmwareRange& range : *s.map) {
    if (range.kind == FirmwareKind::kRam && range.range.overlaps(sections)) return true;
  }
  const PhysRange own = RegionOf(s)->range;
  return std::any_of(s.nvdimm.watch->regions().begin(), s.nvdimm.watch->regions().end(), [&](const auto& region) {
    // One that ends right at a section border or begins there counts too: 5.1 compares end points.
    const uint64_t before = region.range.start == 0 ? 0 : 1;
    const PhysRange wide{region.range.start - before, region.range.size + before + 1};
    return region.range != own && wide.overlaps(sections);
  });
}

}  // namespace

bool RegionDiffers(const Situation& s) {
  const NvdimmWatch::Region* region = RegionOf(s);
  return region != nullptr && region->refused;
}

bool NamespaceDiffers(const Situation& s) {
  const NamespaceFacts& legacy = s.nvdimm.before[0];
  const NamespaceFacts& subsection = s.nvdimm.before[1];
  return legacy.disposition != subsection.disposition || legacy.capacity != subsection.capacity ||
         !SameLayout(legacy.pfn, subsection.pfn);
}

bool RegionHistoryDiffers(const Situation& s) {
  const NvdimmWatch::Region* region = RegionOf(s);
  return region != nullptr && region->differs;
}

bool InfoBlockInData(const Situation& s) {
  const NvdimmWatch::Region* region = RegionOf(s);
  if (region == nullptr) return false;
  const NamespaceFacts& facts = s.nvdimm.before[0];
  const bool raw = facts.disposition == Disposition::kRaw;
  const uint64_t data = Noted(s)->extent.start + (raw ? 0 : facts.pfn.start_pad + facts.pfn.dataoff);
  const PhysRange read{data + s.op->extent.start, s.op->extent.size};
  return std::any_of(region->blocks.begin(), region->blocks.end(), [&](uint64_t block) {
    return read.overlaps({block, kInfoBlockSize});
  });
}

bool OnlySubsectionRefusesBlock(const Situation& s) {
  return Legacy(s).validate == 0 && Subsection(s).validate == -kEOPNOTSUPP;
}

bool BothRefuseBlock(const Situation& s) { return Legacy(s).validate != 0 && Subsection(s).validate == -kEOPNOTSUPP; }

bool BlockReadDifferently(const Situation& s) {
  if (Legacy(s).validate != Subsection(s).validate) return true;
  return Legacy(s).validate == 0 && !SameLayout(Legacy(s), Subsection(s));
}

bool NewBlock(const Situation& s) {
  const bool creates = s.op->kind == OpKind::kNsCreate && s.op->personality != Personality::kRaw;
  const bool again = s.op->kind == OpKind::kNsEnable && (Be(s.nvdimm.before[0].disposition) & kFailedDevice) != 0;
  return (creates || again) && Legacy(s).validate == -kENODEV && Subsection(s).validate == -kENODEV;
}

// A failed device has the alignment it was made with, which shows when a machine sets it up. Where both refuse to, none
// matters.
uint64_t AlignOfNewBlock(const Situation& s) {
  if (s.op->kind == OpKind::kNsCreate) return s.op->number;
  for (const NamespaceFacts& facts : s.nvdimm.after) {
    if (facts.pfn.setup == 0) return facts.pfn.align;
  }
  return kSubsectionSize;
}

bool CreatesMisaligned(const Situation& s) {
  const NvdimmWatch::Region* region = RegionOf(s);
  return NewBlock(s) && region != nullptr && !region->read_only && s.range.start % kSubsectionSize != 0;
}

bool CreatesOddlyAligned(const Situation& s) { return NewBlock(s) && !std::has_single_bit(AlignOfNewBlock(s)); }

bool EndsShared(const Situation& s) {
  if (!NewBlock(s) || RegionOf(s) == nullptr) return false;
  const uint64_t end = s.range.end();
  const uint64_t head = AlignDown(s.range.start, kSectionSize);
  const uint64_t tail = AlignUp(end, kSectionSize);
  return Shared(s, {head, s.range.start - head}) || Shared(s, {end, tail - end});
}

bool CreatesUneven(const Situation& s) {
  // Before it in the table: an alignment that is no power of two.
  const uint64_t align = AlignOfNewBlock(s);
  const bool cut = s.range.end() % std::max<uint64_t>(align, kSubsectionSize) != 0;
  return NewBlock(s) && (cut || !s.range.aligned_to(kSectionSize) || align < kSubsectionSize);
}

bool CreatesNothing(const Situation& s) {
  if (!NewBlock(s) || Subsection(s).setup != 0) return false;
  // 6.12 compares with the size without what is cut, which wraps when more is cut than there is.
  return Subsection(s).npfns == 0 || Subsection(s).dataoff >= s.range.size;
}

bool Maps(const Situation& s) {
  for (unsigned side = 0; side < kSides; ++side) {
    const Disposition before = s.nvdimm.before[side].disposition;
    const NamespaceFacts& after = s.nvdimm.after[side];
    // What was attached already, is not there or becomes a raw disk maps nothing.
    if (before == Disposition::kPfn || before == Disposition::kDax) continue;
    if (after.disposition == Disposition::kAbsent || after.disposition == Disposition::kRaw) continue;
    if (after.pfn.setup == 0) return true;
  }
  return false;
}

bool SectionsShared(const Situation& s) {
  const bool ram = s.conflicts.legacy_ram || s.conflicts.subsection_ram;
  const bool live = s.conflicts.legacy_live || s.conflicts.subsection_live;
  return Maps(s) && (ram || live || s.survey.legacy_any_valid || s.survey.subsection_any_active);
}

bool MapsNothing(const Situation& s) {
  const auto nothing = [](const PfnView& view) {
    return view.setup == 0 && view.mode != MemmapMode::kNone && static_cast<int64_t>(view.mapped.size) <= 0;
  };
  return Maps(s) && (nothing(Legacy(s)) || nothing(Subsection(s)));
}

bool MapsToLastAddress(const Situation& s) {
  const auto ends_last = [](const PfnView& view) {
    return view.setup == 0 && RoundedToSections(view.mapped).end.byte() > kPhysicalMask;
  };
  return Maps(s) && (ends_last(Legacy(s)) || ends_last(Subsection(s)));
}

bool MemmapShort(const Situation& s) {
  const auto is_short = [](const PfnView& view) {
    if (view.setup != 0 || view.mode != MemmapMode::kPmem) return false;
    const PfnRange pages = RoundedToSections(view.mapped);
    // Each memmap begins at a multiple of its size; what lies before the first is lost.
    const uint64_t at = view.altmap_base + view.altmap_reserve;
    const uint64_t lost = AlignUp(at, kMemmapPagesPerSection) - at;
    const uint64_t needed = pages.pages() / kPagesPerSection * kMemmapPagesPerSection + lost;
    return view.altmap_free < needed || view.altmap_reserve + view.altmap_free >= view.mapped.size / kPageSize;
  };
  return Maps(s) && (is_short(Legacy(s)) || is_short(Subsection(s)));
}

bool MapsPartSections(const Situation& s) {
  const auto part = [](const PfnView& view) { return view.setup == 0 && !view.mapped.aligned_to(kSectionSize); };
  return part(Legacy(s)) || part(Subsection(s));
}

bool DaxOnPadded(const Situation& s) {
  if (!s.op->dax && s.op->kind != OpKind::kDaxAccess) return false;
  return std::any_of(std::begin(s.nvdimm.before), std::end(s.nvdimm.before), [](const NamespaceFacts& facts) {
    return facts.disposition == Disposition::kPfn && facts.pfn.start_pad != 0;
  });
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates
