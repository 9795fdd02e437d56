// SPDX-License-Identifier: Apache-2.0
// MainlineKernel: operations.
#include "impl_subsection/kernel.h"

#include <memory>

#include "impl_subsection/boot.h"
#include "impl_subsection/mainline_layer.h"
#include "impl_subsection/series_v5_layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection {

namespace {

Answer WithAltmap(Answer answer, const DevPagemap& pagemap) {
  if (!pagemap.has_altmap || answer.stops()) return answer;
  answer.altmap_alloc = static_cast<int32_t>(pagemap.altmap.alloc);
  answer.altmap_align = static_cast<int32_t>(pagemap.altmap.align);
  return answer;
}

}  // namespace

MainlineKernel::MainlineKernel(Version version)
    : sparse_(host_),
      blocks_(host_),
      hotplug_(host_, sparse_, pagemaps_),
      arch_(host_, hotplug_),
      ram_(host_, arch_, blocks_),
      memremap_(host_, hotplug_, arch_, pagemaps_),
      pmem_(*this, host_, pagemaps_) {
  host_.version = version;
}

void MainlineKernel::Boot(const FirmwareMap& map) {
  host_.allocator.Arm({});
  host_.struct_pages.SetFill(0);
  pagemaps_.Reset();
  BootMachine(map, host_, sparse_, blocks_);
  pmem_.Boot(map);
}

// Once-only warnings are re-armed and requests for memory counted anew.
void MainlineKernel::Begin() {
  host_.warnings.Rearm();
  host_.allocator.BeginOperation();
}

Answer MainlineKernel::Finish(Status status) const {
  const unsigned warnings = host_.warnings.count();
  if (status == kStopBug) return Answer::Of(Answer::Kind::kBug, warnings);
  if (status == kStopFault) return Answer::Of(Answer::Kind::kFault, warnings);
  return Answer::Value(status, warnings);
}

Answer MainlineKernel::AddPages(Nid, PhysRange range) {
  Begin();
  return Finish(hotplug_.AddPages(range.pfns(), nullptr));
}

Answer MainlineKernel::RemovePages(Zone zone, PhysRange range) {
  Begin();
  if (host_.posted()) return Finish(hotplug_.RemovePagesPosted({zone, 0}, range.pfns(), nullptr));
  return Finish(hotplug_.RemovePages(range.pfns(), nullptr));
}

Answer MainlineKernel::ArchAddMemory(const ArchMemoryRequest& request) {
  Begin();
  VmemAltmap altmap(request.altmap);
  VmemAltmap* given = request.altmap.given ? &altmap : nullptr;
  if (request.memblock) return Finish(ram_.AddWithBlocks(request.nid, request.range, given));
  return Finish(arch_.Add(request.range, given));
}

Answer MainlineKernel::ArchRemoveMemory(const ArchMemoryRequest& request) {
  Begin();
  VmemAltmap altmap(request.altmap);
  if (request.memblock) blocks_.Remove(request.range);
  return Finish(arch_.Remove(request.range, request.altmap.given ? &altmap : nullptr));
}

Answer MainlineKernel::AddMemory(Nid nid, PhysRange range) {
  Begin();
  return Finish(ram_.Add(nid, range));
}

Answer MainlineKernel::RemoveMemory(Nid, PhysRange range) {
  Begin();
  return Finish(ram_.Remove(range));
}

Answer MainlineKernel::OnlinePages(SectionNr nr, OnlineType type) {
  MemoryBlock* block = blocks_.Find(nr);
  if (block == nullptr) return Answer::Of(Answer::Kind::kNone);
  if (block->state == BlockState::kOnline) return Answer::Of(Answer::Kind::kAlready);
  Begin();
  return Finish(hotplug_.OnlineBlock(*block, nr, type));
}

