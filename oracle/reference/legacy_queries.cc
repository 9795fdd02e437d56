// SPDX-License-Identifier: Apache-2.0
// LegacyReference: resources, questions, conditions and facts.
#include <algorithm>

#include "oracle/reference/legacy_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

Answer LegacyReference::InsertResource(Handle handle, PhysRange range, bool busy, bool ram) {
  return resources_.Insert(handle, range, busy, ram) ? Answer::Value(0) : Answer::Error(kEBUSY);
}

Answer LegacyReference::RemoveResource(Handle handle) {
  const bool removed = handle != kNoHandle && resources_.Remove(handle);
  return removed ? Answer::Value(0) : Answer::Of(Answer::Kind::kNone);
}

Answer LegacyReference::RegionIntersects(PhysRange range) {
  return Answer::Intersects(resources_.IntersectsRam(range));
}

bool LegacyReference::IsOnline(Pfn pfn) const {
  const SectionState* section = ValidSectionOf(pfn);
  return section != nullptr && section->online;
}

Answer LegacyReference::PfnValid(Pfn pfn) { return Answer::Value(ValidSectionOf(pfn) != nullptr ? 1 : 0); }

Answer LegacyReference::PfnToOnlinePage(Pfn pfn) { return Answer::Value(IsOnline(pfn) ? 1 : 0); }

Answer LegacyReference::GetDevPagemap(Pfn pfn) { return Answer::Mapping(LiveMapping(pfn)); }

Answer LegacyReference::StructPage(Pfn pfn) {
  if (ValidSectionOf(pfn) == nullptr) return Answer::Of(Answer::Kind::kNone);
  const PageState* page = pages_.Find(pfn.value());
  return page != nullptr ? Answer::Page(View(pfn, *page)) : Answer::Of(Answer::Kind::kFault);
}

PageView LegacyReference::View(Pfn pfn, const PageState& page) const {
  PageView view = page.view;
  if (!pins_.empty()) {
    const auto pins = std::count_if(pins_.begin(), pins_.end(), [&](const Pin& pin) { return pin.pfn == pfn; });
    view.count = static_cast<uint8_t>(std::min<int64_t>(view.count + pins, 255));
  }
  if (view.map != kNoHandle && mappings_[view.map].life == Mapping::Life::kGone) view.map = kForeignHandle;
  return view;
}

// What the page held before is not known; it is taken for zeroes.
void LegacyReference::SetMemmapFill(int byte_or_keep) {
  fill_ = byte_or_keep == kFillKeep ? uint8_t{0} : static_cast<uint8_t>(byte_or_keep);
}

void LegacyReference::ArmFailure(const FailPlan& plan) { requests_.Arm(plan); }

SectionFacts LegacyReference::Section(SectionNr nr) const {
  SectionFacts facts;
  facts.direct_map = direct_map_.SectionBits(nr);
  const SectionState* section = sections_.Find(nr.value());
  if (section == nullptr) return facts;
  facts.present = facts.valid = section->valid;
  facts.online = section->online;
  facts.block = section->block;
  facts.memmap = section->memmap;
  facts.memmap_pages = section->memmap_pages;
  facts.bitmap = section->valid ? kFullBitmap : 0;
  return facts;
}

PfnFacts LegacyReference::Facts(Pfn pfn) const {
  PfnFacts facts;
  facts.map = LiveMapping(pfn);
  const SectionState* section = sections_.Find(SectionNr::Of(pfn).value());
  if (section == nullptr) return facts;
  facts.valid = section->valid;
  facts.online = section->valid && section->online;
  const PageState* page = pages_.Find(pfn.value());
  facts.backed = page != nullptr;
  if (facts.backed) facts.page = View(pfn, *page);
  return facts;
}

const NodeSpans& LegacyReference::Node(Nid nid) const {
  static constexpr NodeSpans kNoNode{};
  return nid < kMaxNodes ? spans_.node(nid) : kNoNode;
}

int LegacyReference::UsemapBalance() const { return usemaps_; }

size_t LegacyReference::Resources(ResourceRow* rows, size_t capacity) const {
  const size_t count = std::min(capacity, resources_.size());
  for (size_t i = 0; i < count; ++i) rows[i] = resources_.row(i);
  return resources_.size();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
