// SPDX-License-Identifier: Apache-2.0
// Compare: facts against facts.
#include "oracle/compare.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::optional<Check> Difference(const SectionFacts& layer, const SectionFacts& reference) {
  if (layer == reference) [[likely]] return std::nullopt;
  if (layer.bitmap != reference.bitmap) return Check::kBitmap;
  if (layer.block != reference.block) return Check::kBlock;
  if (layer.memmap != reference.memmap || layer.memmap_pages != reference.memmap_pages) return Check::kMemmap;
  if (layer.direct_map != reference.direct_map) return Check::kDirectMap;
  return Check::kSectionFlags;
}

std::optional<Check> Difference(const PfnFacts& layer, const PfnFacts& reference) {
  if (layer == reference) [[likely]] return std::nullopt;
  if (layer.valid != reference.valid) return Check::kPfnValid;
  if (layer.online != reference.online) return Check::kOnlinePage;
  if (layer.map != reference.map) return Check::kLookup;
  if (layer.backed != reference.backed) return Check::kMemmap;
  if (!reference.unspecified && layer.page != reference.page) return Check::kStructPage;
  return std::nullopt;
}

std::optional<Check> PairDifference(const SectionFacts& legacy, const SectionFacts& subsection, bool* excused) {
  if (legacy.present != subsection.present || legacy.valid != subsection.valid || legacy.online != subsection.online) {
    return Check::kSectionFlags;
  }
  if (legacy.bitmap != subsection.bitmap) {
    if (!subsection.early) return Check::kBitmap;
    *excused = true;
  }
  if (legacy.block != subsection.block) return Check::kBlock;
  if (legacy.memmap != subsection.memmap) return Check::kMemmap;
  if (legacy.direct_map != subsection.direct_map) return Check::kDirectMap;
  return std::nullopt;
}

std::optional<Check> PairDifference(const PfnFacts& legacy, const PfnFacts& subsection, bool early, bool* excused) {
  if (legacy == subsection) [[likely]] return std::nullopt;
  if (legacy.valid != subsection.valid) return Check::kPfnValid;
  if (legacy.map != subsection.map) return Check::kLookup;
  if (legacy.backed != subsection.backed) return Check::kMemmap;
  if (early && !legacy.page.initialised) {  // a hole
    *excused = true;
    return std::nullopt;
  }
  if (legacy.online != subsection.online) return Check::kOnlinePage;
  if (!subsection.unspecified && legacy.page != subsection.page) return Check::kStructPage;
  return std::nullopt;
}

bool Emptied(const SectionFacts& section) {
  SectionFacts empty;
  empty.kept_usage = section.kept_usage;
  return section == empty;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
