// SPDX-License-Identifier: Apache-2.0
// Facts of two machines against each other, beside the series above all: which differences its fact clauses excuse, and
// that they excuse no others. Not covered: 5.1 beside mainline, whose facts every kept trace compares.
#include "oracle/compare_pair.h"

#include <gtest/gtest.h>

#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr PairKind kSeries = PairKind::kSeriesMainline;
constexpr PairKind kSeries51 = PairKind::kLegacySeries;

// Section 0 has two ranges and a hole of a sub-section between them; section 1 one range that begins and ends in the
// middle of a sub-section; section 2 two ranges, the first of which has as many sub-sections as a section.
FirmwareMap Map() {
  return ParseTrace(
             "ram 0-1fffff\nram 400000-7ffffff\nram 8100000-82fffff\nram 10000000-17e80fff\nram 17f00000+100000\n",
             "map")
      ->map;
}

constexpr uint64_t kLastBit = kFullBitmap ^ kFullBitmap >> 1;
constexpr Pfn kLost = Pfn(0);
constexpr Pfn kHole = Pfn(0x200);
constexpr Pfn kShort = Pfn(0x8200);

SectionFacts Boot(uint64_t bitmap, bool early) {
  SectionFacts facts;
  facts.present = facts.valid = facts.online = true;
  facts.early = early;
  facts.bitmap = bitmap;
  return facts;
}

PairResult Excused(FactClause clause) { return {{}, clause}; }
PairResult Found(Check check) { return {check, {}}; }

void Expect(const PairResult& result, const PairResult& expected, const char* what) {
  EXPECT_EQ(result.difference, expected.difference) << what;
  EXPECT_EQ(result.excuse, expected.excuse) << what;
}

struct SectionCase {
  const char* what;
  PairKind pair;
  SectionNr nr;
  SectionFacts left;
  SectionFacts right;
  PairResult expected;
};

TEST(ComparePair, Sections) {
  const FirmwareMap map = Map();
  const SectionNr first(0);
  SectionFacts offline = Boot(1, true);
  offline.online = false;
  const SectionCase cases[] = {
      {"the same", kSeries, first, Boot(1, true), Boot(1, true), {}},
      {"another flag", kSeries, first, offline, Boot(1, true), Found(Check::kSectionFlags)},
      {"B1", kSeries, first, Boot(4, false), Boot(5, true), Excused(FactClause::kBootRangeLost)},
      {"B2", kSeries, first + 1, Boot(1, false), Boot(3, true), Excused(FactClause::kBootGranuleShort)},
      {"B1, of all bits", kSeries, first + 2, Boot(kLastBit, false), Boot(kFullBitmap, true),
       Excused(FactClause::kBootRangeLost)},
      {"a bit of what is no RAM", kSeries, first, Boot(5, false), Boot(7, true), Found(Check::kBitmap)},
      {"a bit of no boot section", kSeries, first, Boot(4, false), Boot(5, false), Found(Check::kBitmap)},
      {"a bit of the series' own", kSeries, first, Boot(6, false), Boot(5, true), Found(Check::kBitmap)},
      {"5.1 has all bits", kSeries51, first, Boot(kFullBitmap, false), Boot(4, false), Found(Check::kBitmap)},
      {"as early as mainline's", kSeries51, first, Boot(kFullBitmap, false), Boot(4, true),
       Excused(FactClause::kBootHole)},
      {"two mainlines", PairKind::kAlike, first, Boot(4, true), Boot(5, true), Found(Check::kBitmap)},
      {"two mainlines alike", PairKind::kAlike, first, Boot(5, true), Boot(5, true), {}},
  };
  for (const SectionCase& one : cases)
    Expect(ComparePairOf(one.pair, map, one.nr, one.left, one.right), one.expected, one.what);
}

PfnFacts Ram(bool valid, bool online, bool reserved = false) {
  PfnFacts facts;
  facts.valid = valid;
  facts.online = online;
  facts.backed = true;
  facts.page.initialised = true;
  facts.page.reserved = reserved;
  return facts;
}

// The same page with one thing changed.
template <typename Change>
PfnFacts With(PfnFacts facts, Change change) {
  change(&facts);
  return facts;
}

struct PageCase {
  const char* what;
  PairKind pair;
  Pfn pfn;
  PfnFacts left;
  PfnFacts right;
  SectionFacts section;
  PairResult expected;
};

