// SPDX-License-Identifier: Apache-2.0
// Pages of the mainline reference: which exist, which are online, whose they are and what their struct pages say.
#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

bool MainlineModel::Valid(Pfn pfn) const {
  // A page beyond the section table, or one whose address does not fit into 64 bits, has no section here.
  const SectionState* section = Find(SectionNr::Of(pfn));
  return section != nullptr && ValidIn(*section, pfn);
}

bool MainlineModel::Backed(Pfn pfn) const {
  const SectionState* section = Find(SectionNr::Of(pfn));
  return section != nullptr && section->Backed(pfn);
}

bool MainlineModel::AllBacked(PfnRange pages) const {
  while (!pages.empty()) {
    const PfnRange part = FirstSectionPart(pages);
    const SectionState* section = Find(SectionNr::Of(part.first));
    if (section == nullptr) return false;
    const uint64_t mask = SubsectionMask(part);
    if (!section->huge && (section->mapped & mask) != mask) return false;
    pages.first = part.end;
  }
  return true;
}

bool MainlineModel::Online(Pfn pfn) const {
  const SectionState* section = Find(SectionNr::Of(pfn));
  return section != nullptr && OnlineIn(*section, pfn, section->tainted ? LiveMapping(pfn) : kNoHandle);
}

bool MainlineModel::InState(Handle handle, Mapping::State state) const {
  return mappings_.Has(handle) && mappings_[handle].state == state;
}

const PageState& MainlineModel::PageAt(Pfn pfn) const {
  static constexpr PageState kUnwritten;
  const PageState* page = pages_.Find(pfn);
  return page == nullptr ? kUnwritten : *page;
}

PageView MainlineModel::View(Pfn pfn) const {
  PageView view = PageAt(pfn).view;
  if (view.map != kNoHandle && !InState(view.map, Mapping::kLive) && !InState(view.map, Mapping::kDying)) {
    view.map = kForeignHandle;
  }
  if (!pins_.empty()) {
    const auto pins = std::count_if(pins_.begin(), pins_.end(), [&](const Pin& pin) { return pin.pfn == pfn; });
    view.count = static_cast<uint8_t>(std::min<int64_t>(view.count + pins, 255));
  }
  return view;
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
