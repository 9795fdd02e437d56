// SPDX-License-Identifier: Apache-2.0
// RAM in the mainline reference: memory blocks, add_memory, remove_memory, online_pages, offline_pages.
#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {
namespace {

// A memory block is one section.
bool AlignedToBlocks(PhysRange range) { return range.aligned_to(kSectionSize); }

// First block of `range` and the one behind its last; a range that wraps has all blocks from its start on.
struct Blocks {
  SectionNr first;
  SectionNr end;
};
Blocks BlocksOf(PhysRange range) {
  if (range.size == 0) return {};
  const uint64_t last = range.wraps() ? ~uint64_t{0} : range.start + (range.size - 1);
  return {SectionNr::OfByte(range.start), SectionNr::OfByte(last) + 1};
}

}  // namespace

// create_memory_block_devices(): the blocks made before a failure go again.
Outcome MainlineModel::AddBlocks(Nid nid, PhysRange range) {
  if (!AlignedToBlocks(range)) {
    Warn();
    return -kEINVAL;
  }
  const Blocks blocks = BlocksOf(range);
  Outcome outcome = 0;
  SectionNr nr = blocks.first;
  for (; outcome == 0 && nr < blocks.end; ++nr) {
    SectionState* section = Find(nr);
    if (section->block != BlockState::kNone) {
      outcome = -kEEXIST;
    } else if (Refused(AllocSite::kBlock)) {
      outcome = -kENOMEM;
    } else if (Refused(AllocSite::kBlockName)) {
      outcome = -kEINVAL;
    } else {
      section->block = BlockState::kOffline;
      section->block_nid = nid;
      section->block_has_zone = false;
      continue;
    }
    break;
  }
  if (outcome != 0) {
    for (SectionNr made = blocks.first; made < nr; ++made) Find(made)->block = BlockState::kNone;
  }
  return outcome;
}

// remove_memory_block_devices(): whatever state they are in. Missing ones warn once together.
void MainlineModel::RemoveBlocks(PhysRange range) {
  if (!AlignedToBlocks(range)) {
    WarnOnce(kAbsentBlock);
    return;
  }
  const Blocks blocks = BlocksOf(range);
  uint64_t removed = 0;
  for (SectionNr nr = blocks.first; nr < blocks.end; nr = NextKnown(nr + 1, blocks.end)) {
    SectionState* section = Find(nr);
    if (section == nullptr || section->block == BlockState::kNone) continue;
    section->block = BlockState::kNone;
    ++removed;
  }
  if (removed != blocks.end.value() - blocks.first.value()) WarnOnce(kAbsentBlock);
}

bool MainlineModel::AnyBlockOnline(PhysRange range) const {
  const Blocks blocks = BlocksOf(range);
  for (SectionNr nr = blocks.first; nr < blocks.end; nr = NextKnown(nr + 1, blocks.end)) {
    const SectionState* section = Find(nr);
    if (section != nullptr && section->block == BlockState::kOnline) return true;
  }
  return false;
}

Answer MainlineModel::AddMemory(Nid nid, PhysRange range) {
  Begin();
  if (!Allowed(range)) return Done(-kE2BIG);
  if (Refused(AllocSite::kResource) || !resources_.RequestRam(range)) return Done(-kEEXIST);
  Outcome outcome = -kEINVAL;
  if (AlignedToBlocks(range)) {
    outcome = ArchAddBlocks(nid, range, nullptr);
  }
  if (outcome != 0) resources_.ReleaseRam(range);
  return Done(outcome);
}

Answer MainlineModel::RemoveMemory(Nid, PhysRange range) {
  Begin();
  if (range.size == 0 || !AlignedToBlocks(range)) return Answer::Of(Answer::Kind::kBug);
  if (AnyBlockOnline(range)) return Done(-kEBUSY);
  RemoveBlocks(range);
  if (ArchRemove(range, nullptr) == kStopped) return Done(kStopped);
  warnings_ += resources_.ReleaseAdjustable(range);
  return Done(0);
}

// An empty section is left as it is. Its block can change state all the same: its memmap may have outlived it, and a
// boot section keeps its record.
void MainlineModel::SetOnline(SectionState* section, bool online) {
  if (section->bits == 0) return Warn();
  section->online = online;
}

Answer MainlineModel::OnlinePages(SectionNr block, OnlineType type) {
  Begin();
  SectionState* section = Find(block);
  if (section == nullptr || section->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (section->block == BlockState::kOnline) return Answer::Of(Answer::Kind::kAlready);
  const PfnRange pages = {block.first_pfn(), (block + 1).first_pfn()};
  const Nid nid = section->block_nid;
  const Zone zone = ZoneForOnline(type, nid, pages);
  if (MoveToZone(zone, nid, pages, nullptr) == kStopped) return Done(kStopped);
  pages_.Set(pages.first, pages.end, PageState::Free(zone, nid));
  SetOnline(section, true);
  section->block = BlockState::kOnline;
  section->block_has_zone = true;
  section->block_zone = zone;
  nodes_[nid].zone[static_cast<unsigned>(zone)].present += kPagesPerSection;
  nodes_[nid].node.present += kPagesPerSection;
  return Done(0);
}

// Every page of the block is free: initialised, not reserved, without references, and not declared unmovable.
bool MainlineModel::CanIsolate(PfnRange pages) const {
  const PhysRange bytes = {pages.first.byte(), pages.pages() << kPageShift};
  for (const FirmwareRange& range : *map_) {
    if (range.kind == FirmwareKind::kUnmovable && range.range.overlaps(bytes)) return false;
  }
  if (std::any_of(pins_.begin(), pins_.end(), [&](const Pin& pin) { return pages.contains(pin.pfn); })) return false;
  for (auto run = pages_.From(pages.first); run != pages_.end() && run->first < pages.end; ++run) {
    const PageView& page = run->value.view;
    if (!page.initialised || page.reserved || page.count != 0) return false;
  }
  return true;
}

Answer MainlineModel::OfflinePages(SectionNr block) {
  Begin();
  SectionState* section = Find(block);
  if (section == nullptr || section->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (section->block == BlockState::kOffline) return Answer::Of(Answer::Kind::kAlready);
  const PfnRange pages = {block.first_pfn(), (block + 1).first_pfn()};
  if (!section->block_has_zone || !resources_.BusyRamCovers(pages)) return Done(-kEINVAL);
  const Zone zone = section->block_zone;
  const Nid nid = section->block_nid;
  for (const Pfn edge : {pages.first, pages.end - 1}) {
    if (!Backed(edge)) return Done(kStopped);
    if (PageAt(edge).IsIn(zone, nid)) continue;
    Warn();
    return Done(-kEINVAL);
  }
  if (!AllBacked(pages) || LacksBlockTypes(pages)) return Done(kStopped);
  if (!CanIsolate(pages)) return Done(-kEBUSY);
  SetOnline(section, false);
  section->block = BlockState::kOffline;
  section->block_has_zone = false;
  nodes_[nid].zone[static_cast<unsigned>(zone)].present -= kPagesPerSection;
  nodes_[nid].node.present -= kPagesPerSection;
  return Done(RemoveFromZone(zone, nid, pages));
}

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
