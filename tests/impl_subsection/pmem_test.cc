// SPDX-License-Identifier: Apache-2.0
// Namespaces of 6.1 and 6.12: what probes lead to, states, and dax over a padded namespace, which finds wrong bytes.
#include "impl_subsection/pmem.h"

#include <gtest/gtest.h>

#include "impl_subsection/mainline_layer.h"
#include "tests/nvdimm_scenes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr Handle kNs = NvdimmMachine::kNs;

class MainlinePmem : public testing::TestWithParam<MainlineVersion> {
 protected:
  NvdimmMachine machine_{MakeMainlineLayer(GetParam())};
};
INSTANTIATE_TEST_SUITE_P(Both, MainlinePmem, testing::Values(MainlineVersion::k6_1, MainlineVersion::k6_12));

TEST_P(MainlinePmem, ProbesAsThatKernel) { ExpectProbes(GetParam() == MainlineVersion::k6_1 ? 1 : 2, &machine_); }
TEST_P(MainlinePmem, States) { ExpectStates(&machine_); }
TEST_P(MainlinePmem, BoundAgain) { ExpectBoundAgain(&machine_); }
TEST_P(MainlinePmem, MediaRules) { ExpectMediaRules(&machine_); }
TEST_P(MainlinePmem, NoCapacity) {
  if (GetParam() == MainlineVersion::k6_1) ExpectNoCapacity(&machine_);  // later ones refuse the block
}
TEST_P(MainlinePmem, AnswersToAnything) { ExpectTotal(&machine_); }

// Mounted, and what a process maps lies short by the pad: its writes are nowhere in the file.
TEST_P(MainlinePmem, DaxOverAPadFindsWrongBytes) {
  NvdimmBus& bus = machine_.bus();
  EnablePadded(Personality::kPfn, MemmapMode::kRam, &machine_);
  EXPECT_TRUE(bus.NsWrite(kNs, {0, kSectionSize}, 0x33).ok());
  const Pfn named = Pfn::OfByte((uint64_t{1} << 32) + 4 * kSubsectionSize);
  EXPECT_EQ(bus.DaxAccess(kNs, 0), Answer::Dax(0, named));
  EXPECT_EQ(bus.NsRead(kNs, {0, kPageSize, true}), Answer::Data(0));
  EXPECT_TRUE(bus.NsWrite(kNs, {0, kPageSize, true}, 0x44).ok());
  EXPECT_EQ(bus.NsRead(kNs, {0, kSectionSize}), Answer::Data(0x33));
  EXPECT_TRUE(bus.NsWrite(kNs, {kSectionSize / 2, kPageSize, true}, 0x55).ok());
  EXPECT_EQ(bus.NsRead(kNs, {0, kPageSize}), Answer::Data(0x55));
}

TEST_P(MainlinePmem, DevdaxKnowsThePad) {
  EnablePadded(Personality::kDax, MemmapMode::kPmem, &machine_);
  const Pfn named = Pfn::OfByte((uint64_t{1} << 32) + kSectionSize / 2 + 4 * kSubsectionSize);
  EXPECT_EQ(machine_.bus().DaxAccess(kNs, 0), Answer::Dax(0, named));
  EXPECT_TRUE(machine_.bus().NsWrite(kNs, {0, kPageSize, true}, 0x33).ok());
  EXPECT_EQ(machine_.bus().NsRead(kNs, {0, kPageSize, true}), Answer::Data(0x33));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
