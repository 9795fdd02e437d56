// SPDX-License-Identifier: Apache-2.0
// NvdimmRegions: the hardware behind libnvdimm, the same for every kernel: regions, their media, labels, and what of
// them outlives a reboot. Not covered: what a kernel makes of them, and their resources (nvdimm_bus_base.h).
#ifndef HPFUZZ_MACHINE_NVDIMM_REGIONS_H_
#define HPFUZZ_MACHINE_NVDIMM_REGIONS_H_

#include <cstdint>
#include <vector>

#include "hotplug/answer.h"
#include "hotplug/firmware_map.h"
#include "hotplug/nvdimm.h"
#include "machine/info_block.h"
#include "machine/kept_vector.h"
#include "machine/nvdimm_media.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct NvdimmRegion {
  Handle handle = kNoHandle;
  RegionRequest request;
  bool present = false;  // in this boot
  NvdimmMedia media;

  // is_memory()
  bool is_memory() const { return !request.blk; }
};

// A namespace as its driver gets it. `region` is good until the next one is added.
struct NdNamespace {
  NvdimmRegion* region = nullptr;
  uint64_t offset = 0;  // in the region
  uint64_t size = 0;
  Uuid parent{};

  PhysRange range() const { return {region->request.range.start + offset, size}; }
  // The block on media, also where the namespace is too small for it: of zeroes where they are unspecified or where the
  // region ends. False: they cannot be read.
  bool ReadBlock(InfoBlock* block) const;
  // The same the other way round; behind the end of the region it is lost.
  void WriteBlock(const InfoBlock& block) const;
};

class NvdimmRegions {
 public:
  using Label = MediaImage::Label;

  void Clear();

  // Regions ascend by handle, as do labels.
  const KeptVector<NvdimmRegion>& regions() const { return regions_; }
  const KeptVector<Label>& labels() const { return labels_; }

  // 0 or the negated errno that AddRegion() of the bus answers, resources aside.
  int MayAdd(const FirmwareMap& map, PhysRange range) const;
  bool HasRegion(Handle handle) const { return FindRegion(handle) != nullptr; }
  // `handle` is new. The media are of zeroes.
  NvdimmRegion& AddRegion(Handle handle, const RegionRequest& request, bool present);
  // nullptr: none, or not in this boot.
  NvdimmRegion* Present(Handle handle) {
    NvdimmRegion* region = FindRegion(handle);
    return region != nullptr && region->present ? region : nullptr;
  }

  // `label.handle` is new.
  void AddLabel(const Label& label);
  void RemoveLabel(Handle handle);
  const Label* FindLabel(Handle handle) const;
  // The namespace of a label whose region is present; else its `region` is nullptr.
  NdNamespace NamespaceOf(Handle label) const;

  HPFUZZ_UNCOVERED void AppendTo(MediaImage* image) const;
  // Media and labels of `image`, after its regions were added; what names no region or lies outside it is left out.
  void RestoreMedia(const MediaImage& image);

 private:
  NvdimmRegion* FindRegion(Handle handle);
  const NvdimmRegion* FindRegion(Handle handle) const { return const_cast<NvdimmRegions*>(this)->FindRegion(handle); }

  KeptVector<NvdimmRegion> regions_;
  KeptVector<Label> labels_;
};

// Bytes [offset, offset + length) lie in `size` bytes; true for length 0 at the end.
constexpr bool LiesIn(uint64_t offset, uint64_t length, uint64_t size) {
  return offset <= size && length <= size - offset;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_NVDIMM_REGIONS_H_
