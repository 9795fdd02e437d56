// SPDX-License-Identifier: Apache-2.0
// Situation: one pass over the sections an operation reaches, in both references.
#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool MemmapInPart(const SectionFacts& section) {
  return section.memmap == MemmapKind::kHuge && !section.early && section.bitmap != kFullBitmap;
}

void SurveySection(SectionNr nr, PfnRange pages, Situation* s) {
  const SectionFacts legacy = s->legacy->Section(nr);
  const SectionFacts subsection = s->subsection->Section(nr);
  Situation::Survey& survey = s->survey;
  survey.legacy_any_valid |= legacy.valid;
  survey.legacy_all_valid &= legacy.valid;
  survey.subsection_all_valid &= subsection.valid;
  if (!pages.empty()) {
    const uint64_t mask = SubsectionMask(pages);
    survey.legacy_any_active |= (legacy.bitmap & mask) != 0;
    survey.subsection_any_active |= (subsection.bitmap & mask) != 0;
    survey.subsection_all_active &= (subsection.bitmap & mask) == mask;
    survey.active_before |= (subsection.bitmap & (mask & -mask) >> 1) != 0;
    survey.active_behind |= (subsection.bitmap & ~mask & mask << 1) != 0;
  }
  survey.any_early |= subsection.early;
  survey.any_kept_usage |= subsection.kept_usage;
  const bool block = legacy.block != BlockState::kNone || subsection.block != BlockState::kNone;
  survey.any_block |= block;
  survey.all_blocks &= block;
  survey.legacy_online |= legacy.block == BlockState::kOnline;
  survey.subsection_online |= subsection.block == BlockState::kOnline;
  survey.memmap_in_part |= MemmapInPart(subsection);
}

// No more of it than what the memmap of both ranges decides.
void SurveySecond(PfnRange rounded, Situation* s) {
  for (SectionNr nr = SectionNr::Of(rounded.first); nr.first_pfn() < rounded.end; ++nr) {
    if (nr.first_pfn().byte() >= s->map->physmem_end()) return;
    s->survey.memmap_in_part |= MemmapInPart(s->subsection->Section(nr));
  }
}

bool Live(HotplugLayer& machine, Pfn first, Pfn last) {
  return machine.GetDevPagemap(first).kind == Answer::Kind::kMapping ||
         machine.GetDevPagemap(last).kind == Answer::Kind::kMapping;
}

bool MeetsRam(HotplugLayer& machine, PhysRange range) {
  return machine.RegionIntersects(range).value != static_cast<int>(Overlap::kDisjoint);
}

Situation::Conflicts ConflictsOf(const Situation& s) {
  const uint64_t start = s.rounded.first.byte();
  return {
      .legacy_live = Live(*s.legacy, s.rounded.first, s.rounded.end - 1),
      .subsection_live = Live(*s.subsection, Pfn::OfByte(s.range.start), Pfn::OfByte(s.range.end() - 1)),
      .legacy_ram = MeetsRam(*s.legacy, {start, s.rounded.end.byte() - start}),
      .subsection_ram = MeetsRam(*s.subsection, s.range),
  };
}

}  // namespace

void Survey(const Op& op, const Op* mapping, Situation* s) {
  s->op = &op;
  s->mapping = mapping;
  s->range = mapping != nullptr ? mapping->range : op.range;
  // Of memory blocks a range that wraps names the first one (Apply).
  const bool blocks = op.kind == OpKind::kOnlinePages || op.kind == OpKind::kOfflinePages;
  if (blocks && s->range.wraps()) s->range = {AlignDown(s->range.start, kSectionSize), kSectionSize};
  s->pages = s->range.pfns();
  s->survey = {};
  s->rounded = RoundedToSections(s->range);
  if (s->range.size == 0) s->rounded.end = s->rounded.first + kPagesPerSection;
  const bool maps = op.kind == OpKind::kMemremapPages || BindsNamespace(op.kind);
  if (maps) s->conflicts = ConflictsOf(*s);
  const bool ranged = mapping != nullptr || HasArg(op.kind, Arg::kRange);
  if (!ranged || s->beyond_table()) return;
  s->survey.done = true;
  for (SectionNr nr = SectionNr::Of(s->rounded.first); nr.first_pfn() < s->rounded.end; ++nr) {
    const PfnRange section{nr.first_pfn(), (nr + 1).first_pfn()};
    const PfnRange part{std::max(section.first, s->pages.first), std::min(section.end, s->pages.end)};
    SurveySection(nr, part, s);
  }
  if (op.has_second) SurveySecond(RoundedToSections(op.second), s);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
