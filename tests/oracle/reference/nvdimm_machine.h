// SPDX-License-Identifier: Apache-2.0
// A reference machine with one NVDIMM, and info blocks written on it field by field.
#ifndef HPFUZZ_TESTS_ORACLE_REFERENCE_NVDIMM_MACHINE_H_
#define HPFUZZ_TESTS_ORACLE_REFERENCE_NVDIMM_MACHINE_H_

#include <memory>
#include <vector>

#include "oracle/reference/info_block.h"
#include "oracle/reference/legacy.h"
#include "oracle/reference/mainline.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Kernel : unsigned { k5_1, k6_1, k6_12 };
inline constexpr Kernel kKernels[] = {Kernel::k5_1, Kernel::k6_1, Kernel::k6_12};
inline constexpr const char* kKernelNames[] = {"5.1", "6.1", "6.12"};

inline constexpr Handle kRegion = 0;
inline constexpr uint8_t kOwn = 0x10;
inline constexpr uint8_t kParent = 0xa0;

class NvdimmMachine {
 public:
  explicit NvdimmMachine(Kernel kernel, const std::vector<PhysRange>& ram = {}) : kernel_(kernel) {
    switch (kernel) {
      case Kernel::k5_1: layer_ = MakeLegacyReference(); break;
      case Kernel::k6_1: layer_ = MakeMainlineReference(MainlineReferenceVersion::k6_1); break;
      case Kernel::k6_12: layer_ = MakeMainlineReference(MainlineReferenceVersion::k6_12); break;
    }
    map_.ranges[map_.count++] = {FirmwareKind::kRam, 0, {0, kSectionSize}};
    for (const PhysRange& range : ram) map_.ranges[map_.count++] = {FirmwareKind::kRam, 0, range};
    layer_->Boot(map_);
  }
  NvdimmMachine(const NvdimmMachine&) = delete;

  HotplugLayer& layer() { return *layer_; }
  NvdimmBus& bus() { return layer_->Nvdimm(); }
  MediaImage Image() {
    MediaImage image;
    bus().Image(&image);
    return image;
  }
  void Reboot(const MediaImage& image, uint64_t delta = 0) {
    layer_->Boot(map_);
    bus().Restore(image, delta);
  }
  const char* name() const { return kKernelNames[static_cast<unsigned>(kernel_)]; }

  // An idle namespace over a region of its own: label and media, nothing bound.
  void AddIdle(Handle ns, PhysRange range, RegionRequest request = {}) {
    request.range = range;
    bus().AddRegion(kRegion, request);
    bus().NsCreate(ns, {.region = kRegion,
                        .size = range.size,
                        .parent = UuidOfSeed(kParent),
                        .settings = {.personality = Personality::kRaw}});
    bus().NsDisable(ns);
  }
  // Writes a block as it stands, with the right checksum.
  void PutBlock(Handle ns, const reference::InfoBlock& block) {
    const MediaImage::Page page = reference::WriteInfoBlock(block);
    for (uint64_t at = 0; at < page.size(); ++at) {
      bus().Corrupt(ns, {.offset = kInfoBlockOffset + at, .length = 1, .value = page[at], .sealed = false});
    }
  }

 private:
  const Kernel kernel_;
  FirmwareMap map_;
  std::unique_ptr<HotplugLayer> layer_;
};

inline NsRequest Namespace(uint64_t size, Personality personality, MemmapMode mode, uint64_t align) {
  return {.region = kRegion,
          .size = size,
          .parent = UuidOfSeed(kParent),
          .settings = {
              .personality = personality, .mode = mode, .align = align, .has_uuid = true, .uuid = UuidOfSeed(kOwn)}};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_REFERENCE_NVDIMM_MACHINE_H_
