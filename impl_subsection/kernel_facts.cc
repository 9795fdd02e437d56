// SPDX-License-Identifier: Apache-2.0
// MainlineKernel: queries and observation, which change nothing.
#include <algorithm>
#include <bit>

#include "impl_subsection/kernel.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

// `backed`: the sub-sections that have struct pages, all of them in base pages.
void TellBasePages(uint64_t backed, SectionFacts* facts) {
  facts->memmap = backed == kFullBitmap ? MemmapKind::kBase : MemmapKind::kPart;
  if (backed == kFullBitmap) return;
  facts->memmap_pages = static_cast<uint16_t>(static_cast<uint64_t>(std::popcount(backed)) * kMemmapPagesPerSubsection);
}

}  // namespace

Answer MainlineKernel::RegionIntersects(PhysRange range) {
  return Answer::Intersects(host_.resources.IntersectsNested(range));
}

Answer MainlineKernel::PfnValid(Pfn pfn) { return Answer::Value(sparse_.PfnValid(pfn) ? 1 : 0); }

Answer MainlineKernel::PfnToOnlinePage(Pfn pfn) { return Answer::Value(hotplug_.PfnToOnlinePage(pfn) ? 1 : 0); }

Answer MainlineKernel::GetDevPagemap(Pfn pfn) { return Answer::Mapping(pagemaps_.Get(pfn)); }

// What the struct page says, and the references that pins hold on it.
inline void MainlineKernel::View(Pfn pfn, StructPages::Content content, PageView* view) const {
  StructPages::View(content, view);
  if (content.map != kNoHandle && !pagemaps_.Exists(content.map)) view->map = kForeignHandle;
  if (host_.pins.empty()) return;
  view->count = static_cast<uint8_t>(std::min(content.count + host_.pins.CountOn(pfn), 255U));
}

Answer MainlineKernel::StructPage(Pfn pfn) {
  if (!sparse_.PfnValid(pfn)) return Answer::Of(Answer::Kind::kNone);
  const StructPages::Content* content = host_.struct_pages.Find(pfn);
  if (content == nullptr) return Answer::Of(Answer::Kind::kFault);
  Answer answer = Answer::Of(Answer::Kind::kPage);
  View(pfn, *content, &answer.page);
  return answer;
}

SectionFacts MainlineKernel::Section(SectionNr nr) const {
  const BlockState block = blocks_.State(nr);
  const uint64_t direct_map = host_.direct_map.Covered(nr);
  const MemSection* section = sparse_.Find(nr);
  if (section == nullptr) return {.block = block, .direct_map = direct_map};
  SectionFacts facts{.present = (section->flags & MemSection::kMarkedPresent) != 0,
                     .valid = section->valid(),
                     .online = section->online(),
                     .early = section->boot_memmap(),
                     .tainted = (section->flags & MemSection::kTaintZoneDevice) != 0,
                     .kept_usage = section->usage != nullptr && !section->valid(),
                     .block = block,
                     .memmap = section->memmap == MemmapPmd::kLarge ? MemmapKind::kHuge : MemmapKind::kNone,
                     .bitmap = section->usage == nullptr ? 0 : section->usage->subsection_map,
                     .direct_map = direct_map};
  if (section->memmap == MemmapPmd::kTable) [[unlikely]]
    TellBasePages(host_.struct_pages.BackedMask(nr), &facts);
  return facts;
}

PfnFacts MainlineKernel::Facts(Pfn pfn) const {
  PfnFacts facts;
  facts.map = pagemaps_.Get(pfn);
  const MemSection* section = sparse_.Find(SectionNr::Of(pfn));
  if (section == nullptr) return facts;  // nor is there a memmap
  facts.valid = section->PfnValid(pfn);
  facts.online = hotplug_.PfnToOnlinePage(*section, pfn);
  if (const StructPages::Content* content = host_.struct_pages.Find(pfn); content != nullptr) {
    facts.backed = true;
    View(pfn, *content, &facts.page);
  }
  return facts;
}

size_t MainlineKernel::Resources(ResourceRow* rows, size_t capacity) const {
  return host_.resources.Rows(rows, capacity);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
