// SPDX-License-Identifier: Apache-2.0
// A layer that forwards everything to another one and lets a test bend single answers and facts on the way.
#ifndef HPFUZZ_TESTS_ORACLE_FORWARDING_LAYER_H_
#define HPFUZZ_TESTS_ORACLE_FORWARDING_LAYER_H_

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "hotplug/layer.h"
#include "tests/oracle/forwarding_bus.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What to bend; what is empty stays as it is.
struct Twist {
  std::function<void(std::string_view operation, Answer&)> answer = {};  // by the name of the operation
  std::function<void(SectionNr, SectionFacts&)> section = {};
  std::function<void(Pfn, PfnFacts&)> page = {};
  std::function<void(Nid, NodeSpans&)> spans = {};
  std::function<void(AllocSites&)> failed = {};
  std::function<void(int&)> usemaps = {};
  std::function<void(ResourceRow* rows, size_t capacity, size_t& count)> resources = {};
  BusTwist bus = {};
};

class ForwardingLayer : public HotplugLayer {
 public:
  ForwardingLayer(std::unique_ptr<HotplugLayer> layer, Twist twist)
      : layer_(std::move(layer)), twist_(std::move(twist)), bus_(&layer_->Nvdimm(), &twist_.bus) {}

  void Boot(const FirmwareMap& map) override { layer_->Boot(map); }
  Answer AddPages(Nid nid, PhysRange range) override { return Bent("__add_pages", layer_->AddPages(nid, range)); }
  Answer RemovePages(Zone zone, PhysRange range) override {
    return Bent("__remove_pages", layer_->RemovePages(zone, range));
  }
  Answer ArchAddMemory(const ArchMemoryRequest& request) override {
    return Bent("arch_add_memory", layer_->ArchAddMemory(request));
  }
  Answer ArchRemoveMemory(const ArchMemoryRequest& request) override {
    return Bent("arch_remove_memory", layer_->ArchRemoveMemory(request));
  }
  Answer AddMemory(Nid nid, PhysRange range) override { return Bent("add_memory", layer_->AddMemory(nid, range)); }
  Answer RemoveMemory(Nid nid, PhysRange range) override {
    return Bent("remove_memory", layer_->RemoveMemory(nid, range));
  }
  Answer OnlinePages(SectionNr block, OnlineType type) override {
    return Bent("online_pages", layer_->OnlinePages(block, type));
  }
  Answer OfflinePages(SectionNr block) override { return Bent("offline_pages", layer_->OfflinePages(block)); }
  Answer MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) override {
    return Bent("move_pfn_range_to_zone", layer_->MovePfnRangeToZone(zone, nid, range));
  }
  Answer RemovePfnRangeFromZone(Zone zone, Nid nid, PhysRange range) override {
    return Bent("remove_pfn_range_from_zone", layer_->RemovePfnRangeFromZone(zone, nid, range));
  }
  Answer MemremapPages(Handle handle, const MemremapRequest& request) override {
    return Bent("memremap_pages", layer_->MemremapPages(handle, request));
  }
  Answer MemunmapPages(Handle handle) override { return Bent("memunmap_pages", layer_->MemunmapPages(handle)); }
  Answer PinPage(Pfn pfn) override { return Bent("pin_page", layer_->PinPage(pfn)); }
  Answer UnpinPage(Pfn pfn) override { return Bent("unpin_page", layer_->UnpinPage(pfn)); }
  Answer InsertResource(Handle handle, PhysRange range, bool busy, bool ram) override {
    return Bent("insert_resource", layer_->InsertResource(handle, range, busy, ram));
  }
  Answer RemoveResource(Handle handle) override { return Bent("remove_resource", layer_->RemoveResource(handle)); }
  Answer RegionIntersects(PhysRange range) override {
    return Bent("region_intersects", layer_->RegionIntersects(range));
  }
  Answer PfnValid(Pfn pfn) override { return Bent("pfn_valid", layer_->PfnValid(pfn)); }
  Answer PfnToOnlinePage(Pfn pfn) override { return Bent("pfn_to_online_page", layer_->PfnToOnlinePage(pfn)); }
  Answer GetDevPagemap(Pfn pfn) override { return Bent("get_dev_pagemap", layer_->GetDevPagemap(pfn)); }
  Answer StructPage(Pfn pfn) override { return Bent("struct_page", layer_->StructPage(pfn)); }
  NvdimmBus& Nvdimm() override { return bus_; }
  void SetMemmapFill(int byte_or_keep) override { layer_->SetMemmapFill(byte_or_keep); }
  void ArmFailure(const FailPlan& plan) override { layer_->ArmFailure(plan); }

  SectionFacts Section(SectionNr nr) const override {
    SectionFacts facts = layer_->Section(nr);
    if (twist_.section) twist_.section(nr, facts);
    return facts;
  }
  PfnFacts Facts(Pfn pfn) const override {
    PfnFacts facts = layer_->Facts(pfn);
    if (twist_.page) twist_.page(pfn, facts);
    return facts;
  }
  const NodeSpans& Node(Nid nid) const override {
    bent_spans_ = layer_->Node(nid);
    if (twist_.spans) twist_.spans(nid, bent_spans_);
    return bent_spans_;
  }
  AllocSites FailedSites() const override {
    AllocSites failed = layer_->FailedSites();
    if (twist_.failed) twist_.failed(failed);
    return failed;
  }
  int UsemapBalance() const override {
    int balance = layer_->UsemapBalance();
    if (twist_.usemaps) twist_.usemaps(balance);
    return balance;
  }
  size_t Resources(ResourceRow* rows, size_t capacity) const override {
    size_t count = layer_->Resources(rows, capacity);
    if (twist_.resources) twist_.resources(rows, capacity, count);
    return count;
  }

 private:
  Answer Bent(std::string_view operation, Answer answer) const {
    if (twist_.answer) twist_.answer(operation, answer);
    return answer;
  }

  std::unique_ptr<HotplugLayer> layer_;
  Twist twist_;
  ForwardingBus bus_;
  mutable NodeSpans bent_spans_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_FORWARDING_LAYER_H_
