// SPDX-License-Identifier: Apache-2.0
// NvdimmBusModel: regions, labels, data, and what survives a reboot. What a kernel does with an info block is in
// nvdimm_pfn_model.cc.
#include "oracle/reference/nvdimm_bus_model.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {
namespace {

Answer None() { return Answer::Of(Answer::Kind::kNone); }
Answer Already() { return Answer::Of(Answer::Kind::kAlready); }

template <typename T>
typename std::vector<T>::iterator From(std::vector<T>& all, Handle handle) {
  return std::lower_bound(all.begin(), all.end(), handle, [](const T& one, Handle h) { return one.handle < h; });
}

template <typename T>
T* FindIn(std::vector<T>& all, Handle handle) {
  const auto at = From(all, handle);
  return at != all.end() && at->handle == handle ? &*at : nullptr;
}

bool Holds(uint64_t size, uint64_t offset, uint64_t length) {
  return length != 0 && offset < size && length <= size - offset;
}

}  // namespace

void NvdimmBusModel::Boot(const FirmwareMap& map) {
  map_ = &map;
  regions_.clear();
  namespaces_.clear();
}

NvdimmBusModel::Region* NvdimmBusModel::FindRegion(Handle handle) { return FindIn(regions_, handle); }

NvdimmBusModel::Device* NvdimmBusModel::Find(Handle ns) {
  Device* device = FindIn(namespaces_, ns);
  return device != nullptr && RegionOf(*device).present ? device : nullptr;
}

Answer NvdimmBusModel::AddRegion(Handle region, const RegionRequest& request) {
  if (region >= kMaxOps) return None();
  if (FindRegion(region) != nullptr) return Answer::Error(kEBUSY);
  const Answer answer = Plug(region, request);
  if (answer.ok()) {
    regions_.insert(From(regions_, region), {.handle = region, .request = request, .present = true, .media = {}});
  }
  return answer;
}

Answer NvdimmBusModel::Plug(Handle handle, const RegionRequest& request) {
  const PhysRange range = request.range;
  if (range.size == 0 || range.wraps() || !range.aligned_to(kPageSize)) return Answer::Error(kEINVAL);
  const uint64_t last = range.start + (range.size - 1);
  if (last >= map_->physmem_end() || last >= map_->resource_end()) return Answer::Error(kEINVAL);
  for (const Region& other : regions_) {
    if (other.present && other.range().overlaps(range)) return Answer::Error(kEBUSY);
  }
  bool in_pmem = false;
  for (const FirmwareRange& other : *map_) {
    if (other.kind == FirmwareKind::kRam && other.range.overlaps(range)) return Answer::Error(kEBUSY);
    in_pmem |= other.kind == FirmwareKind::kPmem && other.range.contains(range);
  }
  if (request.hidden || in_pmem) return Answer::Value(0);
  return layer_.InsertResource(static_cast<Handle>(kMaxOps + handle), range, false, false);
}

Answer NvdimmBusModel::NsCreate(Handle ns, const NsRequest& request) {
  const Region* region = FindRegion(request.region);
  if (ns >= kMaxOps || region == nullptr || !region->present) return None();
  if (FindIn(namespaces_, ns) != nullptr) return Answer::Error(kEBUSY);
  const Answer label = ReplaceLabel(request);
  if (!label.ok()) return label;
  Device device;
  device.handle = ns;
  device.label = {ns, request.region, request.offset, request.size, request.parent};
  device.settings = request.settings;
  device.settings.has_uuid = true;
  Device& made = *namespaces_.insert(From(namespaces_, ns), device);
  if (request.settings.personality != Personality::kRaw) return Bind(made, Disposition::kIdle);
  made.disposition = Disposition::kRaw;
  return Answer::Value(0);
}

// Makes room for a label: an idle one of the same range goes.
Answer NvdimmBusModel::ReplaceLabel(const NsRequest& request) {
  const PhysRange wanted{request.offset, request.size};
  if (!wanted.aligned_to(kPageSize) || !Holds(FindRegion(request.region)->range().size, wanted.start, wanted.size)) {
    return Answer::Error(kEINVAL);
  }
  const auto meets = [&](const Device& other) {
    return other.label.region == request.region && wanted.overlaps({other.label.offset, other.label.size});
  };
  const auto other = std::find_if(namespaces_.begin(), namespaces_.end(), meets);
  if (other == namespaces_.end()) return Answer::Value(0);
  const bool same = other->label.offset == wanted.start && other->label.size == wanted.size;
  if (!same || other->disposition != Disposition::kIdle || Pending(other->handle)) return Answer::Error(kEBUSY);
  namespaces_.erase(other);
  return Answer::Value(0);
}

Answer NvdimmBusModel::NsDisable(Handle ns) {
  Device* device = Find(ns);
  if (device == nullptr) return None();
  if (device->disposition == Disposition::kIdle) return Already();
  Answer answer;
  if (device->bound() && device->disposition != Disposition::kRaw) {
    answer = layer_.MemunmapPages(MappingOfNamespace(ns));
    if (answer.stops()) return answer;
  }
  device->disposition = Disposition::kIdle;
  return answer;
}

Answer NvdimmBusModel::NsDestroy(Handle ns) {
  Device* device = Find(ns);
  if (device == nullptr) return None();
  if (device->disposition != Disposition::kIdle || Pending(ns)) return Answer::Error(kEBUSY);
  Region& region = RegionOf(*device);
  if (device->size() >= kInfoBlockReserve) {
    const uint64_t at = device->label.offset + kInfoBlockOffset;
    const Signature signature = ReadInfoBlock(region.media.Read(at)).signature;
    if (signature == SignatureOf(Personality::kPfn) || signature == SignatureOf(Personality::kDax)) {
      if (region.request.read_only) return Answer::Error(kEPERM);
      region.media.Fill(at, at + kInfoBlockSize, 0);
    }
  }
  namespaces_.erase(From(namespaces_, ns));
  return Answer::Value(0);
}

