// SPDX-License-Identifier: Apache-2.0
// State features: mixed-radix numbers.
#include "oracle/state_feature.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Of the first section: its large page of memmap outlives the last sub-section.
bool LeavesMemmapBehind(const Situation& s) {
  const SectionFacts after = s.subsection->Section(SectionNr::Of(s.rounded.first));
  return after.memmap == MemmapKind::kHuge && !after.early && after.bitmap == 0;
}

unsigned OccupancyOf(const Situation& s) {
  const Situation::Survey& survey = s.survey;
  if (!survey.done) return 0;
  unsigned number = !survey.subsection_any_active ? 0 : survey.subsection_all_active ? 2 : 1;
  for (const bool bit : {survey.active_before, survey.active_behind, survey.any_early, survey.any_block, s.over_mapping,
                         survey.memmap_in_part, LeavesMemmapBehind(s)}) {
    number = number * 2 + (bit ? 1 : 0);
  }
  return number;
}

unsigned ClassOf(const Answer& answer) {
  switch (OutcomeOf(answer)) {
    case kSucceeds: return 0;
    case kStops: return 1;
    case kElse: return 2;
    default: break;
  }
  switch (-answer.value) {
    case kEEXIST: return 3;
    case kEINVAL: return 4;
    case kENOMEM: return 5;
    case kEBUSY: return 6;
    case kENXIO: return 7;
    default: return 8;
  }
}
constexpr unsigned kNotTaken = kAnswerClasses - 1;

}  // namespace

unsigned StateFeature(const Situation& situation, const Step& step) {
  constexpr auto kSub = static_cast<unsigned>(Side::kSubsection);
  const unsigned answer = step.applied[kSub] ? ClassOf(step.answer[kSub]) : kNotTaken;
  const auto kind = static_cast<unsigned>(step.op->kind);
  if (kFirstFeatures[kind + 1] - kFirstFeatures[kind] == kAnswerClasses) return kFirstFeatures[kind] + answer;
  return kFirstFeatures[kind] + answer * kOccupancies + OccupancyOf(situation);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
