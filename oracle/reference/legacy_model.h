// SPDX-License-Identifier: Apache-2.0
// LegacyReference: the machine that legacy.h hands out. Its operations stand in legacy_sections.cc (pages and
// sections), legacy_memory.cc (RAM), legacy_devices.cc (mappings, pins) and legacy_queries.cc (resources, questions,
// facts).
#ifndef HPFUZZ_ORACLE_REFERENCE_LEGACY_MODEL_H_
#define HPFUZZ_ORACLE_REFERENCE_LEGACY_MODEL_H_

#include <cstdint>
#include <vector>

#include "hotplug/layer.h"
#include "oracle/reference/by_handle.h"
#include "oracle/reference/legacy_direct_map.h"
#include "oracle/reference/legacy_nvdimm.h"
#include "oracle/reference/legacy_resources.h"
#include "oracle/reference/legacy_spans.h"
#include "oracle/reference/lookup.h"
#include "oracle/reference/nvdimm_bus_model.h"
#include "oracle/reference/requests.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {

using reference::Lookup;

class LegacyReference final : public HotplugLayer {
 public:
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

  void SetMemmapFill(int byte_or_keep) override;
  void ArmFailure(const FailPlan& plan) override;

  SectionFacts Section(SectionNr nr) const override;
  PfnFacts Facts(Pfn pfn) const override;
  const NodeSpans& Node(Nid nid) const override;
  AllocSites FailedSites() const override { return requests_.failed(); }
  int UsemapBalance() const override;
  size_t Resources(ResourceRow* rows, size_t capacity) const override;

 private:
  // An altmap as the kernel keeps it: pfns and pages, with the counters that an add and a removal leave.
  struct AltmapState {
    uint64_t base = 0;
    uint64_t reserve = 0;
    uint64_t free = 0;
    int64_t alloc = 0;
    uint64_t align = 0;
    // Pages before the first one that the device may use.
    uint64_t offset() const { return reserve + free; }
    bool Take(uint64_t pages);
  };
  struct Mapping {
    enum class Life : uint8_t { kNone, kLive, kDying, kGone };
    Life life = Life::kNone;
    MemoryType type = MemoryType::kGeneric;
    bool has_altmap = false;
    PhysRange range;
    AltmapState altmap;
    int64_t references = 0;

    // The range rounded out to whole sections.
    PhysRange Rounded() const;
    AltmapState* AltmapOrNull() { return has_altmap ? &altmap : nullptr; }
    Pfn first_pfn() const { return Pfn::OfByte(range.start) + (has_altmap ? altmap.offset() : 0); }
    Pfn end_pfn() const { return Pfn::OfByte(range.end()); }
  };
  struct Pin {
    Pfn pfn;
    Handle map;  // kNoHandle: a page of RAM
  };

  static AltmapState Import(const Altmap& altmap);

  void BootRange(const FirmwareRange& range, PfnRange pages);
  void BootSections(Nid nid, PfnRange pages);

  bool InTable(uint64_t nr) const { return nr < section_limit_; }
  const SectionState* ValidSection(uint64_t nr) const {
    const SectionState* section = sections_.Find(nr);
    return section != nullptr && section->valid ? section : nullptr;
  }
  const SectionState* ValidSectionOf(Pfn pfn) const { return ValidSection(SectionNr::Of(pfn).value()); }
  bool IsOnline(Pfn pfn) const;
  Handle LiveMapping(Pfn pfn) const {
    // get_dev_pagemap() goes through the byte address: the upper bits of a larger number are lost.
    const Handle handle = lookup_.Find(Pfn::OfByte(pfn.byte()).value());
    return handle != kNoHandle && mappings_[handle].life == Mapping::Life::kLive ? handle : kNoHandle;
  }
  PageView View(Pfn pfn, const PageState& page) const;

  Answer AddSections(Nid nid, PfnRange pages, AltmapState* altmap, bool memblock);
  Answer AddSection(uint64_t nr, Nid nid, AltmapState* altmap, bool memblock);
  bool Populate(uint64_t nr, SectionState& section, AltmapState* altmap);
  bool PopulateBasePages(uint64_t nr, SectionState& section);
  bool Depopulate(uint64_t nr, const SectionState& section, AltmapState* altmap);
  Answer RemoveSections(Zone zone, Nid nid, PfnRange pages, AltmapState* altmap);
  Answer ArchAdd(Nid nid, PhysRange range, AltmapState* altmap, bool memblock);
  Answer ArchRemove(PhysRange range, AltmapState* altmap);
  Answer MoveToZone(Zone zone, Nid nid, PfnRange pages, const AltmapState* altmap);
  bool WritePages(uint64_t first, uint64_t end, const PageState& page);

  Zone ZoneForOnline(SectionNr block, Nid nid, OnlineType type) const;
  bool HasUnmovablePages(PfnRange pages) const;

  Answer Establish(Handle handle, Mapping& mapping);
  Answer AddDevicePages(Handle handle, Mapping& mapping);
  bool PutPages(const Mapping& mapping);
  Answer Release(Handle handle);
  Mapping* FindMapping(Handle handle);
  static bool IsReleasing(const HotplugLayer& layer, Handle handle);

  const FirmwareMap* map_ = nullptr;
  uint64_t section_limit_ = 0;
  uint8_t fill_ = 0;
  int usemaps_ = 0;
  Sections sections_;
  Pages pages_;
  Runs<uint64_t, bool> roots_;
  Spans spans_{sections_, pages_};
  DirectMap direct_map_;
  legacy_reference::Resources resources_;
  Lookup lookup_;
  Requests requests_;
  reference::ByHandle<Mapping> mappings_;
  std::vector<Pin> pins_;
  reference::NvdimmBusModel nvdimm_{*this, NvdimmRulesOf5_1(), IsReleasing};
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference

#endif  // HPFUZZ_ORACLE_REFERENCE_LEGACY_MODEL_H_
