// SPDX-License-Identifier: Apache-2.0
// Report: one trapping function for each thing that can be broken, one calling function for each operation.
#include "oracle/report.h"

#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#include "oracle/invariants.h"
#include "oracle/nvdimm_rules.h"

// Names of findings (FindingName) and of operations with '-' as '_'. EveryFindingHasItsFunction() tells when one is
// missing, or nobody's.
// clang-format off
#define HPFUZZ_FINDING_NAMES(X) \
  X(legacy_answer)  X(legacy_section_flags)  X(legacy_bitmap)  X(legacy_block)  X(legacy_memmap) \
  X(legacy_direct_map)  X(legacy_pfn_valid)  X(legacy_online_page)  X(legacy_lookup)  X(legacy_struct_page) \
  X(legacy_spans)  X(legacy_resources)  X(legacy_usemap_balance)  X(subsection_answer)  X(subsection_section_flags) \
  X(subsection_bitmap)  X(subsection_block)  X(subsection_memmap)  X(subsection_direct_map)  X(subsection_pfn_valid) \
  X(subsection_online_page)  X(subsection_lookup)  X(subsection_struct_page)  X(subsection_spans) \
  X(subsection_resources)  X(subsection_usemap_balance)  X(pair_answer)  X(pair_section_flags)  X(pair_bitmap) \
  X(pair_block)  X(pair_memmap)  X(pair_direct_map)  X(pair_pfn_valid)  X(pair_online_page)  X(pair_lookup) \
  X(pair_struct_page)  X(pair_spans)  X(pair_resources)  X(pair_usemap_balance)  X(legacy_expectation)  X(legacy_failed_requests)  X(subsection_failed_requests)  X(pair_failed_requests) \
  X(subsection_expectation)  X(failed_direct_map)  X(failed_direct_map_legacy)  X(failed_direct_map_subsection) \
  X(failed_resource)  X(failed_spare_resource)  X(failed_counter)  X(failed_lookup)  X(failed_lookup_over_mapping) \
  X(failed_tracking)  X(failed_section)  X(failed_memmap_left)  X(failed_section_apart)  X(failed_block)  X(failed_block_name) \
  X(failed_action)  X(failed_in_both)  X(failed_in_legacy)  X(failed_in_subsection)  X(valid_memmap_is_whole) \
  X(usemaps_of_hot_sections)  X(refused_before_pages)  X(failed_section_as_before)  X(failed_block_leaves_section) \
  X(failed_block_is_undone)  X(failed_action_releases)  X(failure_releases_resource) \
   X(second_range)  X(no_reference_counter)  X(beyond_section_table) \
  X(live_mapping_in_section)  X(live_mapping_inside)  X(live_mapping)  X(ram_in_section)  X(ram_below_other) \
  X(ram_in_range)  X(ends_with_addresses)  X(sub_page_range)  X(altmap_in_section)  X(misaligned_to_subsection)  X(type_unset) \
  X(already_active)  X(section_mapped_twice)  X(rounded_to_sections)  X(add_beyond_section_table) \
  X(add_nothing_inside_section)  X(add_altmap)  X(add_misaligned)  X(add_whole_again)  X(add_already_active) \
  X(add_memblock_misaligned)  X(add_section_in_use)  X(add_rounded_to_sections)  X(remove_beyond_section_table) \
  X(remove_misaligned)  X(remove_altmap)  X(remove_absent)  X(remove_uninitialised)  X(remove_part_active) \
  X(remove_blocks_left)  X(add_memory_out_of_range)  X(add_memory_sub_page)  X(add_memory_over_pages) \
  X(remove_memory_unaligned)  X(remove_memory_beyond_table)  X(remove_memory_online)  X(remove_memory_online_left)  X(remove_memory_absent) \
  X(remove_memory_uninitialised)  X(remove_memory_part_active)  X(release_removed_underneath) \
  X(release_part_active)  X(release_replaced)  X(from_zone)  X(zone_by_span)  X(nested_ram) \
  X(boot_hole_online)  X(boot_hole_page)  X(diverged_before)  X(altmap_short)  X(remove_memory_below_resources)  X(offline_page)  X(empty_mapping)  X(private_pages)  X(add_memory_over_sections)  X(remove_memory_without_block)  X(remove_memmap_in_device)  X(remove_zones_by_hand)  X(release_memmap_in_device) \
  X(release_zones_by_hand)  X(offline_boot_hole)  X(offline_without_ram)  X(zone_of_absent_section)  X(remove_memory_in_device) \
  X(remove_memory_zones_by_hand)  X(rezoned_in_use)  X(zone_beyond_section_table) \
  X(online_without_ram)  X(remove_nothing)  X(remove_without_block) \
  X(offline_pages_reserved)  X(boot_hole_facts)  X(span_timing) \
  X(one_side_stopped)  X(valid_implies_present)  X(bit_implies_valid)  X(valid_implies_bit)  X(online_implies_valid) \
  X(early_implies_valid)  X(absent_word_is_zero)  X(valid_page_is_backed)  X(page_valid_matches_bitmap) \
  X(online_page_needs_online_section)  X(online_block_is_online_section)  X(block_implies_present) \
  X(lookup_implies_valid)  X(memmap_implies_present)  X(memmap_matches_bitmap)  X(taint_implies_valid) \
  X(legacy_namespace)  X(legacy_media)  X(subsection_namespace)  X(subsection_media)  X(pair_namespace)  X(pair_media) \
  X(probe_outcome)  X(user_data_kept)  X(info_block_zeroed)  X(sizes_add_up)  X(region_in_one_world) \
  X(dax_on_padded_namespace)  X(namespace_in_other_state)  X(info_block_in_data)  X(block_refused_by_subsection) \
  X(block_refused_by_both)  X(block_read_differently)  X(create_misaligned)  X(create_padded)  X(create_oddly_aligned) \
  X(create_without_capacity)  X(create_uneven)  X(namespace_shares_section)  X(namespace_maps_nothing) \
  X(namespace_ends_with_addresses)  X(namespace_memmap_short)  X(namespace_part_of_section)  X(data_nobody_wrote) \
  X(series_answer)  X(series_section_flags)  X(series_bitmap)  X(series_block)  X(series_memmap) \
  X(series_direct_map)  X(series_pfn_valid)  X(series_online_page)  X(series_lookup)  X(series_struct_page) \
  X(series_spans)  X(series_resources)  X(series_usemap_balance)  X(series_namespace)  X(series_media) \
  X(series_failed_requests)  X(series_expectation)  X(posted_failed_in_both)  X(posted_failed_in_one) \
  X(boot_range_lost)  X(boot_granule_short)  X(boot_hole_invalid)  X(posted_beyond_section_table) \
  X(second_range_posted)  X(posted_memblock_misaligned)  X(memblock_misaligned_posted)  X(memblock_altmap_posted)  X(misaligned_add)  X(misaligned_add_posted) \
  X(exists_passed_over)  X(mapping_exists_passed_over)  X(exists_in_pieces)  X(namespace_exists_passed_over) \
  X(posted_block_stands)  X(removal_by_sections)  X(removal_in_pieces)  X(misaligned_removal) \
  X(release_of_ram_posted)  X(zone_of_first_page)  X(span_search_lost)  X(span_scan_elsewhere)  X(zone_by_other_spans)  X(online_by_section)  X(create_cut)  X(create_of_nothing) \
  X(boot_range_lost_facts)  X(boot_granule_short_facts)  X(boot_hole_invalid_facts) \
  X(online_by_section_facts)  X(span_kept)