uint64_t NvdimmBusModel::Device::Capacity() const {
  if (!bound()) return 0;
  if (disposition == Disposition::kRaw) return size();
  const uint64_t other = uint64_t{pfn.start_pad} + pfn.end_trunc + pfn.dataoff;
  // The sum wraps when dataoff does.
  return size() < pfn.dataoff || size() < other ? 0 : size() - other;
}

// A block device whose start is padded forgets so where it names pages.
uint64_t NvdimmBusModel::DataOffset(const Device& ns, bool dax) {
  if (ns.disposition == Disposition::kRaw) return 0;
  const bool forgets_pad = dax && ns.disposition == Disposition::kPfn;
  return ns.pfn.dataoff + (forgets_pad ? 0 : ns.pfn.start_pad);
}

bool NvdimmBusModel::RefusesDax(const Device& ns) const {
  return rules_.dax_checks_pad && ns.disposition == Disposition::kPfn && ns.pfn.start_pad != 0;
}

bool NvdimmBusModel::Locate(const Device* ns, const NsAccess& access, Part* part, Answer* refusal) const {
  if (ns == nullptr || !ns->bound() || (ns->disposition == Disposition::kDax && !access.dax)) {
    *refusal = None();
    return false;
  }
  if (!Holds(ns->Capacity(), access.offset, access.length) ||
      (access.dax && (ns->disposition == Disposition::kRaw || RefusesDax(*ns)))) {
    *refusal = Answer::Error(kEINVAL);
    return false;
  }
  part->first = ns->label.offset + DataOffset(*ns, access.dax) + access.offset;
  part->end = part->first + access.length;
  return true;
}

Answer NvdimmBusModel::NsRead(Handle ns, const NsAccess& access) {
  const Device* device = Find(ns);
  Part part;
  Answer refusal;
  if (!Locate(device, access, &part, &refusal)) return refusal;
  const Region& region = RegionOf(*device);
  if (region.request.unreadable) return Answer::Error(kEIO);
  unsigned runs = 0;
  bool unspecified = false;
  int byte = 0;
  uint64_t hash = kDataHashStart;
  region.media.ForEachRun(part.first, part.end, [&](uint16_t value, uint64_t length) {
    ++runs;
    byte = value;
    unspecified |= value == Media::kUnspecified;
    hash = DataHash(hash, static_cast<uint8_t>(value), length);
  });
  if (unspecified) return Answer::Data(kDataUnspecified);
  return runs == 1 ? Answer::Data(byte) : Answer::Data(kDataMixed, hash);
}

Answer NvdimmBusModel::NsWrite(Handle ns, const NsAccess& access, uint8_t byte) {
  const Device* device = Find(ns);
  Part part;
  Answer refusal;
  if (!Locate(device, access, &part, &refusal)) return refusal;
  Region& region = RegionOf(*device);
  if (region.request.read_only) return Answer::Error(kEPERM);
  region.media.Fill(part.first, part.end, byte);
  return Answer::Value(0);
}

Answer NvdimmBusModel::DaxAccess(Handle ns, uint64_t offset) {
  const Device* device = Find(ns);
  if (device == nullptr || !device->bound()) return None();
  if (device->disposition == Disposition::kRaw) return Answer::Error(kEINVAL);
  if (offset >= device->Capacity()) return Answer::Error(kERANGE);
  const Pfn pfn = Pfn::OfByte(RangeOf(*device).start + DataOffset(*device, true) + offset);
  return Answer::Dax(RefusesDax(*device) ? kEINVAL : 0, pfn);
}

Answer NvdimmBusModel::Corrupt(Handle ns, const Corruption& corruption) {
  const Device* device = Find(ns);
  if (device == nullptr) return None();
  if (!Holds(device->size(), corruption.offset, corruption.length) ||
      (corruption.sealed && device->size() < kInfoBlockReserve)) {
    return Answer::Error(kEINVAL);
  }
  Media& media = RegionOf(*device).media;
  std::array<uint8_t, sizeof(uint64_t)> bytes;
  const auto number = [&](uint64_t value) {
    for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(value >> (8 * i));
    return std::span<const uint8_t>(bytes);
  };
  const uint64_t first = device->label.offset + corruption.offset;
  if (corruption.length > bytes.size()) {
    media.Fill(first, first + corruption.length, static_cast<uint8_t>(corruption.value));
  } else {
    media.Write(first, number(corruption.value).first(corruption.length));
  }
  if (corruption.sealed) {
    const uint64_t block = device->label.offset + kInfoBlockOffset;
    media.Write(block + kChecksumOffset, number(RightChecksum(media.Read(block))));
  }
  return Answer::Value(0);
}

void NvdimmBusModel::Restore(const MediaImage& image, uint64_t delta) {
  for (const MediaImage::Region& old : image.regions) {
    Region region{.handle = old.handle, .request = old.request, .present = false, .media = {}};
    region.request.range.start += delta;
    region.present = Plug(region.handle, region.request).ok();
    regions_.push_back(std::move(region));
  }
  for (const MediaImage::Label& label : image.labels) {
    Device device;
    device.handle = label.handle;
    device.label = label;
    namespaces_.push_back(device);
  }
  for (const MediaImage::Run& run : image.runs) FindRegion(run.region)->media.Restore(image, run);
}

void NvdimmBusModel::Image(MediaImage* image) const {
  image->Clear();
  for (const Region& region : regions_) {
    image->regions.push_back({region.handle, region.request});
    region.media.AppendTo(image, region.handle);
  }
  for (const Device& device : namespaces_) image->labels.push_back(device.label);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
