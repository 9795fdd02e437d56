// SPDX-License-Identifier: Apache-2.0
// The contract's rows about the series as posted, beside 5.1 and beside mainline. In such a pair they are asked before
// all others; which of those hold there too is said below.
#ifndef HPFUZZ_ORACLE_SERIES_CLAUSES_H_
#define HPFUZZ_ORACLE_SERIES_CLAUSES_H_

#include <algorithm>
#include <iterator>

#include "oracle/contract.h"
#include "oracle/nvdimm_clauses.h"
#include "oracle/predicates.h"
#include "oracle/series_predicates.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::series_clauses {

using Kind = OpKind;
using namespace predicates;

constexpr PairSet kBesideMainline = In(PairKind::kSeriesMainline);
constexpr PairSet kBeside51 = In(PairKind::kLegacySeries);
constexpr PairSet kBesideBoth = kBesideMainline | kBeside51;

constexpr OpSet kAdds = Ops(Kind::kAddPages, Kind::kArchAddMemory);
constexpr OpSet kAsks = kAdds | Ops(Kind::kMemremapPages, Kind::kAddMemory);
constexpr OpSet kLooks = Ops(Kind::kPfnValid, Kind::kStructPage);
constexpr OpSet kBinds = nvdimm_clauses::kBinds;
constexpr Foretold kAnything{};
constexpr Foretold kError{.outcomes = kRefuses};
constexpr Foretold kFails{.outcomes = kRefuses | kStops};

