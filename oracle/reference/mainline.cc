// SPDX-License-Identifier: Apache-2.0
// The mainline reference: what every operation does at its beginning and end, the questions, and the facts.
#include "oracle/reference/mainline.h"

#include <algorithm>
#include <bit>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeMainlineReference(MainlineReferenceVersion version) {
  using mainline_reference::Kernel;
  const Kernel kernel = version == MainlineReferenceVersion::k6_1 ? Kernel::k6_1 : Kernel::k6_12;
  return std::make_unique<mainline_reference::MainlineModel>(kernel);
}

namespace mainline_reference {

void MainlineModel::Begin() {
  warnings_ = 0;
  warned_once_ = 0;
  requests_.BeginOperation();
}

void MainlineModel::WarnOnce(Once site) {
  if ((warned_once_ & site) != 0) return;
  warned_once_ |= site;
  Warn();
}

Answer MainlineModel::Done(Outcome outcome) const {
  const unsigned warnings = std::min(warnings_, 255U);
  return outcome == kStopped ? Answer::Of(Answer::Kind::kFault, warnings) : Answer::Value(outcome, warnings);
}

Answer MainlineModel::InsertResource(Handle handle, PhysRange range, bool busy, bool ram) {
  return resources_.Insert(handle, range, busy, ram) ? Answer::Value(0) : Answer::Error(kEBUSY);
}

Answer MainlineModel::RemoveResource(Handle handle) {
  return resources_.Remove(handle) ? Answer::Value(0) : Answer::Of(Answer::Kind::kNone);
}

Answer MainlineModel::RegionIntersects(PhysRange range) { return Answer::Intersects(resources_.Intersects(range)); }

Answer MainlineModel::PfnValid(Pfn pfn) { return Answer::Value(Valid(pfn) ? 1 : 0); }

Answer MainlineModel::PfnToOnlinePage(Pfn pfn) { return Answer::Value(Online(pfn) ? 1 : 0); }

Answer MainlineModel::GetDevPagemap(Pfn pfn) { return Answer::Mapping(LiveMapping(pfn)); }

Answer MainlineModel::StructPage(Pfn pfn) {
  if (!Valid(pfn)) return Answer::Of(Answer::Kind::kNone);
  if (!Backed(pfn)) return Answer::Of(Answer::Kind::kFault);
  return Answer::Page(View(pfn));
}

SectionFacts MainlineModel::Section(SectionNr nr) const {
  SectionFacts facts;
  if (nr >= Limit()) return facts;
  facts.direct_map = direct_map_.Steps(nr);
  const SectionState* section = Find(nr);
  if (section == nullptr) return facts;
  facts.present = facts.valid = section->bits != 0;
  facts.online = section->online;
  facts.early = section->early;
  facts.tainted = section->tainted;
  facts.kept_usage = !facts.valid && section->usage;
  facts.block = section->block;
  facts.bitmap = section->bits;
  if (section->huge) {
    facts.memmap = MemmapKind::kHuge;
  } else if (section->mapped == kFullBitmap) {
    facts.memmap = MemmapKind::kBase;
  } else if (section->mapped != 0) {
    facts.memmap = MemmapKind::kPart;
    facts.memmap_pages = static_cast<uint16_t>(std::popcount(section->mapped) * kMemmapPagesPerSubsection);
  }
  return facts;
}

PfnFacts MainlineModel::Facts(Pfn pfn) const {
  PfnFacts facts;
  facts.map = LiveMapping(pfn);
  const SectionState* section = Find(SectionNr::Of(pfn));
  if (section == nullptr) return facts;
  facts.valid = ValidIn(*section, pfn);
  facts.online = OnlineIn(*section, pfn, facts.map);
  facts.backed = section->Backed(pfn);
  if (!facts.backed) return facts;
  const uint64_t page = pfn.value() % kPagesPerSection;
  // A kernel scribbles over the struct pages of a sub-section that left a large page of memmap.
  facts.unspecified = !facts.valid || (page < 64 && (section->damaged >> page & 1) != 0);
  facts.page = View(pfn);
  return facts;
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
