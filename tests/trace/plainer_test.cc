// SPDX-License-Identifier: Apache-2.0
// Plainer operations: which are offered, in which order, and that every step is plainer than the one before.
#include "trace/plainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "trace/generate.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Trace Parsed(const std::string& text) {
  absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  return trace.ok() ? *std::move(trace) : Trace();
}

// All that is offered but what moves pages between zones alone, of which there are many.
std::vector<std::string> Offered(const std::string& text) {
  std::vector<std::string> offered;
  const auto note = [&](const Trace& trace) {
    const std::string other = PrintTrace(trace);
    if (other.find("_zone ") == std::string::npos) offered.push_back(other);
    return false;
  };
  const Trace trace = Parsed(text);
  EXPECT_FALSE(EachWithLook(trace, note) || EachFromBeneath(trace, note));
  return offered;
}

TEST(Plainer, LooksThenWhatLiesBeneath) {
  EXPECT_THAT(
      Offered("memremap_pages a 200000000-2001fffff\nmemunmap_pages a\n"),
      ElementsAre("pfn_valid 200000\nmemunmap_pages -\n", "pfn_valid 2001ff\nmemunmap_pages -\n",
                  "pfn_valid 1fffff\nmemunmap_pages -\n", "pfn_valid 200200\nmemunmap_pages -\n",
                  "pfn_valid 207fff\nmemunmap_pages -\n", "pfn_to_online_page 200000\nmemunmap_pages -\n",
                  "pfn_to_online_page 2001ff\nmemunmap_pages -\n", "pfn_to_online_page 1fffff\nmemunmap_pages -\n",
                  "pfn_to_online_page 200200\nmemunmap_pages -\n", "pfn_to_online_page 207fff\nmemunmap_pages -\n",
                  "get_dev_pagemap 200000\nmemunmap_pages -\n", "get_dev_pagemap 2001ff\nmemunmap_pages -\n",
                  "get_dev_pagemap 1fffff\nmemunmap_pages -\n", "get_dev_pagemap 200200\nmemunmap_pages -\n",
                  "get_dev_pagemap 207fff\nmemunmap_pages -\n", "struct_page 200000\nmemunmap_pages -\n",
                  "struct_page 2001ff\nmemunmap_pages -\n", "struct_page 1fffff\nmemunmap_pages -\n",
                  "struct_page 200200\nmemunmap_pages -\n", "struct_page 207fff\nmemunmap_pages -\n",
                  "memremap_pages a 200000000-2001fffff\npfn_valid 200000\n",
                  "memremap_pages a 200000000-2001fffff\npfn_valid 2001ff\n",
                  "memremap_pages a 200000000-2001fffff\npfn_valid 1fffff\n",
                  "memremap_pages a 200000000-2001fffff\npfn_valid 200200\n",
                  "memremap_pages a 200000000-2001fffff\npfn_valid 207fff\n",
                  "memremap_pages a 200000000-2001fffff\npfn_to_online_page 200000\n",
                  "memremap_pages a 200000000-2001fffff\npfn_to_online_page 2001ff\n",
                  "memremap_pages a 200000000-2001fffff\npfn_to_online_page 1fffff\n",
                  "memremap_pages a 200000000-2001fffff\npfn_to_online_page 200200\n",
                  "memremap_pages a 200000000-2001fffff\npfn_to_online_page 207fff\n",
                  "memremap_pages a 200000000-2001fffff\nget_dev_pagemap 200000\n",
                  "memremap_pages a 200000000-2001fffff\nget_dev_pagemap 2001ff\n",
                  "memremap_pages a 200000000-2001fffff\nget_dev_pagemap 1fffff\n",
                  "memremap_pages a 200000000-2001fffff\nget_dev_pagemap 200200\n",
                  "memremap_pages a 200000000-2001fffff\nget_dev_pagemap 207fff\n",
                  "memremap_pages a 200000000-2001fffff\nstruct_page 200000\n",
                  "memremap_pages a 200000000-2001fffff\nstruct_page 2001ff\n",
                  "memremap_pages a 200000000-2001fffff\nstruct_page 1fffff\n",
                  "memremap_pages a 200000000-2001fffff\nstruct_page 200200\n",
                  "memremap_pages a 200000000-2001fffff\nstruct_page 207fff\n",
                  "__add_pages 200000000-2001fffff\n__remove_pages Normal 200000000-2001fffff\n",
                  "__add_pages 200000000-2001fffff\nmemunmap_pages -\n",
                  "memremap_pages a 200000000-2001fffff\n__remove_pages Normal 200000000-2001fffff\n",
                  "arch_add_memory 200000000-2001fffff\narch_remove_memory 200000000-2001fffff\n",
                  "arch_add_memory 200000000-2001fffff\nmemunmap_pages -\n",
                  "memremap_pages a 200000000-2001fffff\narch_remove_memory 200000000-2001fffff\n"));
}

