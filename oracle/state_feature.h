// SPDX-License-Identifier: Apache-2.0
// State features: a number for what an operation met and what came of it, for engines that count as progress what edges
// of code cannot tell: the code that handles a bitmap is the same whichever bits are set. Not covered: where the
// numbers are counted (fuzzers/run_trace.cc).
#ifndef HPFUZZ_ORACLE_STATE_FEATURE_H_
#define HPFUZZ_ORACLE_STATE_FEATURE_H_

#include <array>
#include <cstdint>

#include "oracle/contract.h"
#include "oracle/lockstep.h"
#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// How the range was occupied in the sub-section generation: none, some or all of its sub-sections; the neighbours
// within the section; boot RAM, memory blocks, mappings, and a large memmap page in part. And whether the operation
// leaves such a page to nobody.
inline constexpr unsigned kOccupancies = 3 * 2 * 2 * 2 * 2 * 2 * 2 * 2;
// Succeeds, the errnos that tell something, another one, nothing to work on, a stop; the machine was not asked any
// more.
inline constexpr unsigned kAnswerClasses = 10;
// Engines walk all of the counters after every input: kinds that touch no section have one occupancy.
consteval std::array<uint32_t, kOpKinds + 1> MakeFirstFeatures() {
  std::array<uint32_t, kOpKinds + 1> first{};
  for (unsigned kind = 0; kind < kOpKinds; ++kind) {
    const bool occupies = (kOpSpecs[kind].effects & kSections) != 0;
    first[kind + 1] = first[kind] + kAnswerClasses * (occupies ? kOccupancies : 1);
  }
  return first;
}
inline constexpr std::array<uint32_t, kOpKinds + 1> kFirstFeatures = MakeFirstFeatures();
inline constexpr unsigned kStateFeatures = kFirstFeatures[kOpKinds];

// Below kStateFeatures. `situation` is that of the step, whose references have taken it by now; a step that only one
// machine took has its own answer class.
unsigned StateFeature(const Situation& situation, const Step& step);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_STATE_FEATURE_H_
