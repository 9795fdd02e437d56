// SPDX-License-Identifier: Apache-2.0
// memory_hotplug and init_64, as posted in version 5: what adding forgives, and what removal allows.
#include "impl_subsection/init_64.h"
#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

bool WholeSections(PfnRange pages) { return ((pages.first.value() | pages.pages()) & (kPagesPerSection - 1)) == 0; }

}  // namespace

// No alignment is asked for; memory blocks are another matter (ArchMemory::AddWithBlocksPosted). What is there already
// is passed over, as in 5.1.
Status MemoryHotplug::AddPagesPosted(PfnRange pages, VmemAltmap* altmap, MemoryBlocks* blocks, Nid nid) {
  if (altmap != nullptr) {
    if (altmap->base != pages.first || altmap->Offset() > pages.pages()) return -kEINVAL;
    altmap->alloc = 0;
  }
  if (altmap == nullptr && LeavesTable(pages)) return kStopFault;
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    Status status = sparse_.AddSection(part, altmap);
    // Uncertain: each section has its block at once, and keeps what it has when there is none to be had.
    if (status == 0 && blocks != nullptr) status = blocks->Add(SectionNr::Of(part.first), nid);
    if (status != 0 && status != -kEEXIST) return status;
    rest.first = part.end;
  }
  return 0;
}

// Nothing but the end of the table stops such a walk.
bool MemoryHotplug::LeavesTable(PfnRange pages) const {
  if (pages.empty() || host_.allocator.armed()) return false;
  const SectionNr last = SectionNr::Of(pages.end - 1);
  return last.value() >= sparse_.sections().sections() &&
         last.value() - SectionNr::Of(pages.first).value() >= kSectionsPerRoot;
}

Status MemoryHotplug::RemovePagesPosted(ZoneOf zone, PfnRange pages, VmemAltmap* altmap) {
  if (zone.zone != Zone::kDevice && !WholeSections(pages)) {
    host_.warnings.Warn();
    return -kEINVAL;
  }
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    const SectionNr nr = SectionNr::Of(part.first);
    rest.first = part.end;
    const MemSection* section = sparse_.Find(nr);
    if (section != nullptr && section->valid()) {
      Status status = RemoveZonePosted(zone, part);
      if (status == 0) status = sparse_.RemoveSection(part, altmap);
      if (status != 0) return status;
      continue;
    }
    if (!PassOverAbsent(nr, &rest)) return 0;
  }
  return 0;
}

Status ArchMemory::AddWithBlocksPosted(PhysRange range, VmemAltmap* altmap, MemoryBlocks& blocks, Nid nid) {
  if (const Status status = AddDirectMap(range); status != 0) return status;
  const PfnRange pages = range.pfns();
  if (OutOfPhysmem(pages)) return -kERANGE;
  const Status status = WholeSections(pages) ? hotplug_.AddPagesPosted(pages, altmap, &blocks, nid) : -kEINVAL;
  if (status != 0 && !Stops(status)) host_.warnings.WarnOnce(Warnings::kAddPagesFailed);
  return status;
}

// The zone is that of the first page behind the altmap, whoever wrote that, if anybody did.
Status ArchMemory::RemovePosted(PhysRange range, VmemAltmap* altmap) {
  const Pfn first = Pfn::OfByte(range.start);
  const StructPages::Content* page = host_.struct_pages.Find(altmap == nullptr ? first : first + altmap->Offset());
  if (page == nullptr || page->zone >= kZones) return kStopFault;
  const ZoneOf zone{static_cast<Zone>(page->zone), page->nid};
  const Status status = hotplug_.RemovePagesPosted(zone, range.pfns(), altmap);
  if (Stops(status)) return status;
  if (status != 0) host_.warnings.WarnOnce(Warnings::kRemovePagesFailed);
  if (hotplug_.BootRamInUse({Pfn::OfByte(range.start), Pfn::OfByte(range.end())})) return kStopFault;
  host_.direct_map.Remove(range);
  return status;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
