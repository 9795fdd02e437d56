// SPDX-License-Identifier: Apache-2.0
// NvdimmRegions.
#include "machine/nvdimm_regions.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Where `handle` stands, or would, in records that ascend by handle.
template <typename Records>
auto Place(Records& records, Handle handle) {
  return std::partition_point(records.begin(), records.end(),
                              [handle](const auto& record) { return record.handle < handle; });
}

}  // namespace

bool NdNamespace::ReadBlock(InfoBlock* block) const {
  if (region->request.unreadable) return false;
  const uint64_t at = offset + kInfoBlockOffset;
  block->Zero();
  if (LiesIn(at, kInfoBlockSize, region->request.range.size)) {
    region->media.Read(at, block->bytes().data(), block->bytes().size());
  }
  return true;
}

void NdNamespace::WriteBlock(const InfoBlock& block) const {
  const uint64_t at = offset + kInfoBlockOffset;
  if (!LiesIn(at, kInfoBlockSize, region->request.range.size)) return;
  region->media.Write(at, block.bytes().data(), block.bytes().size());
}

void NvdimmRegions::Clear() {
  regions_.clear();
  labels_.clear();
}

int NvdimmRegions::MayAdd(const FirmwareMap& map, PhysRange range) const {
  const uint64_t end = std::min(map.physmem_end(), map.resource_end());
  if (range.size == 0 || !range.aligned_to(kPageSize) || range.wraps() || !LiesIn(range.start, range.size, end)) {
    return -kEINVAL;
  }
  for (const NvdimmRegion& region : regions_) {
    if (region.present && region.request.range.overlaps(range)) return -kEBUSY;
  }
  for (const FirmwareRange& entry : map) {
    if (entry.kind == FirmwareKind::kRam && entry.range.overlaps(range)) return -kEBUSY;
  }
  return 0;
}

NvdimmRegion* NvdimmRegions::FindRegion(Handle handle) {
  const auto region = Place(regions_, handle);
  return region != regions_.end() && region->handle == handle ? &*region : nullptr;
}

NvdimmRegion& NvdimmRegions::AddRegion(Handle handle, const RegionRequest& request, bool present) {
  NvdimmRegion region;
  region.handle = handle;
  region.request = request;
  region.present = present;
  return *regions_.insert(Place(regions_, handle), std::move(region));
}

void NvdimmRegions::AddLabel(const Label& label) { labels_.insert(Place(labels_, label.handle), label); }

void NvdimmRegions::RemoveLabel(Handle handle) {
  const auto label = Place(labels_, handle);
  if (label != labels_.end() && label->handle == handle) labels_.erase(label);
}

const NvdimmRegions::Label* NvdimmRegions::FindLabel(Handle handle) const {
  const auto label = Place(labels_, handle);
  return label != labels_.end() && label->handle == handle ? &*label : nullptr;
}

NdNamespace NvdimmRegions::NamespaceOf(Handle handle) const {
  const Label* label = FindLabel(handle);
  if (label == nullptr) return {};
  return {const_cast<NvdimmRegions*>(this)->Present(label->region), label->offset, label->size, label->parent};
}

void NvdimmRegions::AppendTo(MediaImage* image) const {
  for (const NvdimmRegion& region : regions_) {
    image->regions.push_back({region.handle, region.request});
    region.media.AppendTo(region.handle, image);
  }
  image->labels.insert(image->labels.end(), labels_.begin(), labels_.end());
}

void NvdimmRegions::RestoreMedia(const MediaImage& image) {
  for (const MediaImage::Run& run : image.runs) {
    NvdimmRegion* region = FindRegion(run.region);
    if (region == nullptr) continue;
    if (LiesIn(run.first_page, run.pages, region->request.range.size >> kPageShift)) region->media.Restore(image, run);
  }
  for (const Label& label : image.labels) {
    const NvdimmRegion* region = FindRegion(label.region);
    const bool sound = region != nullptr && label.handle < kMaxOps && FindLabel(label.handle) == nullptr;
    if (sound && LiesIn(label.offset, label.size, region->request.range.size)) AddLabel(label);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
