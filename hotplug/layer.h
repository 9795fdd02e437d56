// SPDX-License-Identifier: Apache-2.0
// HotplugLayer: the memory-hotplug layer of one Linux generation, as one machine sees it. The implementations and the
// reference models both are one; nobody above this interface knows which.
//
// Every operation answers, none throws, none fails for a reason of our own. After an answer that stops the machine
// (BUG, FAULT) the caller must ask nothing more until the next Boot().
#ifndef HPFUZZ_HOTPLUG_LAYER_H_
#define HPFUZZ_HOTPLUG_LAYER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "hotplug/nvdimm_bus.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A memmap kept in the device itself (struct vmem_altmap). Bytes, page granularity: sub-page parts are dropped.
struct Altmap {
  bool given = false;
  uint64_t base = 0;     // address of the first page of the area
  uint64_t reserve = 0;  // bytes at the front that the driver keeps for itself
  uint64_t free = 0;     // bytes behind them that hold struct pages
  bool operator==(const Altmap&) const = default;
};

enum class MemoryType : uint8_t {
  kGeneric,
  kFsDax,
  kPrivate,  // MEMORY_DEVICE_PRIVATE: pages only, no direct map; takes no altmap
  kUnset,    // the type field left 0: mainline warns
};

struct MemremapRequest {
  PhysRange range;
  // A second range of the same mapping (nr_range = 2); size 0 with `has_second` false = none. Legacy has no such thing
  // and answers `none`.
  bool has_second = false;
  PhysRange second;
  MemoryType type = MemoryType::kGeneric;
  bool no_ref = false;  // without a reference counter; mainline owns its counter and ignores this
  Altmap altmap;        // with `has_second` or kPrivate: never given
  bool operator==(const MemremapRequest&) const = default;
};

struct ArchMemoryRequest {
  Nid nid = 0;
  PhysRange range;
  // arch_add_memory: memory blocks are made too (legacy want_memblock = true; mainline: as add_memory does it
  // afterwards). arch_remove_memory: mainline removes the blocks first (legacy always does it by itself).
  bool memblock = false;
  Altmap altmap;
  bool operator==(const ArchMemoryRequest&) const = default;
};

enum class OnlineType : uint8_t { kKeep, kKernel, kMovable };

// Places where an operation asks for memory.
enum class AllocSite : uint8_t {
  kRoot,        // an array of mem_section for kSectionsPerRoot sections
  kMemmap,      // the memmap of a whole section as one large page; base pages take its place when there is none
  kMemmapBase,  // one base page of a memmap
  kUsemap,      // legacy: the pageblock flags of a section; sub-section: its usage record
  kLookup,      // a node of the pfn -> mapping store; asked for once more when it is refused
  kPat,         // page-attribute tracking entry
  kDirectMap,   // a page table of the direct map
  kBlock,       // a memory block device
  kBlockName,   // the name of a memory block device (fails with -EINVAL)
  kResource,    // a resource node
  kAction,      // legacy: the release action of a mapping; mainline: the same, and (first) its reference counter
  kCounter,     // mainline: the reference counter of a mapping
};
inline constexpr unsigned kAllocSites = 12;

// A set of sites, a bit each.
using AllocSites = uint16_t;
static_assert(kAllocSites <= 16);
constexpr AllocSites Sites() { return 0; }
template <typename... More>
constexpr AllocSites Sites(AllocSite site, More... more) {
  return static_cast<AllocSites>(1U << static_cast<unsigned>(site) | Sites(more...));
}

// Makes the n-th request at `site` fail, or all from the n-th on; n counts from 1 within the operation.
struct FailPlan {
  AllocSite site = AllocSite::kRoot;
  bool from = false;
  uint32_t n = 0;  // 0: nothing fails
  bool operator==(const FailPlan&) const = default;
};

// What new struct pages hold before anybody writes them: a byte pattern, or what the page held before ("keep").
inline constexpr int kFillKeep = -1;

class HotplugLayer {
 public:
  virtual ~HotplugLayer() = default;

  // Starts the machine afresh: early sections, zones, resources of `map`. Forgets everything before. `map` must outlive
  // the machine. The fill pattern is 0 after boot.
  virtual void Boot(const FirmwareMap& map) = 0;

  // Operations, named after the kernel's functions. Ranges are as the caller gave them, in bytes.
  virtual Answer AddPages(Nid nid, PhysRange range) = 0;
  virtual Answer RemovePages(Zone zone, PhysRange range) = 0;
  virtual Answer ArchAddMemory(const ArchMemoryRequest& request) = 0;
  virtual Answer ArchRemoveMemory(const ArchMemoryRequest& request) = 0;
  virtual Answer AddMemory(Nid nid, PhysRange range) = 0;
  virtual Answer RemoveMemory(Nid nid, PhysRange range) = 0;
  // The memory block device of one section. kNone: there is none.
  virtual Answer OnlinePages(SectionNr block, OnlineType type) = 0;
  virtual Answer OfflinePages(SectionNr block) = 0;
  virtual Answer MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) = 0;
  // mainline only; legacy answers kNone.
  virtual Answer RemovePfnRangeFromZone(Zone zone, Nid nid, PhysRange range) = 0;
  // `handle` was never used before on this machine, or is MappingOfNamespace() and released.
  virtual Answer MemremapPages(Handle handle, const MemremapRequest& request) = 0;
  // kNone: no such mapping, or it was unmapped before.
  virtual Answer MemunmapPages(Handle handle) = 0;
  // A reference on a page that is online RAM or belongs to a live mapping (get_dev_pagemap finds one): 0; else kNone.
  virtual Answer PinPage(Pfn pfn) = 0;
  // Drops the latest reference on that page; kNone when there is none. The last one of a mapping that is being unmapped
  // completes the release and answers what memunmap_pages would have.
  virtual Answer UnpinPage(Pfn pfn) = 0;
  virtual Answer InsertResource(Handle handle, PhysRange range, bool busy, bool ram) = 0;
  virtual Answer RemoveResource(Handle handle) = 0;
  virtual Answer RegionIntersects(PhysRange range) = 0;
  virtual Answer PfnValid(Pfn pfn) = 0;
  virtual Answer PfnToOnlinePage(Pfn pfn) = 0;
  virtual Answer GetDevPagemap(Pfn pfn) = 0;
  // kNone where pfn_valid is 0; kFault where the struct page has no memory behind it.
  virtual Answer StructPage(Pfn pfn) = 0;

  // libnvdimm of this machine.
  virtual NvdimmBus& Nvdimm();

  // Conditions of the machine, set between operations.
  virtual void SetMemmapFill(int byte_or_keep) = 0;
  // One more plan that holds for the operations that follow; one for the same site replaces the first. A plan that
  // fails nothing (n = 0, the default) disarms all sites.
  virtual void ArmFailure(const FailPlan& plan) = 0;

  // Observation; changes nothing. All of it is defined for any argument, also after a stop.
  virtual SectionFacts Section(SectionNr nr) const = 0;
  virtual PfnFacts Facts(Pfn pfn) const = 0;
  virtual const NodeSpans& Node(Nid nid) const = 0;
  // Where requests failed since a plan was armed, in the latest operation that could ask for memory.
  virtual AllocSites FailedSites() const = 0;
  // Usage maps allocated by hotplug and not freed since boot.
  virtual int UsemapBalance() const = 0;
  // Copies at most `capacity` rows of the resource tree, depth first, ascending; returns how many there are.
  virtual size_t Resources(ResourceRow* rows, size_t capacity) const = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_LAYER_H_
