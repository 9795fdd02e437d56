// SPDX-License-Identifier: Apache-2.0
// The direct map of a request that wraps: the machine stops before page tables for petabytes are made, whose memory a
// fuzzing process would keep.
#include "impl_legacy/init_64.h"

#include <gtest/gtest.h>

#include <memory>

#include "impl_legacy/legacy_layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Answer Remap(HotplugLayer& layer, PhysRange range) {
  MemremapRequest request;
  request.range = range;
  return layer.MemremapPages(0, request);
}

TEST(InitMemoryMapping, StopsBeforeItMapsAllAddresses) {
  FirmwareMap map;
  map.ranges[0] = {FirmwareKind::kRam, 0, {0, kSectionSize}};
  map.count = 1;
  map.phys_bits = kPhysmemBits5Level;
  map.five_level = true;
  const std::unique_ptr<HotplugLayer> layer = MakeLegacyLayer();
  layer->Boot(map);
  const PhysRange wrapping{8 * kSectionSize, ~(15 * kSectionSize) + 1};
  EXPECT_EQ(Remap(*layer, wrapping).kind, Answer::Kind::kFault);
  for (const uint64_t nr : {uint64_t{8}, uint64_t{1} << 17}) EXPECT_EQ(layer->Section(SectionNr(nr)).direct_map, 0U);

  layer->Boot(map);
  const PhysRange largest{8 * kSectionSize, uint64_t{8192} * kSectionSize};
  EXPECT_TRUE(Remap(*layer, largest).ok());
  EXPECT_NE(layer->Section(SectionNr(8199)).direct_map, 0U);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
