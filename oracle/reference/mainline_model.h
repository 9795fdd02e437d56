// SPDX-License-Identifier: Apache-2.0
// MainlineModel: the state of the reference and the steps its operations share. The operations follow the kernel's
// order of checks, because the order is observable; the state is what can be observed, not the kernel's data
// structures.
#ifndef HPFUZZ_ORACLE_REFERENCE_MAINLINE_MODEL_H_
#define HPFUZZ_ORACLE_REFERENCE_MAINLINE_MODEL_H_

#include <array>
#include <cstdint>
#include <vector>

#include "hotplug/layer.h"
#include "hotplug/same_bytes.h"
#include "oracle/reference/by_handle.h"
#include "oracle/reference/lookup.h"
#include "oracle/reference/mainline.h"
#include "oracle/reference/mainline_direct_map.h"
#include "oracle/reference/mainline_nvdimm.h"
#include "oracle/reference/mainline_resources.h"
#include "oracle/reference/nvdimm_bus_model.h"
#include "oracle/reference/requests.h"
#include "oracle/reference/runs.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace mainline_reference {

// Whose rules these are; the first one's, where they are its own, are in series_v5_*.cc.
enum class Kernel : uint8_t { kSeriesV5, k6_1, k6_12 };

// What a step of the kernel came to: 0, a negated errno, or the end of the machine.
using Outcome = int;
inline constexpr Outcome kStopped = 1;

// A memmap area in device memory, in pages.
struct AltmapPages {
  Pfn base;
  uint64_t reserve = 0;
  uint64_t free = 0;
  int64_t alloc = 0;
  int64_t align = 0;

  // First page that holds neither reserve nor struct pages.
  Pfn data() const { return base + (reserve + free); }
  bool Take(uint64_t pages);
};

struct Section {
  uint64_t boot = 0;      // the boot it was last touched in; in a later one it stands for an empty section
  uint64_t bits = 0;      // active sub-sections; the section is present and valid exactly when one is set
  uint64_t damaged = 0;   // the first pages of the section, one bit each: see FillHole()
  uint64_t mapped = 0;    // the sub-sections that have base pages of memmap
  bool huge = false;      // the memmap is one large page instead
  bool borrowed = false;  // ... of the device's own memory, from `lender` on
  Pfn lender = {};
  bool online = false;
  bool early = false;
  bool tainted = false;
  bool usage = false;       // has a usage record
  bool boot_usage = false;  // ... made at boot, never freed
  BlockState block = BlockState::kNone;
  Nid block_nid = 0;
  bool block_has_zone = false;  // false too: a boot block with pages of more than one zone
  Zone block_zone = Zone::kDma;

  // Of the pages of this section.
  bool Active(Pfn pfn) const { return (bits >> (pfn.value() % kPagesPerSection / kPagesPerSubsection) & 1) != 0; }
  bool Backed(Pfn pfn) const {
    return huge || (mapped >> (pfn.value() % kPagesPerSection / kPagesPerSubsection) & 1) != 0;
  }
};

// The bits that version 5 names for pages of one section.
uint64_t PostedBits(PfnRange part);

// One struct page.
struct PageState {
  PageView view;            // while its mapping is there and nobody has it pinned; default if uninitialised, but for
                            // the zone
  uint8_t zone_number = 0;  // as the flags word has it; not a zone in some uninitialised pages
  bool unused = false;      // filled with 0xfd: left by a sub-section that went
  bool operator==(const PageState& other) const { return SameBytes(*this, other); }
  bool IsIn(Zone zone, Nid nid) const { return view.nid == nid && zone_number == static_cast<uint8_t>(zone); }

  static PageState Uninitialised(int byte) {
    const auto zone_number = static_cast<uint8_t>(byte >> 5 & 7);
    return {.view = {.zone = zone_number < kZones ? static_cast<Zone>(zone_number) : Zone::kDma},
            .zone_number = zone_number,
            .unused = byte == 0xfd};
  }
  // In the hands of the page allocator.
  static PageState Free(Zone zone, Nid nid) {
    return {.view = {.zone = zone, .nid = nid, .initialised = true}, .zone_number = static_cast<uint8_t>(zone)};
  }
  static PageState Reserved(Zone zone, Nid nid) {
    PageState state = Free(zone, nid);
    state.view.reserved = true;
    state.view.count = 1;
    return state;
  }
};

