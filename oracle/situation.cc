// SPDX-License-Identifier: Apache-2.0
// Situation: one pass over the sections an operation reaches, in both references.
#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

void SurveySection(SectionNr nr, PfnRange pages, Situation* s) {
  const SectionFacts legacy = s->legacy->Section(nr);
  const SectionFacts subsection = s->subsection->Section(nr);
  Situation::Survey& survey = s->survey;
  survey.legacy_any_valid |= legacy.valid;
  survey.legacy_all_valid &= legacy.valid;
  survey.subsection_all_valid &= subsection.valid;
  if (!pages.empty()) {
    const uint64_t mask = SubsectionMask(pages);
    survey.subsection_any_active |= (subsection.bitmap & mask) != 0;
    survey.subsection_all_active &= (subsection.bitmap & mask) == mask;
  }
  survey.any_early |= subsection.early;
  const bool block = legacy.block != BlockState::kNone || subsection.block != BlockState::kNone;
  survey.any_block |= block;
  survey.all_blocks &= block;
  survey.both_online |= legacy.block == BlockState::kOnline && subsection.block == BlockState::kOnline;
  survey.any_online_block |= legacy.block == BlockState::kOnline || subsection.block == BlockState::kOnline;
}

}  // namespace

void Survey(const Op& op, const Op* mapping, Situation* s) {
  s->op = &op;
  s->mapping = mapping;
  s->range = mapping != nullptr ? mapping->range : op.range;
  s->pages = s->range.pfns();
  s->survey = {};
  const uint64_t start = AlignDown(s->range.start, kSectionSize);
  const uint64_t end = s->range.size == 0 ? start + kSectionSize : AlignUp(s->range.end(), kSectionSize);
  s->rounded = {Pfn::OfByte(start), Pfn::OfByte(end)};
  const bool ranged = mapping != nullptr || HasArg(op.kind, Arg::kRange);
  if (!ranged || s->beyond_table()) return;
  s->survey.done = true;
  for (SectionNr nr = SectionNr::Of(s->rounded.first); nr.first_pfn() < s->rounded.end; ++nr) {
    const PfnRange section{nr.first_pfn(), (nr + 1).first_pfn()};
    const PfnRange part{std::max(section.first, s->pages.first), std::min(section.end, s->pages.end)};
    SurveySection(nr, part, s);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