inline constexpr Clause kRows[] = {
    // Refused requests for memory
    {"posted-failed-in-both", kAsks | kBinds, FailedSomewhereInBoth, Relation::kBothRefuse, kFails, kFails, true,
     "requests for memory were refused in both",
     "the series makes memory blocks section by section, and undoes nothing when there is none to be had", kBesideBoth},
    {"posted-failed-in-one", kAsks | kBinds | Ops(Kind::kRemoveMemory), FailedSomewhere, Relation::kUnspecified,
     kAnything, kAnything, true, "a request for memory was refused in one of them",
     "what is there already is not asked for again", kBesideBoth},

    // Boot
    {"boot-range-lost", kLooks | kAsks | kTakesAway, BootBitMissing<BootBit::kRangeLost>, Relation::kKernelDefect,
     kAnything, kAnything, true,
     "a sub-section of boot RAM before another boot range of the same section; where memory goes, beside it, too",
     "section_active_init of v5 assigns the word where it should add to it; subsection_map_init adds (v8)", kBesideBoth,
     "B1"},
    {"boot-granule-short", kLooks | kAsks | kTakesAway, BootBitMissing<BootBit::kGranuleShort>, Relation::kKernelDefect,
     kAnything, kAnything, true,
     "the last sub-section of a boot range that begins inside one; where memory goes, beside it, too",
     "section_active_mask of v5 rounds the length up, wherever the range begins; first and last index since v8",
     kBesideBoth, "B2"},
    {"boot-hole-invalid", kLooks, BootBitMissing<BootBit::kHole>, Relation::kKernelDefect, kAnything, kAnything, true,
     "a page of a boot section that is no RAM",
     "pfn_valid of v5 asks the word in boot sections too, which breaks who walks them (Qian Cai); SECTION_IS_EARLY "
     "since v10 (326e1b8f83a4)",
     kBesideBoth, "B4"},

    // Adding
    {"posted-beyond-section-table", kAsks | kTakesAway, BeyondTable, Relation::kUnspecified, kAnything, kAnything, true,
     "the range wraps or reaches beyond what the section table names",
     "what is passed over, and what a removal reads first, decides where the machine stops", kBesideBoth},
    {"second-range-posted", Ops(Kind::kMemremapPages), SecondRange, Relation::kUnspecified, kAnything, kAnything, true,
     "a mapping of two ranges", "the rows below look at the first range only", kBesideMainline},
    {"posted-memblock-misaligned", Ops(Kind::kArchAddMemory), BlocksMisaligned, Relation::kSubsectionRefuses, kAnything,
     kFails, true, "memory blocks for a range that is not whole blocks",
     "the series refuses before it adds anything, by pages (add_pages); 6.1 takes back what it added, by bytes, and "
     "faults where that is not there any more",
     kBesideMainline},
    {"memblock-misaligned-posted", Ops(Kind::kArchAddMemory), BlocksMisaligned, Relation::kUnspecified, kAnything,
     kAnything, true, "memory blocks for a range that is not whole blocks",
     "5.1 makes one for each section it adds, the series refuses what is not whole sections in pages", kBeside51},
    {"memblock-altmap-posted", Ops(Kind::kArchAddMemory), BlocksWithAltmap, Relation::kUnspecified, kAnything,
     kAnything, true, "an altmap is given for memory with memory blocks",
     "where it does not suffice the series keeps the sections before, with their blocks", kBesideMainline},
    {"misaligned-add", kAdds | Ops(Kind::kMemremapPages), NotSubsectionAligned, Relation::kSubsectionRefuses, kAnything,
     kError, true, "start or length is no multiple of a sub-section",
     "v5 tests alignment where memory blocks are wanted only, and names bits for more or less than the range; "
     "check_pfn_span since v9 (7ea6216049ff)",
     kBesideMainline, "B9"},
    {"misaligned-add-posted", kAdds | Ops(Kind::kMemremapPages), NotSubsectionAligned, Relation::kCapacityRounded,
     kAnything, kAnything, true, "start or length is no multiple of a sub-section",
     "5.1 rounds out to sections, the series to sub-sections", kBeside51},
    // 6.1 faults before it comes to what is active where the memmap lies in memory that is not mapped any more.
    {"exists-passed-over", kAdds | Ops(Kind::kAddMemory), AnyActive, Relation::kSubsectionRefuses, kAnything, kFails,
     true, "a sub-section of the range is active already",
     "__add_pages of v5 takes -EEXIST for success, as 5.1 does; propagated since v10 (ba72b4c8cf60)", kBesideMainline,
     "B6"},
    {"mapping-exists-passed-over", Ops(Kind::kMemremapPages), MapsActive, Relation::kSubsectionRefuses, kAnything,
     kFails, true, "a sub-section of the range is active already, and nothing else forbids the mapping",
     "as for `exists-passed-over`: the struct pages are initialised again underneath their owner", kBesideMainline,
     "B6"},
    {"exists-in-pieces", kAsks, ActiveInEither, Relation::kUnspecified, kAnything, kAnything, true,
     "a sub-section of the range is active already",
     "both take -EEXIST for success: 5.1 of a section, the series of a piece", kBeside51},
    {"namespace-exists-passed-over", kBinds, ActiveInEither, Relation::kUnspecified, kAnything, kAnything, true,
     "a sub-section of the range is active already", "as for `exists-passed-over`", kBesideBoth, "B6"},
    {"posted-block-stands", Ops(Kind::kArchAddMemory, Kind::kAddMemory), BlockStands, Relation::kUnspecified, kAnything,
     kAnything, true, "a memory block stands on the range already",
     "the series passes over it, 6.1 answers -EEXIST and takes the range back", kBesideBoth},

    // Removing
    {"removal-by-sections", kRemoves, InPiecesFromRam, Relation::kLegacyRefuses, kFails, kAnything, true,
     "not whole sections, of a zone that is not Device", "__remove_pages of v5; by sub-sections since v9",
     kBesideMainline},
    {"removal-in-pieces", kRemoves, InPiecesFromRam, Relation::kUnspecified, kAnything, kAnything, true,
     "not whole sections, of a zone that is not Device", "5.1 stops at a BUG_ON, the series refuses", kBeside51},
    {"misaligned-removal", kRemoves, NotSubsectionAligned, Relation::kUnspecified, kAnything, kAnything, true,
     "start or length is no multiple of a sub-section",
     "__remove_pages of v5 lets devices go in any pieces: the mask takes a neighbour's bit; check_pfn_span since v9",
     kBesideBoth, "B9"},
    {"zone-of-first-page", Ops(Kind::kArchRemoveMemory, Kind::kRemoveMemory) | kReleases, ZoneUnknown,
     Relation::kKernelDefect, kAnything, kAnything, true,
     "the first struct page of the range is not there, or nobody initialised it",
     "arch_remove_memory takes the zone from it until feee6b298916 (5.5)", kBesideBoth, "D4"},
    {"release-of-ram-posted", kReleases, ReleasesRam, Relation::kUnspecified, kAnything, kAnything, true,
     "the first page of what is unmapped belongs to a zone of RAM: it was removed underneath, and added as RAM",
     "__remove_pages of v5 goes by that zone: spans shrink, and pieces do not go", kBesideMainline},
    {"span-search-lost", kTakesAway, SpanSearchLost, Relation::kLegacyStops, kAnything, kAnything, true,
     "the series' search for a new end of a span goes on below page 0",
     "find_biggest_section_pfn counts down with an unsigned number, which wraps; 5.5 looks at online pages only, when "
     "blocks go offline",
     kBesideBoth},
    {"span-scan-elsewhere", kTakesAway | Ops(Kind::kOfflinePages), SpanScanElsewhere, Relation::kUnspecified, kAnything,
     kAnything, true,
     "some section of the machine was let differ, or lost struct pages of active sub-sections with a large page of "
     "memmap",
     "the search for the new end of a span reads struct pages all over the zone, and stops where one is gone",
     kBesideBoth},

    // Online
    {"zone-by-other-spans", Ops(Kind::kOnlinePages), ZoneByOtherSpans, Relation::kUnspecified, kAnything, kAnything,
     true, "the zone is left to the kernel, and spans differ",
     "zone_for_pfn_range goes by zone spans, which the series shrinks at removal and 6.1 at offline", kBesideMainline},
    {"online-by-section", Ops(Kind::kPfnToOnlinePage, Kind::kPinPage), OnlineDiffers, Relation::kKernelDefect,
     kAnything, kAnything, true, "a hole, or a page of a device, in an online section",
     "pfn_to_online_page of v5 asks the section only; sub-section and mapping count since 9f9b02e5b346, 1f90a3477df3 "
     "(5.12)",
     kBesideMainline, "C13"},

    // Namespaces
    {"create-cut", kBinds, CreatesCut, Relation::kCapacityRounded, kAnything, kAnything, true,
     "the namespace ends at no multiple of its alignment, or that is below a sub-section",
     "nd_pfn_init of the series cuts off nothing (274b924088e9, 5.3-rc8); 6.1 rounds the alignment up to a sub-section",
     kBesideMainline, "A9"},

    {"create-of-nothing", kBinds, OneCreatesNothing, Relation::kKernelDefect, kAnything, kAnything, true,
     "rounding to the alignment leaves no page for data, in one of them or in both",
     "nd_pfn_init of 6.1 creates it all the same, 6.12 answers -ENXIO", In(PairKind::kAlike), "A12"},

    // Facts
    {"boot-range-lost-facts", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "facts of boot sections of two ranges", "as for `boot-range-lost`", kBesideMainline, "B1"},
    {"boot-granule-short-facts", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "facts of boot sections whose RAM begins inside a sub-section", "as for `boot-granule-short`", kBesideMainline,
     "B2"},
    {"boot-hole-invalid-facts", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "pfn_valid of a page of a boot section that is no RAM", "as for `boot-hole-invalid`", kBesideBoth, "B4"},
    {"online-by-section-facts", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "pfn_to_online_page of a hole, or of a page of a device, in an online section", "as for `online-by-section`",
     kBesideMainline, "C13"},
    {"span-kept", 0, Never, Relation::kKernelDefect, kAnything, kAnything, false,
     "the span of a zone of RAM of which nothing is left",
     "shrink_zone_span of v5 passes over the first sub-section of what goes only, and takes the second one for what is "
     "left; the whole range since July 2019 (Oscar Salvador)",
     kBesideMainline, "B8"},
};
inline constexpr size_t kFailureRows = 2;

