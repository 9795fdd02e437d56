// SPDX-License-Identifier: Apache-2.0
// sparse, as posted in version 5: the word `map_active`. A bit is a 64th of a section (2 MiB on x86-64), no section is
// known to be early, and pfn_valid asks the word in every section.
#include <bit>

#include "impl_subsection/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// SECTION_ACTIVE_SIZE = section / BITS_PER_LONG. The tiny machine has no words of 64 bits; its sub-sections serve.
#if defined(HPFUZZ_GEOMETRY_X86_64)
static_assert(kSectionSize / 64 == kSubsectionSize);
#endif
constexpr uint64_t kGranule = kPagesPerSubsection;

// section_active_mask, as the pages whose bits it sets: as many granules as the length takes, counted from the granule
// of the first page, wherever in it that lies. A length that makes a whole section means all of it.
PfnRange ActiveMask(PfnRange pages) {
  const uint64_t length = AlignUp(pages.pages(), kGranule);
  if (length == kPagesPerSection) {
    const Pfn start = SectionNr::Of(pages.first).first_pfn();
    return {start, start + kPagesPerSection};
  }
  const Pfn first(AlignDown(pages.first.value(), kGranule));
  return {first, first + length};
}

// Uncertain: populate_section_memmap rounds outwards, and so does what takes it back.
PfnRange Granules(PfnRange pages) {
  return {Pfn(AlignDown(pages.first.value(), kGranule)), Pfn(AlignUp(pages.end.value(), kGranule))};
}

}  // namespace

void Sparse::SectionActiveInit(PfnRange pages) {
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    MemSection& section = *sections_.Find(SectionNr::Of(part.first));
    section.flags = static_cast<uint8_t>((section.flags & ~MemSection::kIsEarly) | MemSection::kBootMemmap);
    // Assigned: of two ranges in a section the last one counts.
    section.usage->subsection_map = SubsectionMask(ActiveMask(part));
    rest.first = part.end;
  }
}

Status Sparse::PopulatePosted(MemSection& section, PfnRange pages, VmemAltmap* altmap) {
  if (section.memmap != MemmapPmd::kTable) return PopulateSectionMemmap(host_, section, pages, altmap);
  // The page table is there, and in it pages that no bit speaks of: only what is missing is asked for.
  const uint64_t missing = SubsectionMask(pages) & ~host_.struct_pages.BackedMask(SectionNr::Of(pages.first));
  const uint64_t wanted = static_cast<uint64_t>(std::popcount(missing)) * kMemmapPagesPerSubsection;
  if (host_.allocator.GetMany(AllocSite::kMemmapBase, wanted) != wanted) return -kENOMEM;
  host_.struct_pages.Populate(pages);
  return 0;
}

Status Sparse::SectionActivatePosted(MemSection& section, PfnRange pages, VmemAltmap* altmap) {
  const bool first = section.usage == nullptr;
  if (first) {
    if (!host_.allocator.Get(AllocSite::kUsemap)) return -kENOMEM;
    section.usage = NewUsage(false);
    ++usage_balance_;
  }
  if (!FillSubsectionMap(section, ActiveMask(pages))) {
    if (first) FreeUsage(section);
    return -kEEXIST;
  }
  if (section.boot_memmap() && pages.pages() < kPagesPerSection) return 0;
  const Status status = PopulatePosted(section, Granules(pages), altmap);
  if (status == 0 || Stops(status)) return status;
  const Status undone = SectionDeactivatePosted(pages, altmap);
  return undone != 0 ? undone : status;
}

Status Sparse::SectionDeactivatePosted(PfnRange pages, VmemAltmap* altmap) {
  const SectionNr nr = SectionNr::Of(pages.first);
  MemSection& section = *sections_.Find(nr);
  if (!ClearSubsectionMap(section, ActiveMask(pages))) return 0;

  const bool empty = section.usage->subsection_map == 0;
  if (empty && !section.usage->boot) FreeUsage(section);
  if (!section.boot_memmap()) {
    if (const Status status = DepopulateSectionMemmap(section, Granules(pages), altmap); status != 0) return status;
  } else if (empty) {
    FreeLargePage(host_, section, nr, nullptr);
  }
  if (empty) section.flags = 0;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
