// SPDX-License-Identifier: Apache-2.0
// NvdimmBusBase: regions, namespaces and their devices. Access of users is in nvdimm_bus_access.cc.
#include "machine/nvdimm_bus_base.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Answer None() { return Answer::Of(Answer::Kind::kNone); }

// The resource of a region: a handle that no operation names.
Handle ResourceOf(Handle region) { return static_cast<Handle>(kMaxOps + region); }

// What devm_memremap_pages is asked for.
MemremapRequest RequestOf(Personality personality, const PfnView& view) {
  MemremapRequest request;
  request.range = view.mapped;
  request.type = personality == Personality::kPfn ? MemoryType::kFsDax : MemoryType::kGeneric;
  if (view.mode == MemmapMode::kPmem) {
    request.altmap = {.given = true,
                      .base = Pfn(view.altmap_base).byte(),
                      .reserve = view.altmap_reserve << kPageShift,
                      .free = view.altmap_free << kPageShift};
  }
  return request;
}

// The pages of the namespace that the kernel takes for struct pages, whether it needs them all or not.
void OverwriteWithStructPages(const NdNamespace& ns, const PfnView& view) {
  if (view.mode != MemmapMode::kPmem) return;
  const uint64_t base = view.start_pad >> kPageShift;
  const uint64_t first = base + (kInfoBlockReserve >> kPageShift);
  const uint64_t end = std::min(base + (view.dataoff >> kPageShift), ns.size >> kPageShift);
  if (first < end) ns.region->media.MakeUnspecified((ns.offset >> kPageShift) + first, end - first);
}

// What is left for the user; nothing where the block claims more than there is.
uint64_t CapacityOf(uint64_t size, const PfnView& view) {
  for (const uint64_t part : {uint64_t{view.start_pad}, uint64_t{view.end_trunc}, view.dataoff}) {
    size -= std::min(part, size);
  }
  return size;
}

void ViewBlock(const NdPfn& pfn, PfnView* view) {
  view->start_pad = static_cast<uint32_t>(pfn.sb.Get(InfoField::kStartPad));
  view->end_trunc = static_cast<uint32_t>(pfn.sb.Get(InfoField::kEndTrunc));
  view->mode = pfn.live.mode;
  view->align = pfn.live.align;
  view->dataoff = pfn.sb.Get(InfoField::kDataoff);
  view->npfns = pfn.sb.Get(InfoField::kNpfns);
}

}  // namespace

void NvdimmBusBase::Boot(const FirmwareMap& map) {
  map_ = &map;
  regions_.Clear();
  records_.clear();
}

const NvdimmBusBase::Record* NvdimmBusBase::FindRecord(Handle ns) const {
  const auto record = std::partition_point(records_.begin(), records_.end(),
                                           [ns](const Record& candidate) { return candidate.handle < ns; });
  return record != records_.end() && record->handle == ns ? &*record : nullptr;
}

NvdimmBusBase::Record& NvdimmBusBase::RecordOf(Handle ns) {
  const auto place = std::partition_point(records_.begin(), records_.end(),
                                          [ns](const Record& candidate) { return candidate.handle < ns; });
  if (place != records_.end() && place->handle == ns) return *place;
  Record record;
  record.handle = ns;
  record.facts.disposition = Disposition::kIdle;
  return *records_.insert(place, record);
}

void NvdimmBusBase::Forget(Handle ns) {
  regions_.RemoveLabel(ns);
  if (const Record* record = FindRecord(ns); record != nullptr)
    records_.erase(records_.begin() + (record - &records_[0]));
}

bool NvdimmBusBase::Idle(const Record* record) const {
  return record == nullptr || (record->facts.disposition == Disposition::kIdle && !Releasing(record));
}

// Whether the region is seen, or hidden as wanted. A `pmem` range of the firmware map shows what lies inside it.
bool NvdimmBusBase::InsertRegion(Handle handle, const RegionRequest& request) {
  if (request.hidden) return true;
  for (const FirmwareRange& entry : *map_) {
    if (entry.kind == FirmwareKind::kPmem && entry.range.contains(request.range)) return true;
  }
  return layer_.InsertResource(ResourceOf(handle), request.range, false, false).ok();
}

