// SPDX-License-Identifier: Apache-2.0
// A machine with namespaces, for tests of any layer: what surrounds a namespace, and its info block as bytes.
#ifndef HPFUZZ_TESTS_NVDIMM_MACHINE_H_
#define HPFUZZ_TESTS_NVDIMM_MACHINE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "hotplug/layer.h"
#include "machine/info_block.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr Uuid kOwnUuid = UuidOfSeed(0x10);
inline constexpr Uuid kParentUuid = UuidOfSeed(0xa0);

class NvdimmMachine {
 public:
  static constexpr Handle kRegion = 1;
  static constexpr Handle kNs = 2;

  explicit NvdimmMachine(std::unique_ptr<HotplugLayer> layer) : layer_(std::move(layer)) { Boot({}); }

  HotplugLayer& layer() { return *layer_; }
  NvdimmBus& bus() { return layer_->Nvdimm(); }

  // System RAM in ascending order; ranges of size 0 are left out.
  void Boot(const std::vector<PhysRange>& ram) {
    map_ = FirmwareMap{};
    for (const PhysRange& range : ram) {
      if (range.size != 0) map_.ranges[map_.count++] = {FirmwareKind::kRam, 0, range};
    }
    layer_->Boot(map_);
    next_ = 100;
  }
  // Another region; size 0: none.
  void AddNeighbour(PhysRange range, bool hidden = false) {
    if (range.size == 0) return;
    ASSERT_EQ(bus().AddRegion(next_++, {.range = range, .hidden = hidden}), Answer::Value(0));
  }
  void AddRegion(const RegionRequest& request) { ASSERT_EQ(bus().AddRegion(kRegion, request), Answer::Value(0)); }

  // The namespace is all of the region.
  Answer Create(uint64_t size, const PfnSettings& settings, Handle ns = kNs) {
    return bus().NsCreate(ns, {.region = kRegion, .size = size, .parent = kParentUuid, .settings = settings});
  }
  NamespaceFacts Facts(Handle ns = kNs) { return bus().Namespace(ns); }

  // The namespace of after a reboot, with this block on its media and nothing else.
  void BootWith(const RegionRequest& request, const InfoBlock& block) {
    layer_->Boot(map_);
    MediaImage image;
    image.regions.push_back({kRegion, request});
    image.labels.push_back({kNs, kRegion, 0, request.range.size, kParentUuid});
    image.runs.push_back({kRegion, MediaImage::kLiteral, 0, kInfoBlockOffset / kPageSize, 1});
    image.pages.push_back(block.bytes());
    bus().Restore(image, 0);
  }

  // The block on the media of the region, which the namespace begins; of zeroes when nothing was ever written.
  InfoBlock Block() {
    MediaImage image;
    bus().Image(&image);
    InfoBlock block;
    for (const MediaImage::Run& run : image.runs) {
      const bool holds = run.first_page <= 1 && 1 < run.first_page + run.pages && run.region == kRegion;
      if (!holds) continue;
      if (run.fill == MediaImage::kLiteral) block.bytes() = image.pages[run.literal];
      if (run.fill <= 0xff) block.bytes().fill(static_cast<uint8_t>(run.fill));
    }
    return block;
  }

 private:
  std::unique_ptr<HotplugLayer> layer_;
  FirmwareMap map_;
  Handle next_ = 100;
};

inline PfnSettings SettingsOf(Personality personality, MemmapMode mode, uint64_t align) {
  return {.personality = personality, .mode = mode, .align = align, .has_uuid = true, .uuid = kOwnUuid};
}

struct FieldValue {
  InfoField field;
  uint64_t value;
};

// A block with these fields, major 1 and a right checksum.
inline InfoBlock BlockWith(Personality personality, std::initializer_list<FieldValue> fields) {
  InfoBlock block;
  block.SetSignature(personality);
  block.SetUuid(kOwnUuid);
  block.SetParentUuid(kParentUuid);
  block.Set(InfoField::kVersionMajor, 1);
  for (const FieldValue& set : fields) block.Set(set.field, set.value);
  block.Seal();
  return block;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_NVDIMM_MACHINE_H_
