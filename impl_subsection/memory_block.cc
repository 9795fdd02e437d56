// SPDX-License-Identifier: Apache-2.0
// memory_block: making and removing memory block devices.
#include "impl_subsection/memory_block.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

bool SpanTouches(const Span& span, PfnRange pages) {
  return span.start != span.end && span.start < pages.end && pages.first < span.end;
}

}  // namespace

void MemoryBlocks::AddEarly(SectionNr nr, Nid nid) {
  MemoryBlock& block = blocks_.Make(nr);
  if (block.state != BlockState::kNone) {
    if (block.nid != nid) block.has_zone = false;
    return;
  }
  block = {.state = BlockState::kOnline, .nid = nid};
  // early_node_zone_for_memory_block: the only populated zone of the node that reaches into the block.
  const PfnRange pages{nr.first_pfn(), (nr + 1).first_pfn()};
  for (unsigned i = 0; i < kZones; ++i) {
    const Zone zone = static_cast<Zone>(i);
    const Span& span = host_.zones.zone(nid, zone);
    if (span.present == 0 || !SpanTouches(span, pages)) continue;
    if (block.has_zone) {
      block.has_zone = false;
      return;
    }
    block.has_zone = true;
    block.zone = zone;
  }
}

// Blocks beyond the section table do not exist; a range that wraps holds those from its start on.
MemoryBlocks::Ids MemoryBlocks::IdsOf(PhysRange range) const {
  const SectionNr limit(blocks_.sections());
  const SectionNr first = std::min(SectionNr::OfByte(range.start), limit);
  if (range.size == 0) return {first, first};
  const SectionNr end = range.wraps() ? limit : SectionNr::OfByte(range.start + (range.size - 1)) + 1;
  return {first, std::min(end, limit)};
}

Status MemoryBlocks::Add(SectionNr nr, Nid nid) {
  MemoryBlock& block = blocks_.Make(nr);
  if (block.state != BlockState::kNone) return -kEEXIST;
  if (!host_.allocator.Get(AllocSite::kBlock)) return -kENOMEM;
  if (!host_.allocator.Get(AllocSite::kBlockName)) return -kEINVAL;
  block = {.state = BlockState::kOffline, .nid = nid};
  return 0;
}

Status MemoryBlocks::Create(Nid nid, PhysRange range) {
  if (!range.aligned_to(kSectionSize)) {
    host_.warnings.WarnOnce(Warnings::kBlocksMisaligned);
    return -kEINVAL;
  }
  const Ids ids = IdsOf(range);
  for (SectionNr nr = ids.first; nr < ids.end; ++nr) {
    const Status status = Add(nr, nid);
    if (status == 0) continue;
    for (SectionNr made = ids.first; made < nr; ++made) blocks_.Find(made)->state = BlockState::kNone;
    return status;
  }
  return 0;
}

void MemoryBlocks::Remove(PhysRange range) {
  if (!range.aligned_to(kSectionSize)) {
    host_.warnings.WarnOnce(Warnings::kRemovedMisaligned);
    return;
  }
  const Ids ids = IdsOf(range);
  bool missing = range.size != 0 && SectionNr::OfByte(range.start) + (range.size >> kSectionShift) > ids.end;
  SectionNr nr = ids.first;
  while (nr < ids.end) {
    const SectionNr next = blocks_.NextInRoots(nr);
    if (next != nr) {
      missing = true;
      nr = next;
      continue;
    }
    MemoryBlock* block = Find(nr);
    if (block == nullptr) {
      missing = true;
    } else {
      block->state = BlockState::kNone;
    }
    ++nr;
  }
  if (missing) host_.warnings.WarnOnce(Warnings::kBlockMissing);
}

bool MemoryBlocks::AnyOnline(PhysRange range) const {
  const Ids ids = IdsOf(range);
  for (SectionNr nr = blocks_.NextInRoots(ids.first); nr < ids.end; nr = blocks_.NextInRoots(nr + 1)) {
    if (State(nr) == BlockState::kOnline) return true;
  }
  return false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