Answer NvdimmBusBase::AddRegion(Handle handle, const RegionRequest& request) {
  if (handle >= kMaxOps) return Answer::Error(kEINVAL);
  const int status = regions_.MayAdd(*map_, request.range);
  if (status != 0) return Answer::Value(status);
  if (regions_.HasRegion(handle) || !InsertRegion(handle, request)) return Answer::Error(kEBUSY);
  regions_.AddRegion(handle, request, true);
  return Answer::Value(0);
}

// Removes the idle label of exactly that range; -EBUSY where any other overlaps.
int NvdimmBusBase::MakeRoom(const NsRequest& request) {
  Handle same = kNoHandle;
  const PhysRange wanted{request.offset, request.size};
  for (const NvdimmRegions::Label& label : regions_.labels()) {
    const PhysRange taken{label.offset, label.size};
    if (label.region != request.region || !taken.overlaps(wanted)) continue;
    if (taken != wanted || !Idle(FindRecord(label.handle))) return -kEBUSY;
    same = label.handle;
  }
  if (same != kNoHandle) Forget(same);
  return 0;
}

Answer NvdimmBusBase::NsCreate(Handle ns, const NsRequest& request) {
  const NvdimmRegion* region = regions_.Present(request.region);
  if (region == nullptr) return None();
  const PhysRange inside{request.offset, request.size};
  const bool fits = LiesIn(request.offset, request.size, region->request.range.size);
  if (ns >= kMaxOps || request.size == 0 || !inside.aligned_to(kPageSize) || !fits) return Answer::Error(kEINVAL);
  if (regions_.FindLabel(ns) != nullptr || MakeRoom(request) != 0) return Answer::Error(kEBUSY);
  regions_.AddLabel({ns, request.region, request.offset, request.size, request.parent});
  Record& record = RecordOf(ns);
  if (request.settings.personality == Personality::kRaw) {
    record.facts.disposition = Disposition::kRaw;
    record.facts.capacity = request.size;
    return Answer::Value(0);
  }
  NdPfn pfn{.ns = regions_.NamespaceOf(ns), .live = request.settings, .sb = {}};
  pfn.live.has_uuid = true;
  return Bind(record, pfn, Disposition::kIdle);
}

// nvdimm_setup_pfn.
int NvdimmBusBase::SetUp(NdPfn& pfn, PfnView* view) const {
  int status = Validate(pfn);
  view->validate = static_cast<int16_t>(status);
  if (status == -kENODEV) {
    status = Init(pfn);
    if (status == 0) {
      pfn.ns.WriteBlock(pfn.sb);
      view->wrote = true;
    }
  }
  if (status == 0) {
    ViewBlock(pfn, view);
    status = SetUpRange(pfn, view);
    if (status != 0) view->npfns = 0;          // what the block says is not live
    if (status != 0 && view->validate != 0) {  // nor is anything else of a block that was just made
      PfnView made;
      made.validate = view->validate;
      made.wrote = view->wrote;
      *view = made;
    }
  }
  view->setup = static_cast<int16_t>(status);
  return status;
}

// The probe of a pfn or dax device with its settings.
Answer NvdimmBusBase::Bind(Record& record, NdPfn& pfn, Disposition on_failure) {
  record.facts.pfn = {};
  record.live = pfn.live;
  const int status = SetUp(pfn, &record.facts.pfn);
  if (status == 0) return Attach(record, pfn);
  record.facts.disposition = on_failure;
  return Answer::Value(status);
}

Answer NvdimmBusBase::Attach(Record& record, const NdPfn& pfn) {
  const bool is_pfn = pfn.live.personality == Personality::kPfn;
  const PfnView& view = record.facts.pfn;
  const Answer answer = layer_.MemremapPages(MappingOfNamespace(record.handle), RequestOf(pfn.live.personality, view));
  record.facts.disposition = is_pfn ? Disposition::kPfnFailed : Disposition::kDaxFailed;
  if (answer.stops()) return answer;
  record.facts.attach = answer.value;
  OverwriteWithStructPages(pfn.ns, view);
  if (answer.ok()) {
    record.facts.disposition = is_pfn ? Disposition::kPfn : Disposition::kDax;
    record.facts.capacity = CapacityOf(pfn.ns.size, view);
  }
  return answer;
}

