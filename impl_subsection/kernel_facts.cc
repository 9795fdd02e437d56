// SPDX-License-Identifier: Apache-2.0
// MainlineKernel: queries and observation, which change nothing.
#include <algorithm>

#include "impl_subsection/kernel.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

Answer MainlineKernel::RegionIntersects(PhysRange range) {
  return Answer::Intersects(host_.resources.IntersectsNested(range));
}

Answer MainlineKernel::PfnValid(Pfn pfn) { return Answer::Value(sparse_.PfnValid(pfn) ? 1 : 0); }

Answer MainlineKernel::PfnToOnlinePage(Pfn pfn) { return Answer::Value(hotplug_.PfnToOnlinePage(pfn) ? 1 : 0); }

Answer MainlineKernel::GetDevPagemap(Pfn pfn) { return Answer::Mapping(pagemaps_.Get(pfn)); }

// What the struct page says, and the references that pins hold on it.
PageView MainlineKernel::View(Pfn pfn, const StructPages::Content& content) const {
  PageView view = StructPages::View(content);
  if (view.map != kNoHandle && !pagemaps_.Exists(view.map)) view.map = kForeignHandle;
  if (!host_.pins.empty()) view.count = static_cast<uint8_t>(std::min(view.count + host_.pins.CountOn(pfn), 255U));
  return view;
}

Answer MainlineKernel::StructPage(Pfn pfn) {
  if (!sparse_.PfnValid(pfn)) return Answer::Of(Answer::Kind::kNone);
  const StructPages::Content* content = host_.struct_pages.Find(pfn);
  if (content == nullptr) return Answer::Of(Answer::Kind::kFault);
  return Answer::Page(View(pfn, *content));
}

SectionFacts MainlineKernel::Section(SectionNr nr) const {
  SectionFacts facts = sparse_.Facts(nr);
  facts.block = blocks_.State(nr);
  facts.direct_map = host_.direct_map.Covered(nr);
  return facts;
}

PfnFacts MainlineKernel::Facts(Pfn pfn) const {
  PfnFacts facts;
  facts.valid = sparse_.PfnValid(pfn);
  facts.online = hotplug_.PfnToOnlinePage(pfn);
  facts.map = pagemaps_.Get(pfn);
  const StructPages::Content* content = host_.struct_pages.Find(pfn);
  facts.backed = content != nullptr;
  if (content != nullptr) facts.page = View(pfn, *content);
  return facts;
}

const NodeSpans& MainlineKernel::Node(Nid nid) const { return host_.zones.node(nid); }

int MainlineKernel::UsemapBalance() const { return sparse_.usage_balance(); }

size_t MainlineKernel::Resources(ResourceRow* rows, size_t capacity) const {
  return host_.resources.Rows(rows, capacity);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
