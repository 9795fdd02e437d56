// SPDX-License-Identifier: Apache-2.0
// The contract's rows about memory, 5.1 beside mainline, and its facts. contract.cc puts them into its table; the order
// is that of the kernels' checks, and the first row that holds governs.
#ifndef HPFUZZ_ORACLE_MEMORY_CLAUSES_H_
#define HPFUZZ_ORACLE_MEMORY_CLAUSES_H_

#include "oracle/contract.h"
#include "oracle/nvdimm_clauses.h"
#include "oracle/predicates.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::memory_clauses {

using namespace predicates;
using Kind = OpKind;

constexpr OpSet kAdds = Ops(Kind::kAddPages, Kind::kArchAddMemory);
constexpr OpSet kRemoves = Ops(Kind::kRemovePages, Kind::kArchRemoveMemory);
constexpr OpSet kMap = Ops(Kind::kMemremapPages);
constexpr OpSet kAsks = kAdds | kMap | Ops(Kind::kAddMemory);
constexpr OpSet kMakesBlocks = Ops(Kind::kArchAddMemory, Kind::kAddMemory);
constexpr OpSet kAsksSomehow = kAsks | nvdimm_clauses::kBinds;
constexpr OpSet kReleases = Ops(Kind::kMemunmapPages, Kind::kUnpinPage, Kind::kNsDisable);
constexpr OpSet kEveryOp = (OpSet{1} << kOpKinds) - 1;

constexpr Foretold kAnything{};
constexpr Foretold kZero{.outcomes = kSucceeds};
constexpr Foretold kError{.outcomes = kRefuses};
constexpr Foretold kMachineStops{.outcomes = kStops};
// arch_remove_memory tears the direct map down whatever the pages below it said: in use, they stop the machine.
constexpr Foretold kSurvives{.outcomes = kSucceeds | kStops};
// Undoing what was done before the failure can stop the machine.
constexpr Foretold kFails{.outcomes = kRefuses | kStops};
constexpr Foretold Refusal(Errno error) { return {.outcomes = kRefuses, .error = error}; }

