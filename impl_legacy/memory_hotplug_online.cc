// SPDX-License-Identifier: Apache-2.0
// Memory block devices: online_pages and offline_pages of one block.
//
// Not covered: pages in use other than by pins, which real kernels migrate or wait for.
#include "hotplug/firmware_map.h"
#include "impl_legacy/memory_hotplug.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// MAX_ORDER_NR_PAGES: test_pages_in_a_zone looks at one page in so many. Its first look does not test the span.
constexpr uint64_t kMaxOrderPages = 2 * kPagesPerSubsection;

// zone_for_pfn_range takes the page number as an unsigned int: from 2^32 pages on, it looks elsewhere.
PfnRange AsZoneForPfnRangeSeesIt(PfnRange block) {
  const Pfn first(static_cast<uint32_t>(block.first.value()));
  return {first, first + block.pages()};
}

// walk_system_ram_range: only the pages of the block that are busy System RAM go to the page allocator or come from it.
// Writes them and counts them.
int64_t FillRam(Kernel& kernel, PfnRange block, const StructPages::Content& content) {
  uint64_t pages = 0;
  PhysRange rest{block.first.byte(), kSectionSize};
  for (PfnRange ram; kernel.resources.NextSystemRam(&rest, &ram); pages += ram.pages()) {
    kernel.pages.Fill(ram, content);
  }
  return static_cast<int64_t>(pages);
}

// What the struct pages of a block say.
struct BlockPages {
  ZoneRef zone;              // of the first page
  bool ends_differ = false;  // the last page is of another zone
  bool one_zone = true;      // all of them belong to it and it spans them; holes of boot RAM do not
  bool reserved = false;     // some are
};

BlockPages LookAtPages(const Kernel& kernel, PfnRange block) {
  BlockPages pages{.zone = ZoneRef::OfPage(*kernel.pages.Find(block.first))};
  pages.ends_differ = !(ZoneRef::OfPage(*kernel.pages.Find(block.end - 1)) == pages.zone);
  for (PfnRange rest = block; !rest.empty();) {
    const StructPages::RunOf run = kernel.pages.FindRun(rest);
    pages.one_zone &= run.content->initialised && ZoneRef::OfPage(*run.content) == pages.zone;
    pages.reserved |= run.content->initialised && run.content->reserved;
    rest.first = run.end;
  }
  if (!pages.one_zone) return pages;
  const Span& span = kernel.zones.node(pages.zone.nid).zone[pages.zone.number];
  pages.one_zone = span.start <= block.first + kMaxOrderPages && block.end - kMaxOrderPages < span.end;
  return pages;
}

// What start_isolate_page_range and the migration behind it cannot move away.
bool HasUnmovablePages(const Kernel& kernel, PfnRange block, const Pins& pins) {
  for (const FirmwareRange& entry : *kernel.map) {
    if (entry.kind == FirmwareKind::kUnmovable && entry.range.overlaps({block.first.byte(), kSectionSize})) return true;
  }
  return pins.AnyIn(block);
}

}  // namespace

Answer OnlineBlock(Kernel& kernel, SectionNr nr, OnlineType type) {
  MemSection* section = kernel.sections.Find(nr);
  if (section == nullptr || section->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (section->block == BlockState::kOnline) return Answer::Of(Answer::Kind::kAlready);

  const PfnRange block = PagesOf(nr);
  const ZoneRef zone =
      ZoneRef::Of(section->nid, kernel.zones.ForOnline(section->nid, AsZoneForPfnRangeSeesIt(block), type));
  if (MovePfnRangeToZone(kernel, zone, block, nullptr) != 0) return Answer::Of(Answer::Kind::kFault);
  const int64_t ram = FillRam(kernel, block, {.zone = zone.number, .nid = zone.nid, .initialised = true});
  // Without any, the block stays offline, in the zone that it was moved to.
  if (ram == 0) return Answer::Error(kEINVAL);
  section->flags |= kIsOnline;
  kernel.zones.AddPresent(zone.nid, zone.zone(), ram);
  section->block = BlockState::kOnline;
  return Answer::Value(0);
}

Answer OfflineBlock(Kernel& kernel, SectionNr nr, const Pins& pins) {
  MemSection* section = kernel.sections.Find(nr);
  if (section == nullptr || section->block == BlockState::kNone) return Answer::Of(Answer::Kind::kNone);
  if (section->block == BlockState::kOffline) return Answer::Of(Answer::Kind::kAlready);

  const PfnRange block = PagesOf(nr);
  const BlockPages pages = LookAtPages(kernel, block);
  if (pages.ends_differ) return Answer::Error(kEINVAL);
  if (pages.reserved) return Answer::Error(kEBUSY);
  if (!pages.one_zone) return Answer::Error(kEINVAL);
  if (HasUnmovablePages(kernel, block, pins)) return Answer::Error(kEBUSY);
  // __offline_isolated_pages of 5.1 reserves what it takes from the page allocator.
  const int64_t ram =
      FillRam(kernel, block, {.zone = pages.zone.number, .nid = pages.zone.nid, .initialised = true, .reserved = true});
  section->flags &= static_cast<uint8_t>(~kIsOnline);
  kernel.zones.AddPresent(pages.zone.nid, pages.zone.zone(), -ram);
  section->block = BlockState::kOffline;
  return Answer::Value(0);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