Answer MainlineKernel::OfflinePages(SectionNr nr) {
  MemoryBlock* block = blocks_.Find(nr);
  if (block == nullptr) return Answer::Of(Answer::Kind::kNone);
  if (block->state == BlockState::kOffline) return Answer::Of(Answer::Kind::kAlready);
  Begin();
  return Finish(hotplug_.OfflineBlock(*block, nr));
}

Answer MainlineKernel::MovePfnRangeToZone(Zone zone, Nid nid, PhysRange range) {
  Begin();
  return Finish(hotplug_.MovePfnRangeToZone(zone, nid, range.pfns(), nullptr));
}

Answer MainlineKernel::RemovePfnRangeFromZone(Zone zone, Nid nid, PhysRange range) {
  if (host_.posted()) return Answer::Of(Answer::Kind::kNone);  // 5.6
  Begin();
  return Finish(hotplug_.RemovePfnRangeFromZone(zone, nid, range.pfns()));
}

Answer MainlineKernel::MemremapPages(Handle handle, const MemremapRequest& request) {
  Begin();
  const Status status = memremap_.Map(handle, request);
  return WithAltmap(Finish(status), *pagemaps_.Find(handle));
}

Answer MainlineKernel::Release(DevPagemap& pagemap) {
  const Status status = memremap_.Release(pagemap);
  return WithAltmap(Finish(status), pagemap);
}

Answer MainlineKernel::MemunmapPages(Handle handle) {
  DevPagemap* pagemap = pagemaps_.Find(handle);
  if (pagemap == nullptr || pagemap->state != DevPagemap::State::kLive) return Answer::Of(Answer::Kind::kNone);
  Begin();
  if (host_.pins.AnyOf(handle)) {
    pagemap->state = DevPagemap::State::kDying;
    return Answer::Of(Answer::Kind::kPending);
  }
  return Release(*pagemap);
}

Answer MainlineKernel::PinPage(Pfn pfn) {
  const Handle handle = pagemaps_.Get(pfn);
  if (handle == kNoHandle && !hotplug_.PfnToOnlinePage(pfn)) return Answer::Of(Answer::Kind::kNone);
  // The count is in the struct page, which an active page can lack.
  if (handle == kNoHandle && host_.struct_pages.Find(pfn) == nullptr) return Answer::Of(Answer::Kind::kFault);
  host_.pins.Add(pfn, handle);
  return Answer::Value(0);
}

Answer MainlineKernel::UnpinPage(Pfn pfn) {
  Pins::Pin pin{};
  if (!host_.pins.Drop(pfn, &pin)) return Answer::Of(Answer::Kind::kNone);
  DevPagemap* pagemap = pagemaps_.Find(pin.map);
  const bool awaited = pagemap != nullptr && pagemap->state == DevPagemap::State::kDying;
  if (!awaited || host_.pins.AnyOf(pin.map)) return Answer::Value(0);
  Begin();
  return Release(*pagemap);
}

Answer MainlineKernel::InsertResource(Handle handle, PhysRange range, bool busy, bool ram) {
  return host_.resources.Insert(handle, range, busy, ram) ? Answer::Value(0) : Answer::Error(kEBUSY);
}

Answer MainlineKernel::RemoveResource(Handle handle) {
  return host_.resources.Remove(handle) ? Answer::Value(0) : Answer::Of(Answer::Kind::kNone);
}

void MainlineKernel::SetMemmapFill(int byte_or_keep) { host_.struct_pages.SetFill(byte_or_keep); }

void MainlineKernel::ArmFailure(const FailPlan& plan) { host_.allocator.Arm(plan); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::subsection

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::unique_ptr<HotplugLayer> MakeMainlineLayer(MainlineVersion version) {
  return std::make_unique<subsection::MainlineKernel>(version == MainlineVersion::k6_1 ? subsection::Version::k6_1
                                                                                       : subsection::Version::k6_12);
}

std::unique_ptr<HotplugLayer> MakeSeriesV5Layer() {
  return std::make_unique<subsection::MainlineKernel>(subsection::Version::kSeriesV5);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
