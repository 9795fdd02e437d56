// SPDX-License-Identifier: Apache-2.0
// NvdimmPlan and the scenarios that come with the program: each can be planned, and is about what it says, as far as
// the models can tell without a guest.
#include "witness/nvdimm_scenarios.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "machine/info_block.h"
#include "registry/registry.h"
#include "trace/apply.h"
#include "trace/text.h"
#include "witness/nvdimm_guest.h"
#include "witness/nvdimm_media.h"
#include "witness/nvdimm_plan.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using ::testing::HasSubstr;

Trace TraceOf(const std::string& text) {
  absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  return trace.ok() ? *trace : Trace();
}

std::string Refusal(const std::string& text) { return std::string(PlanNvdimm(TraceOf(text)).status().message()); }

TEST(NvdimmPlanTest, LabelsWhereARegionIsDivided) {
  const absl::StatusOr<NvdimmPlan> plan =
      PlanNvdimm(TraceOf("region p 100000000+2000000\nregion q 102000000+2000000\nns_create a p 0+2000000 raw\n"
                         "ns_create b q 0+1000000 raw\nns_disable b\n"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_FALSE(plan->regions[0].labels);
  EXPECT_TRUE(plan->regions[1].labels);
  EXPECT_TRUE(plan->legacy.empty());
  EXPECT_EQ(plan->guest.size(), 3U);
}

TEST(NvdimmPlanTest, WhatStandsBeforeTheRebootIsDoneBy51) {
  const absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(
      TraceOf("region p 100000000+2000000\nns_create a p 0+2000000 raw\nreboot other\nns_enable a\nns_disable a\n"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->legacy.size(), 1U);
  EXPECT_EQ(plan->guest.size(), 2U);
}

TEST(NvdimmPlanTest, WhatNoGuestCanDo) {
  const std::string region = "region p 100000000+2000000\nns_create a p 0+2000000 raw\n";
  EXPECT_THAT(Refusal("region p 80000000+2000000\nns_create a p 0+2000000 raw\n"), HasSubstr("above 4 GiB"));
  EXPECT_THAT(Refusal("region p 100000000+2000000 ro\nns_create a p 0+2000000 raw\n"), HasSubstr("plain regions"));
  EXPECT_THAT(Refusal(region + "region q 102000000+2000000\n"), HasSubstr("must come first"));
  EXPECT_THAT(Refusal(region + "dax_access a 0\n"), HasSubstr("pfns"));
  EXPECT_THAT(Refusal(region + "pfn_valid 100000\n"), HasSubstr("not about namespaces"));
  EXPECT_THAT(Refusal(region + "reboot same\nns_enable a\n"), HasSubstr("reboot other"));
  EXPECT_THAT(Refusal(region + "reboot other\nns_enable a\nreboot other\n"), HasSubstr("rebooted before"));
  EXPECT_THAT(Refusal("region p 100000000+2000000\nns_create a p 0+1000000 raw\nreboot other\nns_enable a\n"),
              HasSubstr("labels"));
  EXPECT_THAT(Refusal("region p 100000000+2000000\n"), HasSubstr("nothing to ask"));
}

TEST(CreateCommandTest, NdctlWhereItAsksTheKernelAtAll) {
  const Trace trace = TraceOf(
      "region p 100000000+c000000\nns_create a p 0+1000000 devdax ram align 1000 uuid 10\n"
      "ns_create b p 0+4003000 fsdax pmem align 1000 uuid 10\nns_create c p 0+c000000 fsdax pmem align 40000000 uuid "
      "10\n"
      "ns_create d p 0+c000000 raw\nns_create e p 0+1200000 fsdax ram align 200000 uuid 10\n");
  EXPECT_EQ(CreateCommand(trace.ops[1], "region3", false),
            "ndctl create-namespace -f -r region3 -s 16777216 -m devdax -M mem -a 4096");
  EXPECT_EQ(CreateCommand(trace.ops[1], "region3", true),
            "ndctl create-namespace -f -e namespace3.0 -m devdax -M mem -a 4096");
  EXPECT_EQ(CreateCommand(trace.ops[2], "region3", true),
            "set_up pfn namespace3.0 pmem 4096 10111213-1415-1617-1819-1a1b1c1d1e1f");
  EXPECT_EQ(CreateCommand(trace.ops[2], "region3", false),
            "allocate region3 67121152 11121314-1516-1718-191a-1b1c1d1e1f20 && "
            "set_up pfn $namespace pmem 4096 10111213-1415-1617-1819-1a1b1c1d1e1f");
  EXPECT_THAT(CreateCommand(trace.ops[3], "region3", true), HasSubstr("set_up pfn namespace3.0 pmem 1073741824"));
  EXPECT_EQ(CreateCommand(trace.ops[4], "region12", true), "ndctl create-namespace -f -m raw -e namespace12.0");
  // 18 MiB: only regions with labels had their alignment made smaller.
  EXPECT_THAT(CreateCommand(trace.ops[5], "region3", true), HasSubstr("set_up pfn namespace3.0 ram"));
  EXPECT_THAT(CreateCommand(trace.ops[5], "region3", false), HasSubstr("ndctl create-namespace"));
}

class ScenarioTest : public testing::TestWithParam<NvdimmScenario> {};

// What 5.1 is to have done it does, and of the rest nothing is asked of a namespace that is not there.
TEST_P(ScenarioTest, CanBePlayed) {
  const Trace trace = TraceOf(std::string(GetParam().text));
  const absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(trace);
  ASSERT_TRUE(plan.ok()) << plan.status();
  FirmwareMap map;
  map.ranges[map.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = {0x100000, 0x1ff00000}};
  const auto legacy = FindImplementation("legacy")->make_layer();
  const auto mainline = FindImplementation("mainline-6.1")->make_layer();
  legacy->Boot(map);
  mainline->Boot(map);
  for (const NvdimmPlan::Region& region : plan->regions) {
    ASSERT_TRUE(legacy->Nvdimm().AddRegion(region.handle, region.request).ok());
  }
  for (const Op& op : plan->legacy) EXPECT_TRUE(Apply(op, *legacy).ok()) << PrintOp(op, NamesOf(trace));
  MediaImage image;
  legacy->Nvdimm().Image(&image);
  mainline->Nvdimm().Restore(image, 0);
  for (const Op& op : plan->guest) {
    const Answer answer = Apply(op, *mainline);
    EXPECT_NE(answer.kind, Answer::Kind::kNone) << PrintOp(op, NamesOf(trace));
    if (answer.stops()) EXPECT_EQ(&op, &plan->guest.back()) << PrintOp(op, NamesOf(trace));
  }
}

INSTANTIATE_TEST_SUITE_P(BuiltIn, ScenarioTest, testing::ValuesIn(BuiltInNvdimmScenarios()), [](const auto& info) {
  std::string name;
  for (const char c : info.param.name) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

// Every kind of pad that 5.1 makes is among them.
TEST(BuiltInNvdimmScenariosTest, PadsOfEveryKind) {
  std::set<std::pair<bool, bool>> pads;
  for (const NvdimmScenario& scenario : BuiltInNvdimmScenarios()) {
    const Trace trace = TraceOf(std::string(scenario.text));
    const absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(trace);
    ASSERT_TRUE(plan.ok());
    FirmwareMap map;
    const auto legacy = FindImplementation("legacy")->make_layer();
    legacy->Boot(map);
    for (const NvdimmPlan::Region& region : plan->regions) legacy->Nvdimm().AddRegion(region.handle, region.request);
    for (const Op& op : plan->legacy) {
      Apply(op, *legacy);
      const PfnView view = legacy->Nvdimm().Namespace(op.handle).pfn;
      if (op.kind == OpKind::kNsCreate) pads.emplace(view.start_pad != 0, view.end_trunc != 0);
    }
  }
  EXPECT_THAT(pads, testing::IsSupersetOf({std::pair(true, false), std::pair(false, true), std::pair(true, true)}));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
