// SPDX-License-Identifier: Apache-2.0
// Invariants: what must hold in one layer whatever was done to it, judged by that layer's own facts: at the end of a
// run, and after an operation that a refused request for memory ended, when they also say what must be undone. Not
// covered: agreement with a reference or with the other generation (lockstep.cc).
#ifndef HPFUZZ_ORACLE_INVARIANTS_H_
#define HPFUZZ_ORACLE_INVARIANTS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "hotplug/layer.h"
#include "oracle/finding.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What happened in the run that can suspend an invariant.
enum Suspension : uint8_t {
  kNever = 0,
  kRemovedUnderneath = 1,  // memory was removed or added by __add/__remove_pages, arch_*: below mappings and blocks
  kRetired = 2,            // memory of a device was given to the page allocator or the other way round
  kMemmapReused = 4,       // a large page of memmap was used again that sub-sections had left (remove_pmd_table)
};

struct InvariantInput {
  Side side = Side::kLegacy;
  bool posted = false;  // the series as posted
  SectionFacts section = {};
  PfnFacts first = {};  // of the section's first page
  PfnFacts last = {};

  // After an operation that a refused request ended: where, the section before it, the sub-sections of its range, and
  // how many resources there were and are.
  AllocSites failed = 0;
  SectionFacts before = {};
  uint64_t asked = 0;
  size_t resources_before = 0;
  size_t resources = 0;

  // At the end of a run, once for the machine: valid sections with and without boot RAM, and the usage balance.
  int hot_sections = 0;
  int boot_sections = 0;
  int usemaps = 0;
};

struct Invariant {
  std::string_view id;  // characters [a-z-]
  uint8_t sides;        // bit 0: legacy, bit 1: sub-section as merged, bit 2: as posted
  uint8_t suspended_by;
  bool (*holds)(const InvariantInput&);
  std::string_view says;
  std::string_view source;
};

absl::Span<const Invariant> Invariants();

// The first invariant that does not hold for this section, or -1.
int BrokenInvariant(const InvariantInput& input, uint8_t suspensions);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_INVARIANTS_H_
