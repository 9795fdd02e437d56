// SPDX-License-Identifier: Apache-2.0
// The table of invariants.
#include "oracle/invariants.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using enum AllocSite;
using In = InvariantInput;

constexpr uint8_t kBoth = 3;
constexpr uint8_t kLegacyOnly = 1;
constexpr uint8_t kSubsectionOnly = 2;
constexpr uint8_t kPosted = 4;

bool ValidImpliesPresent(const In& in) { return !in.section.valid || in.section.present; }
bool BitImpliesValid(const In& in) { return in.section.bitmap == 0 || in.section.valid; }
bool ValidImpliesBit(const In& in) { return !in.section.valid || in.section.bitmap != 0; }
bool OnlineImpliesValid(const In& in) { return !in.section.online || in.section.valid; }
bool EarlyImpliesValid(const In& in) { return !in.section.early || in.section.valid; }
bool AbsentWordIsZero(const In& in) {
  return in.section.present || (!in.section.valid && !in.section.online && !in.section.early && !in.section.tainted);
}
bool ValidPageIsBacked(const In& in) {
  return (!in.first.valid || in.first.backed) && (!in.last.valid || in.last.backed);
}
bool PageValidMatchesBitmap(const In& in) {
  const uint64_t low = in.section.bitmap & 1;
  const uint64_t high = in.section.bitmap >> (kSubsectionsPerSection - 1) & 1;
  if (!in.section.valid) return !in.first.valid && !in.last.valid;
  if (in.section.early) return in.first.valid && in.last.valid;
  return in.first.valid == (low != 0) && in.last.valid == (high != 0);
}
bool OnlinePageImpliesOnlineSection(const In& in) { return (!in.first.online && !in.last.online) || in.section.online; }
bool OnlineBlockMatchesSection(const In& in) { return in.section.block != BlockState::kOnline || in.section.online; }
bool BlockImpliesPresent(const In& in) { return in.section.block == BlockState::kNone || in.section.present; }
bool LookupImpliesValid(const In& in) {
  return (in.first.map == kNoHandle || in.first.valid) && (in.last.map == kNoHandle || in.last.valid);
}
bool MemmapOnlyWherePresent(const In& in) {
  if (in.side == Side::kLegacy && in.section.memmap == MemmapKind::kPart) return true;  // left by a failure
  return in.section.memmap == MemmapKind::kNone || in.section.present;
}
bool ValidMemmapIsWhole(const In& in) {
  return !in.section.valid || in.section.memmap == MemmapKind::kHuge || in.section.memmap == MemmapKind::kBase;
}
bool HotMemmapMatchesBitmap(const In& in) {
  if (in.section.early || in.section.memmap != MemmapKind::kPart) return true;
  return in.section.memmap_pages ==
         static_cast<uint64_t>(__builtin_popcountll(in.section.bitmap)) * kMemmapPagesPerSubsection;
}
bool TaintOnlyWhereValid(const In& in) { return !in.section.tainted || in.section.valid; }
bool UsemapsOfHotSections(const In& in) {
  return in.hot_sections <= in.usemaps && in.usemaps <= in.hot_sections + in.boot_sections;
}

// --- What a refused request leaves.

// The section as before, but for the direct map.
bool AsBefore(const In& in) {
  SectionFacts before = in.before;
  before.direct_map = in.section.direct_map;
  return in.section == before;
}
bool RefusedBeforePages(const In& in) {
  return (in.failed & Sites(kResource, kCounter, kLookup, kPat)) == 0 || in.section == in.before;
}
bool FailedSectionAsBefore(const In& in) {
  if ((in.failed & Sites(kRoot, kMemmapBase, kUsemap)) == 0 || AsBefore(in)) return true;
  const SectionFacts& section = in.section;
  const bool completed =
      section.valid && section.memmap != MemmapKind::kNone && (section.bitmap & in.asked) == in.asked;
  if (completed || in.side != Side::kLegacy || section.valid) return completed;
  // What an earlier request had left is completed, and given back with the rest when the usemap is refused.
  const bool given_back = in.before.memmap != MemmapKind::kNone && section.memmap == MemmapKind::kNone;
  return given_back || section.memmap == MemmapKind::kPart;
}
bool FailedBlockLeavesSection(const In& in) {
  return (in.failed & Sites(kBlock, kBlockName)) == 0 || in.section.valid || AsBefore(in);
}
bool FailedBlockIsUndone(const In& in) {
  return (in.failed & Sites(kBlock, kBlockName)) == 0 || (AsBefore(in) && in.section.direct_map == 0);
}
bool FailedActionReleases(const In& in) {
  if ((in.failed & Sites(kAction)) == 0) return true;
  if (in.side == Side::kLegacy) return !in.section.valid && in.section.memmap == MemmapKind::kNone;
  return in.section.bitmap == in.before.bitmap && in.section.memmap == in.before.memmap;
}
bool FailureReleasesResource(const In& in) { return in.resources == in.resources_before; }

