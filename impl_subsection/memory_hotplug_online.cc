// SPDX-License-Identifier: Apache-2.0
// memory_hotplug: online_pages and offline_pages of one memory block, with what memory_block_online and
// memory_block_offline of drivers/base/memory.c do around them.
//
// Not covered: whether pages in use can be moved away. A block is unmovable where the firmware map says so, while a
// page of it is pinned, and when it holds pages that were never given to the page allocator.
#include "impl_subsection/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {
namespace {

PfnRange PagesOf(SectionNr nr) { return {nr.first_pfn(), (nr + 1).first_pfn()}; }

}  // namespace

// online_mem_sections and offline_mem_sections: neither touches a section that is not valid.
void MemoryHotplug::SetOnline(SectionNr nr, bool online) {
  MemSection* section = sparse_.Find(nr);
  if (section == nullptr || !section->valid()) {
    host_.warnings.Warn();
  } else if (online) {
    section->flags |= MemSection::kIsOnline;
  } else {
    section->flags &= static_cast<uint8_t>(~MemSection::kIsOnline);
  }
}

Status MemoryHotplug::OnlineBlock(MemoryBlock& block, SectionNr nr, OnlineType type) {
  const PfnRange pages = PagesOf(nr);
  const Zone zone = host_.zones.ForOnline(block.nid, pages, type);
  const Status status = MovePfnRangeToZone(zone, block.nid, pages, nullptr);
  if (status != 0) return status;
  // Given to the page allocator: free pages have no reference and are not reserved.
  host_.struct_pages.Fill(pages, {.zone = static_cast<uint8_t>(zone), .nid = block.nid, .initialised = true});
  SetOnline(nr, true);
  host_.zones.AddPresent(block.nid, zone, static_cast<int64_t>(kPagesPerSection));
  block.state = BlockState::kOnline;
  block.has_zone = true;
  block.zone = zone;
  return 0;
}

bool MemoryHotplug::Unmovable(PfnRange pages) const {
  if (host_.pins.AnyIn(pages)) return true;
  const PhysRange bytes{pages.first.byte(), pages.pages() << kPageShift};
  for (const FirmwareRange& entry : *host_.firmware) {
    if (entry.kind == FirmwareKind::kUnmovable && entry.range.overlaps(bytes)) return true;
  }
  return false;
}

// All of `pages`, which are backed, are the page allocator's and none of them is in use.
bool MemoryHotplug::AllFree(PfnRange pages) const {
  for (PfnRange rest = pages; !rest.empty();) {
    const StructPages::RunOf run = host_.struct_pages.FindRun(rest);
    if (!run.content->initialised || run.content->reserved || run.content->count != 0) return false;
    rest.first = run.end;
  }
  return true;
}

Status MemoryHotplug::OfflineBlock(MemoryBlock& block, SectionNr nr) {
  const PfnRange pages = PagesOf(nr);
  if (!block.has_zone) return -kEINVAL;
  // Memory holes, by resources.
  if (host_.resources.SystemRamPages({nr.first_byte(), kSectionSize}) != kPagesPerSection) return -kEINVAL;
  for (const Pfn edge : {pages.first, pages.end - 1}) {
    const StructPages::Content* page = host_.struct_pages.Find(edge);
    if (page == nullptr) return kStopFault;
    if (page->zone != static_cast<uint8_t>(block.zone) || page->nid != block.nid) {
      host_.warnings.WarnOnce(Warnings::kMultizone);
      return -kEINVAL;
    }
  }
  // start_isolate_page_range and test_pages_isolated look at every page, and at the type of every pageblock.
  if (!host_.struct_pages.Backed(pages) || !PageblocksHaveUsage(pages)) return kStopFault;
  if (Unmovable(pages) || !AllFree(pages)) return -kEBUSY;
  SetOnline(nr, false);
  host_.zones.AddPresent(block.nid, block.zone, -static_cast<int64_t>(kPagesPerSection));
  if (const Status status = RemovePfnRangeFromZone(block.zone, block.nid, pages); status != 0) return status;
  block.state = BlockState::kOffline;
  block.has_zone = false;
  return 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection
