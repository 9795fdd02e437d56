// SPDX-License-Identifier: Apache-2.0
// MainlineKernel: the rooms of this folder put together behind HotplugLayer.
#ifndef HPFUZZ_IMPL_SUBSECTION_KERNEL_H_
#define HPFUZZ_IMPL_SUBSECTION_KERNEL_H_

#include <cstddef>

#include "hotplug/attributes.h"
#include "hotplug/layer.h"
#include "impl_subsection/dev_pagemap.h"
#include "impl_subsection/host.h"
#include "impl_subsection/init_64.h"
#include "impl_subsection/memory_block.h"
#include "impl_subsection/memory_hotplug.h"
#include "impl_subsection/memory_hotplug_ram.h"
#include "impl_subsection/memremap.h"
#include "impl_subsection/pmem.h"
#include "impl_subsection/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

class MainlineKernel final : public HotplugLayer {
 public:
  explicit MainlineKernel(Version version);

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
  NvdimmBus& Nvdimm() override { return pmem_; }
  void SetMemmapFill(int byte_or_keep) override;
  void ArmFailure(const FailPlan& plan) override;
  HPFUZZ_UNCOVERED SectionFacts Section(SectionNr nr) const override;
  HPFUZZ_UNCOVERED PfnFacts Facts(Pfn pfn) const override;
  const NodeSpans& Node(Nid nid) const override { return host_.zones.node(nid); }
  AllocSites FailedSites() const override { return host_.allocator.failed(); }
  int UsemapBalance() const override { return sparse_.usage_balance(); }
  HPFUZZ_UNCOVERED size_t Resources(ResourceRow* rows, size_t capacity) const override;

 private:
  void Begin();
  Answer Finish(Status status) const;
  Answer Release(DevPagemap& pagemap);
  void View(Pfn pfn, StructPages::Content content, PageView* view) const;

  Host host_;
  Sparse sparse_;
  DevPagemaps pagemaps_;
  MemoryBlocks blocks_;
  MemoryHotplug hotplug_;
  ArchMemory arch_;
  RamHotplug ram_;
  Memremap memremap_;
  Pmem pmem_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

#endif  // HPFUZZ_IMPL_SUBSECTION_KERNEL_H_