// Rows of the older tables that hold in other pairs too. Beside 5.1 the series is as mainline but for what stands
// above.
inline constexpr std::string_view kNotBeside51[] = {"add-memblock-misaligned", "create-misaligned",
                                                    "block-refused-by-both"};
inline constexpr std::string_view kAlsoBesideMainline[] = {"empty-mapping",
                                                           "zone-beyond-section-table",
                                                           "zone-of-absent-section",
                                                           "from-zone",
                                                           "rezoned-in-use",
                                                           "region-in-one-world",
                                                           "dax-on-padded-namespace",
                                                           "namespace-in-other-state",
                                                           "info-block-in-data",
                                                           "block-refused-by-subsection",
                                                           "block-refused-by-both",
                                                           "block-read-differently",
                                                           "create-misaligned",
                                                           "create-oddly-aligned",
                                                           "create-without-capacity",
                                                           "namespace-maps-nothing",
                                                           "data-nobody-wrote",
                                                           "diverged-before",
                                                           "offline-page",
                                                           "offline-pages-reserved",
                                                           "span-timing",
                                                           "one-side-stopped"};
// Of mainline beside mainline.
inline constexpr std::string_view kAlsoAlike[] = {"offline-page",
                                                  "rezoned-in-use",
                                                  "region-in-one-world",
                                                  "namespace-in-other-state",
                                                  "block-refused-by-subsection",
                                                  "block-read-differently",
                                                  "namespace-maps-nothing",
                                                  "data-nobody-wrote",
                                                  "diverged-before",
                                                  "offline-pages-reserved",
                                                  "one-side-stopped"};

template <size_t kCount>
constexpr bool Has(const std::string_view (&ids)[kCount], std::string_view id) {
  return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}
constexpr PairSet PairsOf(std::string_view id) {
  PairSet pairs = In(PairKind::kLegacyMainline);
  if (!Has(kNotBeside51, id)) pairs |= kBeside51;
  if (Has(kAlsoBesideMainline, id)) pairs |= kBesideMainline;
  if (Has(kAlsoAlike, id)) pairs |= In(PairKind::kAlike);
  return pairs;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::series_clauses

#endif  // HPFUZZ_ORACLE_SERIES_CLAUSES_H_