inline constexpr Clause kRows[] = {
    // Refused requests for memory. Asked for when the operation is over, and only when one ended it; the last three
    // rows hold for whatever the others leave. A large page that base pages replace, and one node of the lookup, end
    // nothing.
    {"failed-direct-map", kAsks, FailedInBoth<AllocSite::kDirectMap>, Relation::kBothStop, kMachineStops, kMachineStops,
     true, "a page table of the direct map was refused in both", "what alloc_low_page gives is not looked at"},
    {"failed-direct-map-legacy", kAsks, FailedInLegacy<AllocSite::kDirectMap>, Relation::kLegacyStops, kMachineStops,
     kAnything, true, "a page table of the direct map was refused in 5.1 only",
     "5.1 maps whole sections; what is left of earlier requests saves tables"},
    {"failed-direct-map-subsection", kAsks, FailedInSubsection<AllocSite::kDirectMap>, Relation::kUnspecified,
     kAnything, kMachineStops, true, "a page table of the direct map was refused in 6.1 only",
     "5.1 refused the request before, or what is left of earlier requests saves it tables"},
    {"failed-resource", Ops(Kind::kAddMemory), FailedInBoth<AllocSite::kResource>, Relation::kBothRefuse,
     Refusal(kEEXIST), Refusal(kEEXIST), false, "the resource was refused",
     "register_memory_resource takes no resource for an overlap; nothing was done yet"},
    {"failed-spare-resource", Ops(Kind::kRemoveMemory), SpareResourceMissed, Relation::kFactsDiffer, kZero, kAnything,
     true, "the resource for the second half of one that is split was refused, so that it stays",
     "release_mem_region_adjustable of 5.1 prints and leaves the resource; 6.1 asks until it gets one (cb8e3c8b4f45)"},
    {"failed-counter", kMap, FailedInSubsection<AllocSite::kCounter>, Relation::kSubsectionRefuses, kAnything,
     Refusal(kENOMEM), true, "the reference counter of the mapping was refused",
     "percpu_ref_init in memremap_pages; in 5.1 the counter is the caller's"},
    {"failed-lookup", kMap, LookupFailedAlone, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), false,
     "a node of the lookup was refused twice in both, no mapping reaches into the sections",
     "xa_store_range in both; nothing else was done yet"},
    {"failed-lookup-over-mapping", kMap, FailedInBoth<AllocSite::kLookup>, Relation::kBothRefuse, Refusal(kENOMEM),
     Refusal(kENOMEM), true, "the same where a mapping reaches into the sections",
     "a store that fails half-way has overwritten some of its entries; how many depends on the mappings before"},
    {"failed-tracking", kMap, FailedInBoth<AllocSite::kPat>, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM),
     false, "the page-attribute tracking entry was refused in both",
     "track_pfn_remap; the lookup of the whole request is erased, nothing else was done yet"},
    {"failed-section", kAsks, SectionFailedAlike, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), false,
     "root, usemap (usage record) or memmap of the same new section was refused in both, and no section before it has "
     "a memory block",
     "that section is as before, those before it and the direct map of all stay, resource and lookup go"},
    {"failed-memmap-left", kAsks, BasePagesLeft, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), true,
     "the same base page of a memmap was refused in both, and not the first of its section",
     "vmemmap_populate of 5.1 leaves the pages it has mapped; section_deactivate gives them back (ba72b4c8cf60)"},
    {"failed-section-apart", kAsks, SectionFailedApart, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), true,
     "the same of them was refused in both, but sections were there before, or those before it have memory blocks",
     "5.1 makes the block of each section at once, passes over valid sections and knows no part of one; the numbers of "
     "requests differ"},
    {"failed-block", kMakesBlocks, FailedInBoth<AllocSite::kBlock>, Relation::kBothRefuse, Refusal(kENOMEM),
     Refusal(kENOMEM), true, "a memory block device was refused in both",
     "5.1 leaves its section without a block; 6.1 undoes everything (db051a0dac13, 5.3)"},
    {"failed-block-name", kMakesBlocks, FailedInBoth<AllocSite::kBlockName>, Relation::kBothRefuse, Refusal(kEINVAL),
     Refusal(kEINVAL), true, "the name of a memory block device was refused in both", "as for `failed-block`"},
    {"failed-action", kMap, ActionFailedAlike, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), false,
     "the release action of a mapping of new sections was refused in both",
     "devm_add_action_or_reset releases the mapping at once"},
    {"failed-in-both", kAsksSomehow, FailedSomewhereInBoth, Relation::kBothRefuse, kFails, kFails, true,
     "requests for memory were refused in both, not as above",
     "5.1 asks for the memmap before the usemap and for each block after its section, 5.3 and later for the usage "
     "record first, for base pages where sections are partial, for blocks at the end, and not for what is there"},
    {"failed-in-legacy", kAsksSomehow, FailedInLegacyOnly, Relation::kLegacyRefuses, kFails, kAnything, true,
     "a request for memory was refused in 5.1 only",
     "6.1 did not get so far, or did not need it: a section without its own usage record, a part of a memmap"},
    {"failed-in-subsection", kAsksSomehow, FailedInSubsectionOnly, Relation::kSubsectionRefuses, kAnything, kFails,
     true, "a request for memory was refused in 6.1 only",
     "5.1 did not get so far, or did not need it: a section that is valid, a large page for a part of one"},

    // memremap_pages
    {"second-range",
     kMap,
     SecondRange,
     Relation::kNoCounterpart,
     {.outcomes = kElse},
     kAnything,
     true,
     "a mapping of two ranges",
     "struct dev_pagemap has nr_range since 5.10 (b7b3c01b1915)"},
    {"no-reference-counter", kMap, NoReferenceCounter, Relation::kNoCounterpart, Refusal(kEINVAL), kAnything, true,
     "no counter is given", "devm_memremap_pages of 5.1 demands ref and kill; the counter moved into the pgmap in 5.3"},
    {"empty-mapping", kMap, NoPages, Relation::kUnspecified, kAnything, kAnything, true, "no whole page is asked for",
     "both refuse unless a live mapping or RAM is found first, and what is found depends on rounding"},
    {"beyond-section-table",
     kMap,
     BeyondTable,
     Relation::kLegacyStops,
     {.outcomes = kStops | kRefuses | kSucceeds},
     kError,
     true,
     "the range wraps or reaches beyond what the section table names (5.1 sees one section where it wraps inside one)",
     "5.1 has no range check before mem_section is indexed; mhp_range_allowed since 5.12 (bca3feaa0764)"},
    {"live-mapping-in-section", kMap, LiveInSection, Relation::kLegacyRefuses, Refusal(kENOMEM), kAnything, true,
     "a live mapping covers an end of the rounded range, none an end of the exact one",
     "devm_memremap_pages of 5.1 rounds to sections before it looks for conflicts"},
    {"live-mapping-inside", kMap, LiveInRange, Relation::kKernelDefect, kAnything, Refusal(kENOMEM), true,
     "a live mapping covers an end of the exact range, none an end of the rounded one",
     "devm_memremap_pages of 5.1 looks at the two end pages of the rounded range only: a silent double mapping"},
    {"live-mapping", kMap, LiveInBoth, Relation::kBothRefuse, Refusal(kENOMEM), Refusal(kENOMEM), false,
     "a live mapping covers an end of the range in both",
     "get_dev_pagemap of both end pages; the warning counts differ only where the type is unset"},
    {"ram-in-section", kMap, RamInSection, Relation::kLegacyRefuses, Refusal(kENXIO), kAnything, true,
     "System RAM in the sections of the range, none in the range itself",
     "region_intersects over the rounded range: the mixed region of the series' cover letter"},
    {"ram-below-other", kMap, RamBelowOther, Relation::kSubsectionRefuses, kAnything, Refusal(kENXIO), true,
     "System RAM in the range, but below another resource",
     "region_intersects of 5.1 sees top-level nodes only; descends since b4afe4183ec7 (6.12 and stable)"},
    {"ram-in-range", kMap, RamInBoth, Relation::kBothRefuse, Refusal(kENXIO), Refusal(kENXIO), false,
     "System RAM in the range", "region_intersects in both"},
    {"ends-with-addresses", kMap, EndsWithAddresses, Relation::kLegacyRefuses, Refusal(kEINVAL), kAnything, true,
     "the sections of the range end where page tables cannot name more",
     "reserve_memtype of 5.1 cuts the exclusive end to the physical mask, which leaves 0 (until aeef8b5089b7, 5.15)"},
    {"sub-page-range", kMap, SubPage, Relation::kUnspecified, kAnything, kAnything, true,
     "start or length is no multiple of a page",
     "both truncate to pages, after 5.1 has rounded to sections; the lookup store of 6.1 keeps the last byte's page"},
    {"altmap-in-section", kMap, AltmapInSection, Relation::kUnspecified, kAnything, kAnything, true,
     "an altmap on a range that is not whole sections",
     "the altmap must begin where the rounded (5.1) or the exact range begins; 6.1 uses it for whole sections only"},
    {"altmap-short", kMap, AltmapShort, Relation::kUnspecified, kAnything, kAnything, true,
     "the altmap may not hold the memmap of every section",
     "without a fall-back in both; 6.1 leaves its counter behind and warns of that"},
    {"misaligned-to-subsection", kMap, NotSubsectionAligned, Relation::kSubsectionRefuses, kAnything, Refusal(kEINVAL),
     true, "start or length is no multiple of a sub-section",
     "check_pfn_span (7ea6216049ff); 5.1 rounds out to sections"},
    {"type-unset", kMap, TypeUnset, Relation::kUnspecified, kAnything, kAnything, true, "the type field is left 0",
     "memremap_pages of 6.1 warns of it"},
    {"already-active", kMap, AnyActive, Relation::kSubsectionRefuses, kAnything, kError, true,
     "a sub-section of the range is active already",
     "__add_pages of 5.1 swallows -EEXIST; propagated since the merged series (ba72b4c8cf60)"},
    {"section-mapped-twice", kMap, SectionInUse, Relation::kKernelDefect, kAnything, kAnything, true,
     "a section of the range is in use, the sub-sections of the range are not",
     "5.1 takes the section over without a word and initialises all its struct pages anew"},
    {"private-pages", kMap, TypePrivate, Relation::kFactsDiffer, kZero, kZero, true,
     "memory of a device that the processor cannot reach",
     "free private pages have no reference since ef233450898f (6.1)"},
    {"rounded-to-sections", kMap, NotSectionAligned, Relation::kCapacityRounded, kZero, kZero, true,
     "the range is not whole sections", "5.1 maps whole sections, 5.3 and later exactly the sub-sections"},

    // __add_pages, arch_add_memory
    {"add-beyond-section-table", kAdds, BeyondTable, Relation::kLegacyStops, kAnything, kAnything, true,
     "the range wraps or reaches beyond what the section table names",
     "5.1 indexes mem_section past its end; 6.1 answers -ERANGE at the arch level (arch_add_memory) only"},
    {"add-nothing-inside-section", kAdds, EmptyInsideSection, Relation::kKernelDefect, kAnything, kAnything, true,
     "no pages, from inside a section or from page 0",
     "5.1 counts sections from the first to the last page number: one, or beyond all bounds"},
    {"add-altmap", Ops(Kind::kArchAddMemory), AltmapGiven, Relation::kUnspecified, kAnything, kAnything, true,
     "an altmap is given",
     "its base must be the section (5.1) or the range start, and 6.1 uses it for whole sections only"},
    {"add-misaligned", kAdds, NotSubsectionAligned, Relation::kSubsectionRefuses, kZero, Refusal(kEINVAL), true,
     "start or length is no multiple of a sub-section", "check_pfn_span (7ea6216049ff); 5.1 rounds out to sections"},
    {"add-whole-again", Ops(Kind::kAddPages), ActiveAndLegacyWhole, Relation::kSubsectionRefuses, kZero,
     Refusal(kEEXIST), true, "every section of the range is valid already and a sub-section of it is active",
     "__add_pages of 5.1 swallows -EEXIST and changes nothing"},
    {"add-already-active", kAdds, AnyActive, Relation::kSubsectionRefuses, kZero, Refusal(kEEXIST), true,
     "a sub-section of the range is active already",
     "__add_pages of 5.1 swallows -EEXIST and adds what is missing; 6.1 stops there without a roll-back"},
    {"add-memblock-misaligned", Ops(Kind::kArchAddMemory), MemblockUnaligned, Relation::kSubsectionRefuses, kAnything,
     kFails, true, "memory blocks for a range that is not whole blocks",
     "create_memory_block_devices of 6.1 refuses, and what was added is taken back, by bytes: a fault where the last "
     "of them are of a page that boot RAM needs; 5.1 makes one for each section it adds"},
    {"add-section-in-use", kAdds, SectionInUse, Relation::kKernelDefect, kZero, kAnything, true,
     "a section of the range is valid, the sub-sections of the range are not active",
     "5.1 takes a valid section for done"},
    {"add-rounded-to-sections", kAdds, NotSectionAligned, Relation::kCapacityRounded, kZero, kZero, true,
     "the range is not whole sections", "5.1 adds whole sections"},

    // __remove_pages, arch_remove_memory
    {"remove-beyond-section-table", kRemoves, BeyondTable, Relation::kUnspecified, kAnything, kAnything, true,
     "the range wraps or reaches beyond what the section table names",
     "nothing is valid there: 5.1 refuses or faults, 6.1 warns"},
    {"remove-nothing", kRemoves, NoPages, Relation::kUnspecified, kAnything, kAnything, true, "no whole page is named",
     "5.1 tests alignment and reads the zone of the first page all the same"},
    {"remove-misaligned", kRemoves, NotSectionAligned, Relation::kLegacyStops, kAnything, kSurvives, true,
     "start or length is no multiple of a section",
     "BUG_ON in __remove_pages of 5.1; 6.1 works by sub-sections and warns of anything finer"},
    {"remove-altmap", Ops(Kind::kArchRemoveMemory), AltmapGiven, Relation::kUnspecified, kAnything, kAnything, true,
     "an altmap is given", "what it accounts was decided differently when the memory was added"},
    {"remove-memmap-in-device", kRemoves, OverAltmap, Relation::kUnspecified, kAnything, kSurvives, true,
     "an earlier operation put a memmap into the memory of the range",
     "without its altmap 5.1 frees pages that are not allocatable; 6.1 uses an altmap for whole sections only"},
    {"remove-absent", kRemoves, SomeSectionAbsent, Relation::kLegacyRefuses, kAnything, kSurvives, true,
     "a section of the range is not valid",
     "5.1 stops at it with -EINVAL (and faults if it comes first: arch_remove_memory reads its zone); 6.1 warns and "
     "goes on"},
    {"remove-uninitialised", Ops(Kind::kArchRemoveMemory), FirstPageUninitialised, Relation::kKernelDefect, kAnything,
     kSurvives, true, "nobody initialised the first struct page of the range",
     "arch_remove_memory of 5.1 takes the zone from it (feee6b298916, 5.5, ends that)"},
    {"remove-part-active", kRemoves, PartActive, Relation::kSubsectionRefuses, kAnything, kSurvives, true,
     "not every sub-section of the range is active",
     "section_deactivate of 6.1 warns and leaves the section alone; 5.1 removes it"},
    {"remove-without-block", Ops(Kind::kArchRemoveMemory), MemblockWithoutBlock, Relation::kUnspecified, kAnything,
     kSurvives, true, "memory blocks are to be removed and one is missing",
     "remove_memory_block_devices of 6.1 warns of it"},
    {"remove-zones-by-hand", kRemoves, ZonesByHand, Relation::kUnspecified, kAnything, kSurvives, true,
     "memory was moved between zones by hand before, or removed from a zone that is not its own, or the search for a "
     "new end of the span goes below page 0",
     "shrink_zone_span of 5.1 steps through the span in sections, and out of memory when the span fits no section"},
    {"remove-blocks-left", kRemoves, BlocksInRange, Relation::kFactsDiffer, kAnything, kSurvives, true,
     "memory blocks stand on the range",
     "__remove_pages of 5.1 unregisters them, 6.1 leaves them to its callers (4c4b7f9ba948)"},

    // add_memory, remove_memory
    {"add-memory-out-of-range", Ops(Kind::kAddMemory), EmptyOrBeyondResources, Relation::kSubsectionRefuses, kAnything,
     kError, true, "nothing, a wrapping range, or one that ends beyond physical memory",
     "5.1 asks the resource tree first (-EEXIST) and never the section table, whose numbers it keeps in an int: from "
     "2^59 on it adds another section; 6.1 checks the range first (-E2BIG)"},
    {"add-memory-sub-page", Ops(Kind::kAddMemory), SubPage, Relation::kUnspecified, kAnything, kError, true,
     "start or length is no multiple of a page", "5.1 checks alignment in pages, 6.1 in bytes"},
    {"add-memory-over-pages", Ops(Kind::kAddMemory), AnyActive, Relation::kSubsectionRefuses, kAnything, kError, true,
     "a sub-section of the range is active already",
     "5.1 takes the section over without a memory block; 6.1 answers -EEXIST from the bitmap"},
    {"add-memory-over-sections", Ops(Kind::kAddMemory), OverValidSections, Relation::kUnspecified, kAnything, kAnything,
     true, "sections are valid in 5.1 alone, by an earlier difference", "5.1 takes them over without memory blocks"},
    {"remove-memory-unaligned", Ops(Kind::kRemoveMemory), RangeUnaligned, Relation::kBothStop, kAnything, kMachineStops,
     true, "nothing, or a range that is not whole blocks",
     "BUG_ON(check_hotplug_memory_range()) in both; 5.1 checks in pages"},
    {"remove-memory-beyond-table", Ops(Kind::kRemoveMemory), BeyondTable, Relation::kUnspecified, kAnything, kAnything,
     true, "the range wraps or reaches beyond what the section table names",
     "nothing is valid there: 5.1 faults, 6.1 warns"},
    {"remove-memory-online", Ops(Kind::kRemoveMemory), OnlineIn51, Relation::kLegacyStops, kMachineStops, kAnything,
     true, "a block of the range is online", "BUG in remove_memory of 5.1; -EBUSY since eca499ab3749 (5.3)"},
    {"remove-memory-online-left", Ops(Kind::kRemoveMemory), OnlineIn61, Relation::kSubsectionRefuses, kAnything,
     Refusal(kEBUSY), true, "a block of the range is online in 6.1 only",
     "blocks outlive arch_remove_memory there; try_remove_memory refuses while one is online"},
    {"remove-memory-below-resources", Ops(Kind::kRemoveMemory), ResourcesInTheWay, Relation::kUnspecified, kAnything,
     kAnything, true,
     "resources were inserted by hand, the firmware names other memory there, or the range ends beyond physical memory",
     "release_mem_region_adjustable of 6.1 warns when a child is in its way, 5.1 only prints, and leaves RAM that lies "
     "in another resource there (65c78784135f)"},
    {"remove-memory-absent", Ops(Kind::kRemoveMemory), SomeSectionAbsent, Relation::kLegacyStops, kAnything, kAnything,
     true, "a section of the range is not valid",
     "5.1 reads the zone out of a missing struct page, or stops at the hole; 6.1 warns and goes on"},
    {"remove-memory-uninitialised", Ops(Kind::kRemoveMemory), FirstPageUninitialised, Relation::kKernelDefect,
     kAnything, kAnything, true, "nobody initialised the first struct page of the range",
     "arch_remove_memory of 5.1 takes the zone from it"},
    {"remove-memory-in-device", Ops(Kind::kRemoveMemory), OverAltmap, Relation::kUnspecified, kAnything, kAnything,
     true, "an earlier operation put a memmap into the memory of the range", "as for arch_remove_memory"},
    {"remove-memory-zones-by-hand", Ops(Kind::kRemoveMemory), ZonesByHand, Relation::kUnspecified, kAnything, kAnything,
     true, "as for `remove-zones-by-hand`", "shrink_zone_span of 5.1, as for arch_remove_memory"},
    {"remove-memory-without-block", Ops(Kind::kRemoveMemory), NoBlock, Relation::kUnspecified, kAnything, kZero, true,
     "a section of the range has no memory block", "remove_memory_block_devices of 6.1 warns of it"},
    {"remove-memory-part-active", Ops(Kind::kRemoveMemory), PartActive, Relation::kSubsectionRefuses, kAnything, kZero,
     true, "not every sub-section of the range is active",
     "section_deactivate of 6.1 warns and leaves the section alone"},

    // memunmap_pages, and the unpin_page that completes one
    {"release-removed-underneath", kReleases, SomeSectionAbsent, Relation::kUnspecified, kAnything, kAnything, true,
     "a section of the mapping was removed underneath it",
     "both read the zone of the first page (a fault when it is gone); 5.1 stops at the first hole, 6.1 goes on"},
    {"release-part-active", kReleases, PartActive, Relation::kUnspecified, kAnything, kAnything, true,
     "sub-sections of the mapping were removed underneath it",
     "section_deactivate of 6.1 warns and leaves the section alone"},
    {"release-replaced", kReleases, SomeSectionReplaced, Relation::kKernelDefect, kAnything, kAnything, true,
     "struct pages were removed and added again underneath the mapping",
     "both take the zone from the first one; 5.1 leaves the references of the others on its counter"},

    {"release-memmap-in-device", kReleases, OverAltmap, Relation::kUnspecified, kAnything, kAnything, true,
     "an earlier operation put a memmap into the memory of the range",
     "what the altmap accounts depends on the sections it served"},
    {"release-zones-by-hand", kReleases, ZonesByHand, Relation::kUnspecified, kAnything, kAnything, true,
     "as for `remove-zones-by-hand`", "shrink_zone_span of 5.1, as for removal"},
    {"offline-boot-hole", Ops(Kind::kOfflinePages), BootSectionWithHole, Relation::kUnspecified, kAnything, kAnything,
     true, "a boot block that is not RAM from end to end",
     "5.1 goes by the zone of zeroed struct pages; 6.1 refuses blocks with holes (-EINVAL, 5.5)"},
    {"offline-without-ram", Ops(Kind::kOfflinePages), NoRamResourceOffline, Relation::kSubsectionRefuses, kAnything,
     kAnything, true,
     "a memory block that is not System RAM from end to end in 6.1, or resources were inserted by hand",
     "offline_pages of 6.1 counts the pages of walk_system_ram_range first (-EINVAL, 5.5); 5.1 does not"},
    // online_pages, offline_pages, zones
    {"from-zone",
     Ops(Kind::kRemovePfnRangeFromZone),
     [](const Situation&) { return true; },
     Relation::kNoCounterpart,
     {.outcomes = kElse},
     kAnything,
     true,
     "always",
     "remove_pfn_range_from_zone exists since 5.6 (feee6b298916)"},
    {"zone-beyond-section-table", Ops(Kind::kMovePfnRangeToZone), BeyondTable, Relation::kUnspecified, kAnything,
     kAnything, true, "the range wraps or reaches beyond what the section table names",
     "there are no struct pages there"},
    {"zone-of-absent-section", Ops(Kind::kMovePfnRangeToZone), SomeSectionInvalid, Relation::kUnspecified, kAnything,
     kAnything, true, "a section of the range is not valid",
     "both initialise struct pages that are not there; for Device 6.1 marks the section and leaves the pages to the "
     "mapping"},
    {"rezoned-in-use", Ops(Kind::kMovePfnRangeToZone), MovesPagesInUse, Relation::kUnspecified, kAnything, kAnything,
     true, "pages that are online or belong to a mapping are moved by hand",
     "no caller in either kernel does that; it makes free pages reserved and takes device pages from their mapping"},
    {"online-without-ram", Ops(Kind::kOnlinePages), NoRamResource, Relation::kLegacyRefuses, kAnything, kAnything, true,
     "a memory block that is not System RAM from end to end, or resources were inserted by hand",
     "online_pages of 5.1 counts the pages of walk_system_ram_range, 6.1 those of the block"},
    {"zone-by-span", Ops(Kind::kOnlinePages), ZoneBySpan, Relation::kUnspecified, kAnything, kAnything, true,
     "the zone is left to the kernel",
     "zone_for_pfn_range goes by zone spans, which 5.1 shrinks at removal and 6.1 at offline"},

    // Queries
    {"nested-ram", Ops(Kind::kRegionIntersects), RamNested, Relation::kFactsDiffer, kZero, kZero, false,
     "System RAM below another resource, or a resource tree that was let differ",
     "region_intersects descends since b4afe4183ec7"},
    {"boot-hole-online", Ops(Kind::kPfnToOnlinePage), InBootHole, Relation::kFactsDiffer, kZero, kZero, false,
     "a page of a boot section that is no RAM",
     "pfn_to_online_page of 5.1 asks the section only; the sub-section bit counts since 9f9b02e5b346 (5.12)"},
    {"offline-page", Ops(Kind::kStructPage), PageOfOfflineMemory, Relation::kFactsDiffer, kAnything, kAnything, false,
     "a page of memory that is not online and not of a device",
     "5.1 sets the reserved bit of what goes offline, 6.1 does not; 6.12 not even of what waits to go online"},
    {"boot-hole-page", Ops(Kind::kStructPage, Kind::kPinPage, Kind::kUnpinPage), InBootHole, Relation::kFactsDiffer,
     kAnything, kAnything, true, "a page of a boot section that is no RAM",
     "5.1 leaves its struct page zeroed, e822969cab48 (5.6) initialises it as reserved"},

    // After everything that says more
    {"diverged-before", kEveryOp, Diverged, Relation::kUnspecified, kAnything, kAnything, true,
     "a clause let the sections, the mapping or the resources it touches differ, and they have not both been emptied "
     "since",
     "consequence of the clause that governed the earlier operation"},

    // Facts
    {"boot-hole-facts", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "facts of a page of a boot section that is no RAM, and the bitmap of a boot section",
     "5.1 has no bitmap and leaves the struct pages of holes zeroed"},
    {"offline-pages-reserved", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "the reserved bit of struct pages of memory that is not online and not of a device",
     "__offline_isolated_pages of 5.1 sets it, 6.1 leaves the struct pages alone; memmap_init_range of 6.12 marks them "
     "offline"},
    {"span-timing", 0, Never, Relation::kFactsDiffer, kAnything, kAnything, false,
     "zone and node spans after something was removed, taken offline or mapped (a mapping that fails removes again)",
     "5.1 shrinks them when sections go, 6.1 when blocks go offline and Device never (feee6b298916)"},
    {"one-side-stopped", 0, Never, Relation::kUnspecified, kAnything, kAnything, false, "one machine has stopped",
     "after BUG or FAULT nothing more can be asked of it"},
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::memory_clauses

#endif  // HPFUZZ_ORACLE_MEMORY_CLAUSES_H_