struct Mapping {
  enum State : uint8_t { kNone, kLive, kDying, kGone };
  State state = kNone;
  MemoryType type = MemoryType::kGeneric;
  uint8_t ranges = 0;
  std::array<PhysRange, 2> range;
  bool has_altmap = false;
  AltmapPages altmap;
  uint32_t pins = 0;
};

class MainlineModel final : public HotplugLayer {
 public:
  explicit MainlineModel(Kernel kernel) : kernel_(kernel) {}

  void Boot(const FirmwareMap& map) override;

  Answer AddPages(Nid nid, PhysRange range) override;
  Answer RemovePages(Zone zone, PhysRange range) override;
  Answer ArchAddMemory(const ArchMemoryRequest& request) override;
  Answer ArchRemoveMemory(const ArchMemoryRequest& request) override;
  Answer AddMemory(Nid nid, PhysRange range) override;
  Answer RemoveMemory(Nid nid, PhysRange range) override;
  Answer OnlinePages(SectionNr block, OnlineType type) override;
  Answer OfflinePages(SectionNr block) override;
  Answer MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) override;
  Answer RemovePfnRangeFromZone(Zone zone, Nid nid, PhysRange range) override;
  Answer MemremapPages(Handle handle, const MemremapRequest& request) override;
  Answer MemunmapPages(Handle handle) override;
  Answer PinPage(Pfn pfn) override;
  Answer UnpinPage(Pfn pfn) override;
  Answer InsertResource(Handle handle, PhysRange range, bool busy, bool ram) override;
  Answer RemoveResource(Handle handle) override;
  Answer RegionIntersects(PhysRange range) override;
  Answer PfnValid(Pfn pfn) override;
  Answer PfnToOnlinePage(Pfn pfn) override;
  Answer GetDevPagemap(Pfn pfn) override;
  Answer StructPage(Pfn pfn) override;

  NvdimmBus& Nvdimm() override { return nvdimm_; }

  void SetMemmapFill(int byte_or_keep) override { fill_ = byte_or_keep == kFillKeep ? 0 : byte_or_keep; }
  void ArmFailure(const FailPlan& plan) override { requests_.Arm(plan); }

  SectionFacts Section(SectionNr nr) const override;
  PfnFacts Facts(Pfn pfn) const override;
  const NodeSpans& Node(Nid nid) const override { return nodes_[nid % kMaxNodes]; }
  AllocSites FailedSites() const override { return requests_.failed(); }
  int UsemapBalance() const override { return usage_balance_; }
  size_t Resources(ResourceRow* rows, size_t capacity) const override { return resources_.Rows(rows, capacity); }

 private:
  using SectionState = mainline_reference::Section;

  // WARN_ON_ONCE sites: at most one warning each in one operation.
  enum Once : uint8_t { kArchAdd = 1, kAbsentSection = 2, kAbsentBlock = 4, kDirectMapSplit = 8, kArchRemove = 16 };
  // One array of sections: its number and where its sections begin in `section_pool_`.
  struct Root {
    uint64_t nr;
    size_t first;
  };
  static constexpr Root kNoRoot = {~uint64_t{0}, 0};
  struct Pin {
    Pfn pfn;
    Handle map;  // kNoHandle: a reference on RAM
  };

  // The operation that runs (mainline.cc).
  void Begin();
  void Warn() { ++warnings_; }
  void WarnOnce(Once site);
  // Asks for memory `count` times at that site, all or nothing.
  bool Refused(AllocSite site, uint64_t count = 1) { return !requests_.Ask(site, count); }
  Answer Done(Outcome outcome) const;

  // Boot (mainline_boot.cc).
  void BootRam(const FirmwareRange& ram, Pfn* hole);
  void BootHole(PfnRange hole, Zone zone, Nid nid);
  void BootSections(const FirmwareRange& ram);
  void BootSpan(Zone zone, Nid nid, PfnRange pages);
  static void BootGaps(NodeSpans* node);
  void BootBlocks(const FirmwareRange& ram);

  // Sections (mainline_sections.cc).
  // Null: its root is missing. A section that was never touched is empty.
  SectionState* Find(SectionNr nr);
  const SectionState* Find(SectionNr nr) const {
    static constexpr SectionState kEmpty;
    if (!FindRoot(nr)) return nullptr;
    const SectionState& section = section_pool_[found_.first + nr.value() % kSectionsPerRoot];
    return section.boot == boots_ ? &section : &kEmpty;
  }
  // Makes `found_` the root of that section; false when it is missing.
  bool FindRoot(SectionNr nr) const {
    const uint64_t root = nr.value() / kSectionsPerRoot;
    return found_.nr == root || FindOtherRoot(root);
  }
  bool FindOtherRoot(uint64_t root) const;
  SectionState* MakeRoot(SectionNr nr);
  // Sections whose root is missing are missing in bulk: the first one at or above `nr` that is not, or `end`.
  SectionNr NextKnown(SectionNr nr, SectionNr end) const;
  // The border below which the next one downwards from `nr` lies: nr + 1, or the end of a lower root, or 0.
  SectionNr EndOfKnown(SectionNr nr) const;
  std::vector<Root>::const_iterator RootFrom(uint64_t root) const;
  // mhp_range_allowed(): not empty, no wrap, not beyond the section table.
  bool Allowed(PhysRange range) const { return range.start < range.end() && range.end() <= map_->physmem_end(); }
  // The first section that the table cannot name.
  SectionNr Limit() const { return limit_; }
  Outcome AddPagesOf(PfnRange pages, AltmapPages* altmap);
  bool RunsOffTable(PfnRange pages) const;
  Outcome AddSection(PfnRange part, AltmapPages* altmap);
  Outcome Populate(SectionState* section, PfnRange part, AltmapPages* altmap);
  bool InDirectMap(Pfn pfn) const;
  bool FillHole(SectionState* section, PfnRange part);
  Outcome RemoveMemmap(SectionState* section, PfnRange part, AltmapPages* altmap);
  bool AllUnused(PfnRange pages) const;
  bool FreesUnknown(Pfn first) const;
  Outcome RemovePagesOf(PfnRange pages, AltmapPages* altmap);
  Outcome RemoveSection(SectionState* section, PfnRange part, AltmapPages* altmap);
  Outcome ArchAdd(PhysRange range, AltmapPages* altmap);
  Outcome ArchAddBlocks(Nid nid, PhysRange range, AltmapPages* altmap);
  Outcome AddPagesWarned(PfnRange pages, AltmapPages* altmap);
  Outcome ArchRemove(PhysRange range, AltmapPages* altmap);
  bool UsedByRam(PfnRange pages) const;

  // The series as posted (series_v5_sections.cc, series_v5_spans.cc).
  bool posted() const { return kernel_ == Kernel::kSeriesV5; }
  uint64_t BitsOf(PfnRange part) const { return posted() ? PostedBits(part) : SubsectionMask(part); }
  PfnRange MemmapOf(PfnRange part) const;
  bool CompleteTable(SectionState* section, PfnRange part);
  Outcome AddPosted(PfnRange pages, AltmapPages* altmap, const Nid* memblock_nid);
  Outcome AddBlock(SectionNr nr, Nid nid);
  Outcome ArchAddBlocksPosted(Nid nid, PhysRange range, AltmapPages* altmap);
  Outcome RemovePosted(Zone zone, Nid nid, PfnRange pages, AltmapPages* altmap);
  Outcome ArchRemovePosted(PhysRange range, AltmapPages* altmap);
  Outcome ShrinkPosted(Zone zone, Nid nid, PfnRange pages);
  Outcome ShrinkSpanPosted(const Zone* zone, Nid nid, PfnRange pages);

  // Pages (mainline_pages.cc).
  // Of a page of this section: pfn_valid(), and pfn_to_online_page(), for which in a section that devices share a live
  // mapping decides.
  bool ValidIn(const SectionState& section, Pfn pfn) const {
    return (section.early && !posted()) || section.Active(pfn);
  }
  bool OnlineIn(const SectionState& section, Pfn pfn, Handle live_mapping) const {
    if (!section.online || posted()) return section.online;
    return section.Active(pfn) && (!section.tainted || live_mapping == kNoHandle);
  }
  bool Valid(Pfn pfn) const;
  bool Backed(Pfn pfn) const;
  bool AllBacked(PfnRange pages) const;
  bool Online(Pfn pfn) const;
  Handle LiveMapping(Pfn pfn) const {
    // get_dev_pagemap() goes through the byte address: the upper bits of a larger number are lost.
    const Handle handle = lookup_.Find(Pfn::OfByte(pfn.byte()).value());
    return handle != kNoHandle && mappings_[handle].state == Mapping::kLive ? handle : kNoHandle;
  }
  const PageState& PageAt(Pfn pfn) const;
  PageView View(Pfn pfn) const;
  bool InState(Handle handle, Mapping::State state) const;

  // Zones and nodes (mainline_zones.cc).
  Outcome MoveToZone(Zone zone, Nid nid, PfnRange pages, const AltmapPages* altmap);
  bool Taint(Pfn pfn);
  bool LacksBlockTypes(PfnRange pages) const;
  Outcome RemoveFromZone(Zone zone, Nid nid, PfnRange pages);
  Outcome ShrinkZone(Zone zone, Nid nid, PfnRange pages);
  void UpdateNodeSpan(Nid nid);
  // What a look for the edge of a zone came to.
  enum class Search : uint8_t { kNothing, kFound, kStopped };
  Search Look(Pfn pfn, Zone zone, Nid nid) const;
  Search FindSmallest(Zone zone, Nid nid, PfnRange pages, Pfn* found) const;
  Search FindBiggest(Zone zone, Nid nid, PfnRange pages, Pfn* found) const;
  bool AllAlike(PfnRange pages) const;
  Search Owned(Pfn pfn, const Zone* zone, Nid nid) const;
  Search Lowest(const Zone* zone, Nid nid, PfnRange pages, const Pfn* except, Pfn* found) const;
  Search Highest(const Zone* zone, Nid nid, PfnRange pages, Pfn* found) const;
  Zone ZoneForOnline(OnlineType type, Nid nid, PfnRange pages) const;

  // Memory blocks (mainline_memory.cc).
  Outcome AddBlocks(Nid nid, PhysRange range);
  void RemoveBlocks(PhysRange range);
  bool AnyBlockOnline(PhysRange range) const;
  bool CanIsolate(PfnRange pages) const;
  void SetOnline(SectionState* section, bool online);

  // Device mappings (mainline_devices.cc).
  Mapping* FindMapping(Handle handle, Mapping::State state);
  static bool IsReleasing(const HotplugLayer& layer, Handle handle) {
    return static_cast<const MainlineModel&>(layer).InState(handle, Mapping::kDying);
  }
  Outcome MapRange(Handle handle, Mapping* mapping, PhysRange range);
  Outcome MapPages(Handle handle, Mapping* mapping, PhysRange range);
  Outcome UnmapRanges(Mapping* mapping);
  Outcome UnmapRange(Mapping* mapping, unsigned index);
  Answer DoneMapping(Outcome outcome, const Mapping& mapping) const;

  const Kernel kernel_;
  const FirmwareMap* map_ = nullptr;
  SectionNr limit_;
  int fill_ = 0;

  reference::Requests requests_;
  unsigned warnings_ = 0;
  uint8_t warned_once_ = 0;

  std::vector<Root> roots_;       // ascending
  mutable Root found_ = kNoRoot;  // the root found last
  // The first sections_used_ are in use; it never shrinks, and what it holds from an earlier boot counts as empty.
  std::vector<SectionState> section_pool_;
  size_t sections_used_ = 0;
  uint64_t boots_ = 0;
  reference::Runs<Pfn, PageState> pages_;
  reference::Lookup lookup_;
  DirectMap direct_map_;
  ResourceTree resources_;
  std::array<NodeSpans, kMaxNodes> nodes_;
  reference::ByHandle<Mapping> mappings_;
  std::vector<Pin> pins_;  // oldest first
  int usage_balance_ = 0;
  reference::NvdimmBusModel nvdimm_{*this, NvdimmRulesOf(kernel_), IsReleasing};
};

}  // namespace mainline_reference
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_REFERENCE_MAINLINE_MODEL_H_