TEST(ComparePair, PagesBesideMainline) {
  const FirmwareMap map = Map();
  const SectionFacts early = Boot(5, true);
  const SectionFacts late = Boot(5, false);
  SectionFacts offline = late;
  offline.online = false;
  const PfnFacts page = Ram(true, true);
  const PfnFacts reserved = Ram(true, true, true);
  const auto device = [](PfnFacts* facts) { facts->page.zone = Zone::kDevice; };
  const auto counted = [](PfnFacts* facts) { facts->page.count = 1; };
  const auto looked_up = [](PfnFacts* facts) { facts->map = 1; };
  const auto gone = [](PfnFacts* facts) { facts->page.map = kForeignHandle; };
  const auto chance = [](PfnFacts* facts) { facts->unspecified = true; };
  const auto unbacked = [](PfnFacts* facts) {
    facts->backed = false;
    facts->page = {};
  };
  const PageCase cases[] = {
      {"the same", kSeries, kHole, page, page, early, {}},
      {"C13", kSeries, kHole, page, Ram(true, false), early, Excused(FactClause::kOnlineBySection)},
      {"online in mainline only", kSeries, kHole, Ram(true, false), page, early, Found(Check::kOnlinePage)},
      {"B4", kSeries, kHole, Ram(false, true), page, early, Excused(FactClause::kBootHoleInvalid)},
      {"B1", kSeries, kLost, Ram(false, true), page, early, Excused(FactClause::kBootRangeLost)},
      {"B2", kSeries, kShort, Ram(false, true), page, early, Excused(FactClause::kBootGranuleShort)},
      {"valid in mainline only", kSeries, kHole, Ram(false, true), page, late, Found(Check::kPfnValid)},
      {"valid in the series only", kSeries, kHole, page, Ram(false, true), early, Found(Check::kPfnValid)},
      {"another lookup", kSeries, kHole, page, With(page, looked_up), early, Found(Check::kLookup)},
      {"no struct page", kSeries, kHole, page, With(page, unbacked), early, Found(Check::kMemmap)},
      {"a mapping that is gone is none", kSeries, kHole, With(page, gone), page, early, {}},
      {"left to chance", kSeries, kHole, With(With(page, counted), chance), page, early, {}},
      {"left to chance in mainline", kSeries, kHole, With(page, counted), With(page, chance), early, {}},
      {"reserved, online", kSeries, kHole, reserved, page, late, Found(Check::kStructPage)},
      {"reserved, offline", kSeries, kHole, reserved, page, offline, Excused(FactClause::kOfflinePages)},
      {"reserved, of a device", kSeries, kHole, With(reserved, device), With(page, device), offline,
       Found(Check::kStructPage)},
      {"more than reserved", kSeries, kHole, With(reserved, counted), page, offline, Found(Check::kStructPage)},
      {"an excuse before", kSeries, kHole, Ram(true, true, true), Ram(true, false), offline,
       Excused(FactClause::kOnlineBySection)},
  };
  for (const PageCase& one : cases)
    Expect(ComparePairOf(one.pair, map, one.pfn, one.left, one.right, one.section), one.expected, one.what);
}

TEST(ComparePair, PagesOfOtherPairs) {
  const FirmwareMap map = Map();
  const SectionFacts early = Boot(5, true);
  const SectionFacts late = Boot(5, false);
  const PfnFacts page = Ram(true, true);
  const PageCase cases[] = {
      {"B4 beside 5.1", kSeries51, kHole, page, Ram(false, true), early, Excused(FactClause::kBootHoleInvalid)},
      {"B4 and more", kSeries51, kHole, page, Ram(false, false), early, Found(Check::kOnlinePage)},
      {"valid in 5.1 only", kSeries51, kHole, page, Ram(false, true), late, Found(Check::kPfnValid)},
      {"valid in the series only", kSeries51, kHole, Ram(false, true), page, early, Found(Check::kPfnValid)},
      {"the same beside 5.1", kSeries51, kHole, page, page, early, {}},
      {"two mainlines", PairKind::kAlike, kHole, page, Ram(false, true), early, Found(Check::kPfnValid)},
      {"5.1 and mainline", PairKind::kLegacyMainline, kHole, page, Ram(false, true), early, Found(Check::kPfnValid)},
  };
  for (const PageCase& one : cases)
    Expect(ComparePairOf(one.pair, map, one.pfn, one.left, one.right, one.section), one.expected, one.what);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