TEST(Plainer, ThePlainestStay) {
  EXPECT_THAT(Offered("pfn_valid 1\nmemmap_fill ff\nfail_alloc at 1 memmap\n"), IsEmpty());
  EXPECT_THAT(Offered("memunmap_pages -\n"), IsEmpty());
  EXPECT_THAT(Offered("pfn_to_online_page 1\n"),
              ElementsAre("pfn_valid 1\n", "pfn_valid 0\n", "pfn_valid 2\n", "pfn_valid 7fff\n"));
  EXPECT_THAT(Offered("pfn_to_online_page 0\n"), ElementsAre("pfn_valid 0\n", "pfn_valid 1\n", "pfn_valid 7fff\n"));
}

TEST(Plainer, WhatHasNoPlaceIsALookAtTheFirmwaresRanges) {
  EXPECT_THAT(Offered("ram 1000-1fff node 0\nmemunmap_pages -\n"),
              testing::Contains("ram 1000-1fff\npfn_valid 2\n").Times(1));
}

std::vector<std::string> OfferedBy(bool (*each)(const Trace&, absl::FunctionRef<bool(const Trace&)>),
                                   const std::string& text) {
  std::vector<std::string> offered;
  EXPECT_FALSE(each(Parsed(text), [&](const Trace& trace) {
    offered.push_back(PrintTrace(trace));
    return false;
  }));
  return offered;
}

TEST(Plainer, WhatIsAddedWasThereAtBoot) {
  EXPECT_THAT(OfferedBy(EachFromBoot,
                        "ram 0-1fffff\n__add_pages 7e00000-7ffffff node 1\nmemremap_pages a 8000000-81fffff\n"
                        "__remove_pages Normal 0-1fffff\n"),
              ElementsAre("ram 0-1fffff\nram 7e00000-7ffffff node 1\nmemremap_pages a 8000000-81fffff\n"
                          "__remove_pages Normal 0-1fffff\n"));
  // The firmware says nothing twice.
  EXPECT_THAT(OfferedBy(EachFromBoot, "ram 0-1fffff\nadd_memory 0-1fffff\n"), IsEmpty());
}

TEST(Plainer, PagesGoBetweenAnyZonesOfAnyNodeThatIsNamed) {
  const std::vector<std::string> offered =
      OfferedBy(EachFromBeneath, "ram 0-7ffffff\nadd_memory 8000000-fffffff node 2\noffline_pages 8000000-fffffff\n");
  const auto with = [](const std::string& zone_and_node) {
    return "ram 0-7ffffff\nadd_memory 8000000-fffffff node 2\nremove_pfn_range_from_zone " + zone_and_node + "\n";
  };
  EXPECT_THAT(offered, testing::IsSupersetOf({with("DMA 8000000-fffffff"), with("DMA32 8000000-fffffff node 2"),
                                              with("Device 8000000-fffffff node 2")}));
}

TEST(Plainer, AMappingOfTwoRangesIsTwo) {
  EXPECT_THAT(OfferedBy(EachInTwo,
                        "memremap_pages a 8000000-81fffff and 0-1fffff\nmemremap_pages b 9000000-91fffff\n"
                        "memunmap_pages b\nmemunmap_pages a\n"),
              ElementsAre("memremap_pages a 8000000-81fffff\nmemremap_pages b 0-1fffff\n"
                          "memremap_pages c 9000000-91fffff\nmemunmap_pages c\nmemunmap_pages a\nmemunmap_pages b\n"));
  EXPECT_THAT(OfferedBy(EachInTwo, "memremap_pages a 8000000-81fffff\nmemunmap_pages a\n"), IsEmpty());
}

