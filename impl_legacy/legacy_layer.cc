// SPDX-License-Identifier: Apache-2.0
// HotplugLayer over the rooms of this folder: arming failures, turning what kernel functions return into answers, pins
// and the wait of a release for them.
#include "impl_legacy/legacy_layer.h"

#include <algorithm>
#include <bit>

#include "hotplug/attributes.h"
#include "impl_legacy/boot.h"
#include "impl_legacy/init_64.h"
#include "impl_legacy/kernel.h"
#include "impl_legacy/memory_hotplug.h"
#include "impl_legacy/memremap.h"
#include "impl_legacy/pmem.h"
#include "machine/pins.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace legacy {
namespace {

Answer None() { return Answer::Of(Answer::Kind::kNone); }

class LegacyLayer final : public HotplugLayer {
 public:
  void Boot(const FirmwareMap& map) override {
    kernel_.allocator.Arm({});
    BootKernel(kernel_, map);
    pagemaps_.Reset();
    pins_.Reset();
    pmem_.Boot(map);
  }

  Answer AddPages(Nid nid, PhysRange range) override {
    Begin();
    return Finish(legacy::AddPages(kernel_, nid, range.pfns().first, range.pfns().pages(), nullptr, false));
  }

  Answer RemovePages(Zone zone, PhysRange range) override {
    Begin();
    const PfnRange pages = range.pfns();
    // The caller names a zone, not a node: it is one of node 0, wherever the pages are.
    return Finish(legacy::RemovePages(kernel_, ZoneRef::Of(0, zone), pages.first, pages.pages(), nullptr));
  }

  Answer ArchAddMemory(const ArchMemoryRequest& request) override {
    Begin();
    return Finish(
        legacy::ArchAddMemory(kernel_, request.nid, request.range, CallersAltmap(request.altmap), request.memblock));
  }

  Answer ArchRemoveMemory(const ArchMemoryRequest& request) override {
    Begin();
    return Finish(legacy::ArchRemoveMemory(kernel_, request.range, CallersAltmap(request.altmap)));
  }

  Answer AddMemory(Nid nid, PhysRange range) override {
    Begin();
    return Finish(legacy::AddMemory(kernel_, nid, range));
  }

  Answer RemoveMemory(Nid nid, PhysRange range) override {
    Begin();
    return Finish(legacy::RemoveMemory(kernel_, nid, range));
  }

  Answer OnlinePages(SectionNr block, OnlineType type) override { return OnlineBlock(kernel_, block, type); }
  Answer OfflinePages(SectionNr block) override { return OfflineBlock(kernel_, block, pins_); }

  Answer MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) override {
    Begin();
    return Finish(legacy::MovePfnRangeToZone(kernel_, ZoneRef::Of(nid, zone), range.pfns(), nullptr));
  }

  Answer RemovePfnRangeFromZone(Zone /*zone*/, Nid /*nid*/, PhysRange /*range*/) override { return None(); }

  Answer MemremapPages(Handle handle, const MemremapRequest& request) override {
    if (request.has_second) return None();
    Begin();
    const Status status = pagemaps_.Remap(handle, request);
    Answer answer = Finish(status);
    answer.killed = status < 0 && pagemaps_.killed();
    if (status == 0) SayAltmap(*pagemaps_.Find(handle), &answer);
    return answer;
  }

  Answer MemunmapPages(Handle handle) override {
    DevPagemap* map = pagemaps_.Find(handle);
    if (map == nullptr || map->state == DevPagemap::State::kDying) return None();
    Begin();
    pagemaps_.Kill(*map);
    if (pins_.AnyOf(handle)) return Answer::Of(Answer::Kind::kPending);
    return Release(*map);
  }

  Answer PinPage(Pfn pfn) override {
    const Handle handle = pagemaps_.Lookup(pfn);
    if (handle == kNoHandle && !kernel_.PfnToOnlinePage(pfn)) return None();
    pins_.Add(pfn, handle);
    return Answer::Value(0);
  }

  Answer UnpinPage(Pfn pfn) override {
    Pins::Pin pin;
    if (!pins_.Drop(pfn, &pin)) return None();
    if (pin.map == kNoHandle) return Answer::Value(0);
    DevPagemap* map = pagemaps_.Find(pin.map);
    if (map == nullptr || map->state != DevPagemap::State::kDying || pins_.AnyOf(pin.map)) return Answer::Value(0);
    Begin();
    return Release(*map);
  }