Answer NvdimmBusBase::EnableIdle(Record& record, const NdNamespace& ns) {
  for (const Personality personality : {Personality::kPfn, Personality::kDax}) {
    NdPfn pfn{.ns = ns, .live = {.personality = personality}, .sb = {}};
    const int status = Validate(pfn);
    if (status == 0) {
      return Bind(record, pfn, personality == Personality::kPfn ? Disposition::kPfnFailed : Disposition::kDaxFailed);
    }
    // A block of the other kind says nothing about this one.
    if (personality == Personality::kPfn) record.facts.pfn = {};
    if (record.facts.pfn.validate == 0 || status != -kENODEV) record.facts.pfn.validate = static_cast<int16_t>(status);
    if (ProbeEnds(status)) return Answer::Value(status);
  }
  record.facts.disposition = Disposition::kRaw;
  record.facts.capacity = ns.size;
  return Answer::Value(0);
}

Answer NvdimmBusBase::NsEnable(Handle handle) {
  const NdNamespace ns = regions_.NamespaceOf(handle);
  if (ns.region == nullptr) return None();
  Record& record = RecordOf(handle);
  if (Releasing(&record)) return Answer::Of(Answer::Kind::kPending);
  record.releasing = false;
  switch (record.facts.disposition) {
    case Disposition::kIdle: return EnableIdle(record, ns);
    case Disposition::kPfnFailed:
    case Disposition::kDaxFailed: {
      NdPfn pfn{.ns = ns, .live = record.live, .sb = {}};
      return Bind(record, pfn, record.facts.disposition);
    }
    default: return Answer::Of(Answer::Kind::kAlready);
  }
}

Answer NvdimmBusBase::NsDisable(Handle handle) {
  if (regions_.NamespaceOf(handle).region == nullptr) return None();
  Record& record = RecordOf(handle);
  const Disposition before = record.facts.disposition;
  if (before == Disposition::kIdle) return Answer::Of(Answer::Kind::kAlready);
  record.facts.disposition = Disposition::kIdle;
  record.facts.capacity = 0;
  if (before != Disposition::kPfn && before != Disposition::kDax) return Answer::Value(0);
  const Answer answer = layer_.MemunmapPages(MappingOfNamespace(handle));
  record.releasing = answer.kind == Answer::Kind::kPending;
  return answer;
}

Answer NvdimmBusBase::NsDestroy(Handle handle) {
  const NdNamespace ns = regions_.NamespaceOf(handle);
  if (ns.region == nullptr) return None();
  if (!Idle(FindRecord(handle))) return Answer::Error(kEBUSY);
  InfoBlock block;
  const uint64_t at = ns.offset + kInfoBlockOffset;
  if (ns.size >= kInfoBlockReserve) ns.region->media.Read(at, block.bytes().data(), block.bytes().size());
  if (block.HasSignature(Personality::kPfn) || block.HasSignature(Personality::kDax)) {
    if (ns.region->request.read_only) return Answer::Error(kEPERM);
    ns.region->media.Fill(at, kInfoBlockSize, 0);
  }
  Forget(handle);
  return Answer::Value(0);
}

void NvdimmBusBase::Restore(const MediaImage& image, uint64_t delta) {
  regions_.Clear();
  records_.clear();
  for (MediaImage::Region region : image.regions) {
    if (region.handle >= kMaxOps || regions_.HasRegion(region.handle)) continue;
    region.request.range.start += delta;
    const bool there = AddRegion(region.handle, region.request).ok();
    if (!there) regions_.AddRegion(region.handle, region.request, false);
  }
  regions_.RestoreMedia(image);
}

NamespaceFacts NvdimmBusBase::Namespace(Handle ns) const {
  if (regions_.NamespaceOf(ns).region == nullptr) return {};
  const Record* record = FindRecord(ns);
  if (record != nullptr) return record->facts;
  NamespaceFacts facts;
  facts.disposition = Disposition::kIdle;
  return facts;
}

PfnView NvdimmBusBase::Examine(Handle ns, const PfnSettings& settings) const {
  PfnView view;
  NdPfn pfn{.ns = regions_.NamespaceOf(ns), .live = settings, .sb = {}};
  if (pfn.ns.region == nullptr || settings.personality == Personality::kRaw) return view;
  const int status = Validate(pfn);
  view.validate = static_cast<int16_t>(status);
  if (status == 0) {
    ViewBlock(pfn, &view);
    view.setup = static_cast<int16_t>(SetUpRange(pfn, &view));
    if (view.setup != 0) view.npfns = 0;
  }
  return view;
}

void NvdimmBusBase::Image(MediaImage* image) const {
  image->Clear();
  regions_.AppendTo(image);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