TEST(Plainer, NothingLiesBeneathANamespace) {
  EXPECT_THAT(Offered("region r 200000000-207ffffff\nns_create a r 0+8000000 fsdax ram align 200000 uuid 10\n"),
              IsEmpty());
}

TEST(Plainer, EndsWithTheOneThatIsTaken) {
  const Trace trace =
      Parsed("add_memory 8000000-fffffff\nmemremap_pages a 200000000-2001fffff and 0-1fffff\nmemunmap_pages a\n");
  for (const auto each : {EachFromBoot, EachWithLook, EachInTwo, EachFromBeneath}) {
    int offered = 0;
    EXPECT_TRUE(each(trace, [&](const Trace&) { return ++offered == 1; }));
    EXPECT_EQ(offered, 1);
  }
  int offered = 0;
  EXPECT_TRUE(EachFromBeneath(trace, [&](const Trace&) { return ++offered == 2; }));
  EXPECT_EQ(offered, 2);
}

TEST(Plainer, BlocksAreWhole) {
  for (const std::string range : {"8200000-83fffff", "8200000+0", "8200000+fffffffff8000000"}) {
    EXPECT_THAT(OfferedBy(EachFromBeneath, "online_pages " + range + " keep\n"),
                testing::Contains("move_pfn_range_to_zone Normal 8000000-fffffff\n"))
        << range;
  }
}

TEST(Plainer, ATraceIsNotLongerThanTracesAre) {
  Trace trace = Parsed("memremap_pages a 8000000-81fffff and 0-1fffff\n");
  trace.ops.resize(kMaxOps);
  EXPECT_FALSE(EachInTwo(trace, [](const Trace&) { return true; }));
  trace.ops.pop_back();
  EXPECT_TRUE(EachInTwo(trace, [](const Trace&) { return true; }));
}

// How plain a kind is; what another one does for it is plainer.
int RankOf(OpKind kind) {
  switch (kind) {
    case OpKind::kPfnValid: return 0;
    case OpKind::kPfnToOnlinePage: return 1;
    case OpKind::kGetDevPagemap: return 2;
    case OpKind::kStructPage: return 3;
    case OpKind::kMovePfnRangeToZone:
    case OpKind::kRemovePfnRangeFromZone:
    case OpKind::kAddPages:
    case OpKind::kRemovePages: return 4;
    case OpKind::kArchAddMemory:
    case OpKind::kArchRemoveMemory: return 5;
    default: return 6;
  }
}

// Mappings of two ranges, operations, how plain these are: none of it grows when those before it stay.
std::array<long, 3> MeasureOf(const Trace& trace) {
  std::array<long, 3> measure = {0, static_cast<long>(trace.ops.size()), 0};
  for (const Op& op : trace.ops) {
    if (op.has_second) ++measure[0];
    measure[2] += RankOf(op.kind);
  }
  return measure;
}

TEST(Plainer, EveryOfferIsPlainer) {
  std::array<int, 4> offers = {};
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Trace trace = GenerateTrace(seed, {.min_ops = 1, .max_ops = 12});
    for (Op& op : trace.ops) {
      if (op.kind != OpKind::kMemremapPages || seed % 2 != 0) continue;
      op.altmap = {};
      op.has_second = true;
      op.second = {0, kSubsectionSize};
    }
    const auto compare = [&](int& count) {
      return [&](const Trace& other) {
        EXPECT_LT(MeasureOf(other), MeasureOf(trace)) << PrintTrace(trace) << "offered\n" << PrintTrace(other);
        EXPECT_EQ(PrintTrace(Parsed(PrintTrace(other))), PrintTrace(other));
        ++count;
        return testing::Test::HasFailure();
      };
    };
    EachFromBoot(trace, compare(offers[0]));
    EachWithLook(trace, compare(offers[1]));
    EachInTwo(trace, compare(offers[2]));
    EachFromBeneath(trace, compare(offers[3]));
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_THAT(offers, testing::Each(testing::Gt(50)));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