  Answer InsertResource(Handle handle, PhysRange range, bool busy, bool ram) override {
    return kernel_.resources.Insert(handle, range, busy, ram) ? Answer::Value(0) : Answer::Error(kEBUSY);
  }
  Answer RemoveResource(Handle handle) override { return kernel_.resources.Remove(handle) ? Answer::Value(0) : None(); }
  Answer RegionIntersects(PhysRange range) override {
    return Answer::Intersects(kernel_.resources.IntersectsTopLevel(range));
  }
  Answer PfnValid(Pfn pfn) override { return Answer::Value(kernel_.PfnValid(pfn) ? 1 : 0); }
  Answer PfnToOnlinePage(Pfn pfn) override { return Answer::Value(kernel_.PfnToOnlinePage(pfn) ? 1 : 0); }
  Answer GetDevPagemap(Pfn pfn) override { return Answer::Mapping(pagemaps_.Lookup(pfn)); }

  Answer StructPage(Pfn pfn) override {
    if (!kernel_.PfnValid(pfn)) return None();
    const StructPages::Content* page = kernel_.pages.Find(pfn);
    if (page == nullptr) return Answer::Of(Answer::Kind::kFault);
    Answer answer = Answer::Of(Answer::Kind::kPage);
    View(pfn, *page, &answer.page);
    return answer;
  }

  NvdimmBus& Nvdimm() override { return pmem_; }

  void SetMemmapFill(int byte_or_keep) override { kernel_.pages.SetFill(byte_or_keep); }
  void ArmFailure(const FailPlan& plan) override { kernel_.allocator.Arm(plan); }

  HPFUZZ_UNCOVERED SectionFacts Section(SectionNr nr) const override {
    const uint64_t direct_map = kernel_.direct_map.Covered(nr);
    const MemSection* section = kernel_.sections.Find(nr);
    if (section == nullptr) return {.direct_map = direct_map};
    return {.present = section->present(),
            .valid = section->valid(),
            .online = section->online(),
            .block = section->block,
            .memmap = section->memmap,
            .memmap_pages = section->memmap_pages,
            .bitmap = section->valid() ? kFullBitmap : 0,
            .direct_map = direct_map};
  }

  HPFUZZ_UNCOVERED PfnFacts Facts(Pfn pfn) const override {
    PfnFacts facts;
    facts.map = pagemaps_.Lookup(pfn);
    const MemSection* section = kernel_.sections.Find(SectionNr::Of(pfn));
    if (section == nullptr) return facts;  // nor is there a memmap
    facts.valid = section->valid();
    facts.online = section->online();
    if (const StructPages::Content* page = kernel_.pages.Find(pfn); page != nullptr) {
      facts.backed = true;
      View(pfn, *page, &facts.page);
    }
    return facts;
  }

  const NodeSpans& Node(Nid nid) const override { return kernel_.zones.node(nid); }
  AllocSites FailedSites() const override { return kernel_.allocator.failed(); }
  int UsemapBalance() const override { return kernel_.usemap_balance; }
  HPFUZZ_UNCOVERED size_t Resources(ResourceRow* rows, size_t capacity) const override {
    return kernel_.resources.Rows(rows, capacity);
  }

 private:
  void Begin() {
    kernel_.warned = 0;
    kernel_.allocator.BeginOperation();
  }

  VmemAltmap* CallersAltmap(const Altmap& altmap) {
    if (!altmap.given) return nullptr;
    callers_altmap_.Assign(altmap);
    return &callers_altmap_;
  }

  Answer Finish(Status status) const {
    const unsigned warnings = static_cast<unsigned>(std::popcount(kernel_.warned));
    if (!Stops(status)) return Answer::Value(status, warnings);
    return Answer::Of(status == kBugStop ? Answer::Kind::kBug : Answer::Kind::kFault, warnings);
  }

  static void SayAltmap(const DevPagemap& map, Answer* answer) {
    if (!map.altmap_valid) return;
    answer->altmap_alloc = static_cast<int32_t>(map.altmap.alloc);
    answer->altmap_align = static_cast<int32_t>(map.altmap.align);
  }

  Answer Release(DevPagemap& map) {
    const Status status = pagemaps_.Release(map);
    Answer answer = Finish(status);
    if (status != 0) return answer;
    answer.refs_left = static_cast<int32_t>(map.refs);
    SayAltmap(map, &answer);
    return answer;
  }

  void View(Pfn pfn, StructPages::Content page, PageView* view) const {
    StructPages::View(page, view);
    if (page.map != kNoHandle && pagemaps_.Find(page.map) == nullptr) view->map = kForeignHandle;
    if (!pins_.empty()) view->count = static_cast<uint8_t>(std::min(page.count + pins_.CountOn(pfn), 255U));
  }

  Kernel kernel_;
  Pagemaps pagemaps_{kernel_};
  Pins pins_;
  Pmem pmem_{*this, kernel_, pagemaps_};
  VmemAltmap callers_altmap_;  // of an arch_* request; a mapping keeps its own
};

}  // namespace
}  // namespace legacy

std::unique_ptr<HotplugLayer> MakeLegacyLayer() { return std::make_unique<legacy::LegacyLayer>(); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