#define HPFUZZ_OPERATION_NAMES(X) \
  X(__add_pages)  X(__remove_pages)  X(arch_add_memory)  X(arch_remove_memory)  X(add_memory)  X(remove_memory) \
  X(online_pages)  X(offline_pages)  X(move_pfn_range_to_zone)  X(remove_pfn_range_from_zone)  X(memremap_pages) \
  X(memunmap_pages)  X(pin_page)  X(unpin_page)  X(insert_resource)  X(remove_resource)  X(region_intersects) \
  X(pfn_valid)  X(pfn_to_online_page)  X(get_dev_pagemap)  X(struct_page)  X(memmap_fill)  X(fail_alloc) \
  X(region)  X(ns_create)  X(ns_enable)  X(ns_disable)  X(ns_destroy)  X(ns_read)  X(ns_write)  X(dax_access) \
  X(corrupt)  X(reboot)  X(end)
// clang-format on

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace broken {

// The asm keeps compilers from folding functions with equal bodies into one.
#define HPFUZZ_TRAP(name)                              \
  [[noreturn]] __attribute__((noinline)) void name() { \
    asm volatile("" ::"r"(#name));                     \
    __builtin_trap();                                  \
  }
HPFUZZ_FINDING_NAMES(HPFUZZ_TRAP)
#undef HPFUZZ_TRAP

}  // namespace broken

namespace after {

#define HPFUZZ_CALL(name)                                            \
  [[noreturn]] __attribute__((noinline)) void name(void (*trap)()) { \
    asm volatile("" ::"r"(#name));                                   \
    trap();                                                          \
    __builtin_unreachable();                                         \
  }
HPFUZZ_OPERATION_NAMES(HPFUZZ_CALL)
#undef HPFUZZ_CALL

}  // namespace after

namespace {

struct Trap {
  std::string_view name;
  void (*trap)();
};
struct Caller {
  std::string_view name;
  void (*call)(void (*)());
};

#define HPFUZZ_ROW(name) {#name, broken::name},
constexpr Trap kTraps[] = {HPFUZZ_FINDING_NAMES(HPFUZZ_ROW)};
#undef HPFUZZ_ROW
#define HPFUZZ_ROW(name) {#name, after::name},
constexpr Caller kCallers[] = {HPFUZZ_OPERATION_NAMES(HPFUZZ_ROW)};
#undef HPFUZZ_ROW

const Trap* TrapOf(std::string name) {
  for (char& c : name) c = c == '-' ? '_' : c;
  for (const Trap& trap : kTraps) {
    if (trap.name == name) return &trap;
  }
  return nullptr;
}

const Caller* CallerOf(std::string_view name) {
  for (const Caller& caller : kCallers) {
    if (caller.name == name) return &caller;
  }
  return nullptr;
}

}  // namespace

bool EveryFindingHasItsFunction() {
  Finding finding;
  for (Finding::Kind kind : {Finding::Kind::kReference, Finding::Kind::kPair, Finding::Kind::kExpectation}) {
    finding.kind = kind;
    for (unsigned check = 0; check < kChecks; ++check) {
      finding.check = static_cast<Check>(check);
      for (Side side : {Side::kLegacy, Side::kSubsection}) {
        finding.side = side;
        if (TrapOf(FindingName(finding)) == nullptr) return false;
      }
      finding.generation = OfGeneration::kSeries;
      if (TrapOf(FindingName(finding)) == nullptr) return false;
      finding.generation = OfGeneration::kAsSide;
    }
  }
  for (const Clause& clause : Clauses()) {
    if (TrapOf(std::string(clause.id)) == nullptr) return false;
  }
  for (const Invariant& invariant : Invariants()) {
    if (TrapOf(std::string(invariant.id)) == nullptr) return false;
  }
  for (const NvdimmRuleRow& rule : NvdimmRules()) {
    if (TrapOf(std::string(rule.id)) == nullptr) return false;
  }
  for (const OpSpec& spec : kOpSpecs) {
    if (CallerOf(spec.name) == nullptr) return false;
  }
  // Each name is there, and there are no others.
  constexpr size_t kOfChecks = 4 * kChecks + kSides + 1;
  const size_t named = kOfChecks + Clauses().size() + Invariants().size() + NvdimmRules().size();
  return named == std::size(kTraps) && CallerOf("end") != nullptr;
}

void ReportFinding(const Finding& finding, const std::string& explanation) {
  const std::string key = FindingKey(finding);
  std::fprintf(stderr, "%s\nAssertion failure: %s FuzzerHash=%s\n", explanation.c_str(), key.c_str(), key.c_str());
  std::fflush(stderr);
  const Trap* trap = TrapOf(FindingName(finding));
  const Caller* caller = CallerOf(finding.at_end ? std::string_view("end") : SpecOf(finding.op).name);
  if (trap != nullptr && caller != nullptr) caller->call(trap->trap);
  __builtin_trap();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
