// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: __add_pages, __remove_pages, pfn_to_online_page.
#include "impl_subsection/memory_hotplug.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// check_pfn_span
bool AlignedSpan(PfnRange pages) { return ((pages.first.value() | pages.pages()) & (kPagesPerSubsection - 1)) == 0; }

}  // namespace

// A range that leaves the section table and meets nothing before ends there, after every section up to the table's end
// was added: not worth the walk, the machine is lost.
bool MemoryHotplug::CertainFault(PfnRange pages) const {
  const auto& sections = sparse_.sections();
  const SectionNr first = SectionNr::Of(pages.first);
  const SectionNr last = SectionNr::Of(pages.end - 1);
  if (pages.empty() || last.value() < sections.sections()) return false;
  if (last.value() - first.value() < kSectionsPerRoot || host_.allocator.armed()) return false;
  return sections.NextInRoots(first).value() >= sections.sections();
}

Status MemoryHotplug::AddPages(PfnRange pages, VmemAltmap* altmap) {
  if (host_.posted()) return AddPagesPosted(pages, altmap, nullptr, 0);
  if (altmap != nullptr) {
    if (altmap->base != pages.first || altmap->Offset() > pages.pages()) return -kEINVAL;
    altmap->alloc = 0;
  }
  if (!AlignedSpan(pages)) {
    host_.warnings.Warn();
    return -kEINVAL;
  }
  if (altmap == nullptr && CertainFault(pages)) return kStopFault;
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    const Status status = sparse_.AddSection(part, altmap);
    if (status != 0) return status;
    rest.first = part.end;
  }
  return 0;
}

Status MemoryHotplug::RemovePages(PfnRange pages, VmemAltmap* altmap) {
  if (!AlignedSpan(pages)) {
    host_.warnings.Warn();
    return 0;
  }
  for (PfnRange rest = pages; !rest.empty();) {
    const PfnRange part = FirstSectionPart(rest);
    const SectionNr nr = SectionNr::Of(part.first);
    rest.first = part.end;
    const MemSection* section = sparse_.Find(nr);
    if (section != nullptr && section->valid()) {
      if (const Status status = sparse_.RemoveSection(part, altmap); status != 0) return status;
      continue;
    }
    if (!PassOverAbsent(nr, &rest)) return 0;
  }
  return 0;
}

// Absent roots are walked over at once, and so is what lies beyond the table.
bool MemoryHotplug::PassOverAbsent(SectionNr nr, PfnRange* rest) {
  host_.warnings.WarnOnce(Warnings::kSectionAbsent);
  const SectionNr next = sparse_.sections().NextInRoots(nr + 1);
  if (next.value() >= sparse_.sections().sections()) return false;
  rest->first = next.first_pfn();
  return true;
}

bool MemoryHotplug::BootRamInUse(PfnRange pages) const {
  const auto& sections = sparse_.sections();
  for (PfnRange rest = pages; !rest.empty();) {
    const SectionNr nr = sections.NextInRoots(SectionNr::Of(rest.first));
    if (nr.value() >= sections.sections()) return false;
    rest.first = std::max(rest.first, nr.first_pfn());
    const MemSection* section = sections.Find(nr);
    const bool boot_ram = section != nullptr && section->boot_memmap() && section->online();
    for (PfnRange part = FirstSectionPart(rest); boot_ram && !part.empty();) {
      const StructPages::RunOf run = host_.struct_pages.FindRun(part);
      // What 6.12 has not given to the allocator is not reserved either, but has a reference.
      const StructPages::Content& page = *run.content;
      if (page.initialised && !page.reserved && page.count == 0) return true;
      part.first = run.end;
    }
    rest.first = std::max(rest.first, (nr + 1).first_pfn());
  }
  return false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
