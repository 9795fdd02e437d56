// SPDX-License-Identifier: Apache-2.0
// Namespaces of 5.1: what probes lead to, states, and dax over a padded namespace, which is refused.
#include "impl_legacy/pmem.h"

#include <gtest/gtest.h>

#include "impl_legacy/legacy_layer.h"
#include "tests/nvdimm_scenes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr Handle kNs = NvdimmMachine::kNs;

class LegacyPmem : public testing::Test {
 protected:
  NvdimmMachine machine_{MakeLegacyLayer()};
};

TEST_F(LegacyPmem, ProbesAsThatKernel) { ExpectProbes(0, &machine_); }
TEST_F(LegacyPmem, States) { ExpectStates(&machine_); }
TEST_F(LegacyPmem, BoundAgain) { ExpectBoundAgain(&machine_); }
TEST_F(LegacyPmem, MediaRules) { ExpectMediaRules(&machine_); }
TEST_F(LegacyPmem, NoCapacity) { ExpectNoCapacity(&machine_); }
TEST_F(LegacyPmem, AnswersToAnything) { ExpectTotal(&machine_); }

TEST_F(LegacyPmem, NoDaxOverAPad) {
  NvdimmBus& bus = machine_.bus();
  for (const MemmapMode mode : {MemmapMode::kRam, MemmapMode::kPmem}) {
    EnablePadded(Personality::kPfn, mode, &machine_);
    EXPECT_TRUE(bus.NsWrite(kNs, {0, kPageSize}, 0x33).ok());
    EXPECT_EQ(bus.NsRead(kNs, {0, 1, true}), Answer::Error(kEINVAL));
    EXPECT_EQ(bus.NsWrite(kNs, {0, 1, true}, 1), Answer::Error(kEINVAL));
    // Short by the pad.
    const Pfn named = Pfn::OfByte((uint64_t{1} << 32) + 4 * kSubsectionSize);
    EXPECT_EQ(bus.DaxAccess(kNs, 0), Answer::Dax(kEINVAL, named));
  }
}

TEST_F(LegacyPmem, DevdaxKnowsThePad) {
  EnablePadded(Personality::kDax, MemmapMode::kPmem, &machine_);
  const Pfn named = Pfn::OfByte((uint64_t{1} << 32) + kSectionSize / 2 + 4 * kSubsectionSize);
  EXPECT_EQ(machine_.bus().DaxAccess(kNs, 0), Answer::Dax(0, named));
  EXPECT_TRUE(machine_.bus().NsWrite(kNs, {0, kPageSize, true}, 0x33).ok());
  EXPECT_EQ(machine_.bus().NsRead(kNs, {0, kPageSize, true}), Answer::Data(0x33));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
