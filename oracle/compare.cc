// SPDX-License-Identifier: Apache-2.0
// Compare: facts against facts.
#include "oracle/compare.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::optional<Check> Difference(const SectionFacts& layer, const SectionFacts& reference) {
  if (layer == reference) [[likely]]
    return std::nullopt;
  if (layer.bitmap != reference.bitmap) return Check::kBitmap;
  if (layer.block != reference.block) return Check::kBlock;
  if (layer.memmap != reference.memmap || layer.memmap_pages != reference.memmap_pages) return Check::kMemmap;
  if (layer.direct_map != reference.direct_map) return Check::kDirectMap;
  return Check::kSectionFlags;
}

std::optional<Check> Difference(const PfnFacts& layer, const PfnFacts& reference) {
  if (layer == reference) [[likely]]
    return std::nullopt;
  if (layer.valid != reference.valid) return Check::kPfnValid;
  if (layer.online != reference.online) return Check::kOnlinePage;
  if (layer.map != reference.map) return Check::kLookup;
  if (layer.backed != reference.backed) return Check::kMemmap;
  PageView page = layer.page;
  if (SameMapping(layer.page, reference.page)) page.map = reference.page.map;
  if (!reference.unspecified && page != reference.page) return Check::kStructPage;
  return std::nullopt;
}

bool SameAnswerAsReference(const Answer& layer, const Answer& reference) {
  if (layer == reference) [[likely]]
    return true;
  if (layer.stops()) return layer.kind == reference.kind;
  Answer normalised = layer;
  if (SameMapping(layer.page, reference.page)) normalised.page.map = reference.page.map;
  return normalised == reference;
}

PairResult ComparePair(const SectionFacts& legacy, const SectionFacts& subsection) {
  if (legacy.present != subsection.present || legacy.valid != subsection.valid || legacy.online != subsection.online) {
    return {Check::kSectionFlags, {}};
  }
  if (legacy.block != subsection.block) return {Check::kBlock, {}};
  if (legacy.memmap != subsection.memmap) return {Check::kMemmap, {}};
  if (legacy.direct_map != subsection.direct_map) return {Check::kDirectMap, {}};
  if (legacy.bitmap == subsection.bitmap) return {};
  if (!subsection.early) return {Check::kBitmap, {}};
  return {{}, FactClause::kBootHole};
}

PairResult ComparePair(const PfnFacts& legacy, const PfnFacts& subsection, const SectionFacts& section) {
  if (legacy == subsection) [[likely]]
    return {};
  if (legacy.valid != subsection.valid) return {Check::kPfnValid, {}};
  if (legacy.map != subsection.map) return {Check::kLookup, {}};
  if (legacy.backed != subsection.backed) return {Check::kMemmap, {}};
  if (section.early && !legacy.page.initialised) return {{}, FactClause::kBootHole};
  if (legacy.online != subsection.online) return {Check::kOnlinePage, {}};
  PageView page = legacy.page;
  if (SameMapping(legacy.page, subsection.page)) page.map = subsection.page.map;
  if (subsection.unspecified || page == subsection.page) return {};
  page.reserved = subsection.page.reserved;
  const bool offline_ram = !section.online && page.zone != Zone::kDevice;
  if (offline_ram && page == subsection.page) return {{}, FactClause::kOfflinePages};
  return {Check::kStructPage, {}};
}

bool Emptied(const SectionFacts& section) {
  SectionFacts empty;
  empty.kept_usage = section.kept_usage;
  return section == empty;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