constexpr Invariant kTable[] = {
    {"valid-implies-present", kBoth | kPosted, kNever, ValidImpliesPresent, "a valid section is present",
     "sparse_init_one_section"},
    {"bit-implies-valid", kBoth | kPosted, kNever, BitImpliesValid, "an active sub-section lies in a valid section",
     "section_deactivate clears HAS_MEM_MAP with the last bit"},
    {"valid-implies-bit", kBoth | kPosted, kNever, ValidImpliesBit, "a valid section has an active sub-section",
     "section_deactivate; b943f045a9af"},
    {"online-implies-valid", kBoth | kPosted, kNever, OnlineImpliesValid, "an online section is valid",
     "online_mem_sections"},
    {"early-implies-valid", kSubsectionOnly | kPosted, kNever, EarlyImpliesValid, "an early section is valid",
     "section_deactivate zeroes the word of an emptied section"},
    {"absent-word-is-zero", kBoth | kPosted, kRetired, AbsentWordIsZero, "an absent section has no flag left",
     "1f503443e7df (5.6)"},
    {"valid-page-is-backed", kBoth, kMemmapReused, ValidPageIsBacked, "pfn_valid pages have a readable struct page",
     "vmemmap; ef69bc9f689d (5.9)"},
    {"page-valid-matches-bitmap", kBoth, kNever, PageValidMatchesBitmap,
     "pfn_valid says what the bitmap says, and yes everywhere in an early section", "pfn_valid; 326e1b8f83a4"},
    {"online-page-needs-online-section", kBoth | kPosted, kNever, OnlinePageImpliesOnlineSection,
     "pfn_to_online_page answers inside online sections only", "pfn_to_online_page"},
    {"online-block-is-online-section", kBoth, kRemovedUnderneath, OnlineBlockMatchesSection,
     "the section of an online memory block is online", "memory_block_online"},
    {"block-implies-present", kBoth, kRemovedUnderneath, BlockImpliesPresent,
     "a memory block stands on a present section", "register_memory_section (5.1), create_memory_block_devices"},
    {"lookup-implies-valid", kSubsectionOnly, kRemovedUnderneath | kRetired, LookupImpliesValid,
     "a page that get_dev_pagemap finds is valid", "memunmap_pages removes pages before the lookup"},
    {"memmap-implies-present", kBoth, kMemmapReused, MemmapOnlyWherePresent, "a memmap belongs to a present section",
     "sparse_remove_section frees it"},
    {"memmap-matches-bitmap", kSubsectionOnly, kMemmapReused, HotMemmapMatchesBitmap,
     "a section filled piecewise has memmap pages for its active sub-sections", "populate_section_memmap"},
    {"valid-memmap-is-whole", kLegacyOnly, kNever, ValidMemmapIsWhole, "a valid section of 5.1 has a whole memmap",
     "sparse_add_one_section"},
    {"taint-implies-valid", kSubsectionOnly, kRetired, TaintOnlyWhereValid, "the Device taint goes with the section",
     "move_pfn_range_to_zone; 1f90a3477df3 (5.12)"},
    {"usemaps-of-hot-sections", kBoth | kPosted, kNever, UsemapsOfHotSections,
     "each valid section without boot RAM has one usemap (usage record) from hotplug, others at most one",
     "sparse_add_one_section, section_activate; at the end of a run"},

    // After an operation that a refused request for memory ended
    {"refused-before-pages", kBoth | kPosted, kNever, RefusedBeforePages,
     "a request that lacks its resource, counter, lookup or tracking entry leaves the sections as they were",
     "add_memory_resource, memremap_pages"},
    {"failed-section-as-before", kBoth, kRetired | kMemmapReused, FailedSectionAsBefore,
     "when root, usemap or memmap is refused, each section is complete or as it was but for the direct map; 5.1 may "
     "leave base pages of a memmap, or free those that an earlier failure left",
     "sparse_add_one_section, section_activate"},
    {"failed-block-leaves-section", kLegacyOnly, kNever, FailedBlockLeavesSection,
     "when a memory block is refused, each section is valid or as it was but for the direct map", "__add_section"},
    {"failed-block-is-undone", kSubsectionOnly, kRetired | kMemmapReused, FailedBlockIsUndone,
     "when a memory block is refused, each section is as it was and its direct map gone", "add_memory_resource"},
    {"failed-action-releases", kBoth, kMemmapReused, FailedActionReleases,
     "when the release action is refused, the pages of the mapping are gone: whole sections in 5.1",
     "devm_add_action_or_reset"},
    {"failure-releases-resource", kBoth | kPosted, kNever, FailureReleasesResource,
     "a request that was refused memory leaves as many resources as before", "release_memory_resource"},
};

}  // namespace

absl::Span<const Invariant> Invariants() { return kTable; }

int BrokenInvariant(const InvariantInput& input, uint8_t suspensions) {
  const uint8_t side = input.posted ? kPosted : input.side == Side::kLegacy ? 1 : 2;
  // 5.1 removes whole sections only.
  if (input.side == Side::kLegacy) suspensions &= static_cast<uint8_t>(~kMemmapReused);
  for (size_t i = 0; i < std::size(kTable); ++i) {
    const Invariant& invariant = kTable[i];
    if ((invariant.sides & side) == 0 || (invariant.suspended_by & suspensions) != 0) continue;
    if (!invariant.holds(input)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
