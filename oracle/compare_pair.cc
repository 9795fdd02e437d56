// SPDX-License-Identifier: Apache-2.0
// Compare: which fact clause a difference needs, by pair.
#include "oracle/compare_pair.h"

#include <bit>

#include "oracle/series_predicates.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

FactClause ClauseOf(predicates::BootBit why) {
  switch (why) {
    case predicates::BootBit::kRangeLost: return FactClause::kBootRangeLost;
    case predicates::BootBit::kGranuleShort: return FactClause::kBootGranuleShort;
    case predicates::BootBit::kHole: return FactClause::kBootHoleInvalid;
  }
  __builtin_unreachable();
}

// The series has no bit of its own: what differs are bits of boot RAM that it lacks.
PairResult CompareBitmaps(const FirmwareMap& map, SectionNr nr, const SectionFacts& series,
                          const SectionFacts& merged) {
  const uint64_t apart = series.bitmap ^ merged.bitmap;
  if (apart == 0) return {};
  if (!merged.early || (apart & series.bitmap) != 0) return {Check::kBitmap, {}};
  const auto bit = static_cast<uint64_t>(std::countr_zero(apart));
  const predicates::BootBit why = predicates::WhyNoBootBit(map, nr.first_pfn() + bit * kPagesPerSubsection);
  if (why == predicates::BootBit::kHole) return {Check::kBitmap, {}};
  return {{}, ClauseOf(why)};
}

PairResult CompareWithMerged(const FirmwareMap& map, Pfn pfn, const PfnFacts& series, const PfnFacts& merged,
                             const SectionFacts& section) {
  PairResult result;
  if (series.online != merged.online) {
    if (!series.online) return {Check::kOnlinePage, {}};
    result.excuse = FactClause::kOnlineBySection;
  }
  if (series.valid != merged.valid) {
    if (series.valid || !section.early) return {Check::kPfnValid, {}};
    result.excuse = ClauseOf(predicates::WhyNoBootBit(map, pfn));
  }
  if (series.map != merged.map) return {Check::kLookup, {}};
  if (series.backed != merged.backed) return {Check::kMemmap, {}};
  PageView page = series.page;
  if (SameMapping(series.page, merged.page)) page.map = merged.page.map;
  if (series.unspecified || merged.unspecified || page == merged.page) return result;
  page.reserved = merged.page.reserved;
  const bool offline_ram = !section.online && page.zone != Zone::kDevice;
  if (!offline_ram || page != merged.page) return {Check::kStructPage, {}};
  if (!result.excuse) result.excuse = FactClause::kOfflinePages;
  return result;
}

}  // namespace

PairResult ComparePairOf(PairKind pair, const FirmwareMap& map, SectionNr nr, const SectionFacts& left,
                         const SectionFacts& right) {
  if (pair == PairKind::kLegacyMainline || pair == PairKind::kLegacySeries) return ComparePair(left, right);
  SectionFacts same_bits = left;
  same_bits.bitmap = right.bitmap;
  if (const PairResult result = ComparePair(same_bits, right); result.difference) return result;
  if (pair == PairKind::kSeriesMainline) return CompareBitmaps(map, nr, left, right);
  if (left.bitmap != right.bitmap) return {Check::kBitmap, {}};
  return {};
}

PairResult ComparePairOf(PairKind pair, const FirmwareMap& map, Pfn pfn, const PfnFacts& left, const PfnFacts& right,
                         const SectionFacts& section) {
  switch (pair) {
    case PairKind::kLegacyMainline: return ComparePair(left, right, section);
    case PairKind::kLegacySeries: {
      if (left.valid == right.valid || !left.valid || !section.early) return ComparePair(left, right, section);
      PfnFacts as_valid = right;
      as_valid.valid = true;
      const PairResult result = ComparePair(left, as_valid, section);
      return result.difference ? result : PairResult{{}, FactClause::kBootHoleInvalid};
    }
    case PairKind::kSeriesMainline: return CompareWithMerged(map, pfn, left, right, section);
    case PairKind::kAlike: return ComparePair(left, right, section);
  }
  __builtin_unreachable();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
