// SPDX-License-Identifier: Apache-2.0
// NvdimmSight: lines as real guests printed them, and lines that are none.
#include "witness/nvdimm_sight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hotplug/nvdimm_bus.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using ::testing::ElementsAre;

TEST(CommandOutputTest, ExitCodeAndLines) {
  const absl::StatusOr<CommandOutput> output = ParseCommandOutput("237   Error: no|failed to create namespace: x|  |");
  ASSERT_TRUE(output.ok());
  EXPECT_EQ(output->exit_code, 237);
  EXPECT_THAT(output->lines, ElementsAre("  Error: no", "failed to create namespace: x"));
  EXPECT_TRUE(ParseCommandOutput("0 ")->lines.empty());
}

TEST(CommandOutputTest, NotAnAnswer) {
  EXPECT_FALSE(ParseCommandOutput("").ok());
  EXPECT_FALSE(ParseCommandOutput("0").ok());
  EXPECT_FALSE(ParseCommandOutput("? section").ok());
}

TEST(NamespacesTest, AllThatCanBecomeOfOne) {
  const absl::StatusOr<std::vector<NamespaceSight>> sights = ParseNamespaces({
      "namespace0.0 0x114000000 201326592 - y - - n pmem0 393216 - -",
      "namespace1.0 0x100000000 16777216 59e36376-c0dd-488e-b081-db2840f31fc4 n pfn1.0 "
      "8f48ea2d-a699-466a-abea-e2570587d6a0 y pmem1 28672 - -",
      "namespace1.1 0x101000000 16777216 c4bc1c08-8f51-40cc-a9bd-25f5dfb00155 n dax1.0 "
      "a3bbc575-c1ea-4015-89f3-22c7ee446ed2 y - - dax1.1 14680064",
      "namespace1.2 0x102000000 16777216 - n - - n - - - -",
      "namespace1.3 0x103000000 16777216 - n pfn1.3 a3bbc575-c1ea-4015-89f3-22c7ee446ed2 n - - - -",
      "namespace1.4 0x104000000 16777216 - n dax1.4 a3bbc575-c1ea-4015-89f3-22c7ee446ed2 n - - - -",
  });
  ASSERT_TRUE(sights.ok()) << sights.status();
  std::vector<Disposition> became;
  std::vector<uint64_t> capacities;
  for (const NamespaceSight& sight : *sights) {
    became.push_back(sight.disposition());
    capacities.push_back(sight.capacity());
  }
  EXPECT_THAT(became, ElementsAre(Disposition::kRaw, Disposition::kPfn, Disposition::kDax, Disposition::kIdle,
                                  Disposition::kPfnFailed, Disposition::kDaxFailed));
  EXPECT_THAT(capacities, ElementsAre(0xc000000, 0xe00000, 0xe00000, 0, 0, 0));
  EXPECT_EQ((*sights)[1].range, (PhysRange{0x100000000, 0x1000000}));
  EXPECT_EQ((*sights)[1].uuid[0], 0x59);
  EXPECT_EQ((*sights)[1].holder_uuid[15], 0xa0);
  EXPECT_EQ((*sights)[0].uuid, Uuid{});
}

TEST(NamespacesTest, WordsThatAreMissingOrTooMany) {
  EXPECT_FALSE(ParseNamespaces({"namespace0.0 0x114000000 201326592 - y - - n pmem0 393216 -"}).ok());
  EXPECT_FALSE(ParseNamespaces({"namespace0.0 0x114000000 201326592 - y - - n pmem0 393216 - - -"}).ok());
  EXPECT_FALSE(ParseNamespaces({"namespace0.0 0x114000000 201326592 - ? - - n pmem0 393216 - -"}).ok());
  EXPECT_FALSE(ParseNamespaces({"sh: look_namespaces: not found"}).ok());
}

TEST(RegionsTest, PlaceAndName) {
  const absl::StatusOr<std::vector<RegionSight>> sights = ParseRegions({"region1 0x100000000 268435456"});
  ASSERT_TRUE(sights.ok());
  EXPECT_EQ((*sights)[0].name, "region1");
  EXPECT_EQ((*sights)[0].range, (PhysRange{0x100000000, 0x10000000}));
  EXPECT_FALSE(ParseRegions({"region1 0x100000000"}).ok());
}

TEST(RunsTest, AsTheModelsSayIt) {
  EXPECT_EQ(*ParseRuns({"4096 a5"}), Answer::Data(0xa5));
  const uint64_t hash = DataHash(DataHash(kDataHashStart, 0x5a, 4096), 0, 12);
  EXPECT_EQ(*ParseRuns({"4096 5a", "12 00"}), Answer::Data(kDataMixed, hash));
  EXPECT_FALSE(ParseRuns({}).ok());
  EXPECT_FALSE(ParseRuns({"mmap: Invalid argument"}).ok());
  EXPECT_FALSE(ParseRuns({"4096 100"}).ok());
}

TEST(UuidTest, ThereAndBack) {
  const absl::StatusOr<Uuid> uuid = ParseUuid(UuidText(UuidOfSeed(0x10)));
  ASSERT_TRUE(uuid.ok());
  EXPECT_EQ(*uuid, UuidOfSeed(0x10));
  EXPECT_EQ(UuidText(UuidOfSeed(0x10)), "10111213-1415-1617-1819-1a1b1c1d1e1f");
  EXPECT_FALSE(ParseUuid("10111213").ok());
  EXPECT_FALSE(ParseUuid("1011121x-1415-1617-1819-1a1b1c1d1e1f").ok());
}

TEST(ComplaintsTest, ErrnoOfEitherKernel) {
  EXPECT_EQ(ErrnoOf({"[    8.1] nd_pmem: probe of namespace1.0 failed with error -95"}), kEOPNOTSUPP);
  EXPECT_EQ(ErrnoOf({"[    8.1] nd_pmem pfn0.1: probe with driver nd_pmem failed with error -12"}), kENOMEM);
  EXPECT_EQ(ErrnoOf({"[    8.1] nd_pmem namespace0.0: unable to guarantee persistence of writes"}), 0);
}

TEST(ComplaintsTest, ErrnoOfAWriteToSysfs) {
  EXPECT_EQ(ErrnoOfWrite({"sh: write error: No such device or address"}), kENXIO);
  EXPECT_EQ(ErrnoOfWrite({"sh: write error: No such device"}), kENODEV);
  EXPECT_EQ(ErrnoOfWrite({"all is well"}), 0);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
