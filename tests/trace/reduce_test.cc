// SPDX-License-Identifier: Apache-2.0
// Reduction without machines: what is tried is always a trace, costs less and can be said in text and bytes; what comes
// out is what the predicate asks for and nothing else.
#include "trace/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/trace/round_trip.h"
#include "trace/cost.h"
#include "trace/generate.h"
#include "trace/mutate_bytes.h"
#include "trace/rng.h"
#include "trace/smaller.h"
#include "trace/text.h"
#include "trace/without.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool Never() { return false; }

Trace Parsed(std::string_view text) {
  absl::StatusOr<Trace> trace = ParseTrace({text.data(), text.size()}, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  return trace.ok() ? *std::move(trace) : Trace();
}

bool Holds(const Trace& trace, OpKind kind) {
  return std::any_of(trace.ops.begin(), trace.ops.end(), [kind](const Op& op) { return op.kind == kind; });
}

std::string Reduced(std::string_view text, StillFails still_fails, ReduceScope scope = ReduceScope::kEverything) {
  const Reduction reduction = Reduce(Parsed(text), scope, still_fails, Never);
  EXPECT_TRUE(reduction.minimal);
  return PrintTrace(reduction.trace);
}

// Any bytes, among them those about NVDIMMs.
Trace AnyTrace(Rng& rng, bool nvdimm) {
  BytesMutator mutator(nvdimm);
  std::vector<uint8_t> bytes(200);
  size_t size = 0;
  for (int step = 0; step < 20; ++step) size = mutator.Mutate(bytes.data(), size, bytes.size(), rng.Next());
  Trace trace;
  DecodeTrace({bytes.data(), size}, &trace);
  return trace;
}

TEST(SmallerTest, EveryStepIsATraceThatCostsLess) {
  Rng rng(11);
  Trace buffer;
  for (int round = 0; round < 24; ++round) {
    const Trace trace = AnyTrace(rng, round % 2 == 0);
    size_t steps = 0;
    EachSmaller(trace, [&](const Trace& smaller) {
      ++steps;
      EXPECT_LT(CostOf(smaller), CostOf(trace));
      CheckTrace(smaller, &buffer);
      return testing::Test::HasFailure();
    });
    ASSERT_FALSE(HasFailure()) << PrintTrace(trace);
    ASSERT_GE(steps, trace.ops.size());
  }
}

// A predicate that only asks for one kind leaves one operation with its simplest arguments, on no machine at all.
TEST(ReduceTest, OneOperationOfEachKindIsLeft) {
  Rng rng(12);
  std::vector<bool> seen(kOpKinds);
  for (int round = 0; round < 150; ++round) {
    const Trace trace = AnyTrace(rng, round % 2 == 0);
    if (trace.ops.empty()) continue;
    const OpKind kind = trace.ops[rng.Below(trace.ops.size())].kind;
    seen[static_cast<unsigned>(kind)] = true;
    const auto holds = [kind](const Trace& smaller) { return Holds(smaller, kind); };
    const Reduction reduction = Reduce(trace, ReduceScope::kEverything, holds, Never);
    ASSERT_EQ(reduction.trace.ops.size(), 1U);
    EXPECT_EQ(reduction.trace.map.count, 0);
    const Cost cost = CostOf(reduction.trace);
    EXPECT_LE(cost.words, 1U) << PrintTrace(reduction.trace);
    EXPECT_EQ(cost.rough, 0U) << PrintTrace(reduction.trace);
  }
  EXPECT_GE(std::count(seen.begin(), seen.end(), true), 20);
}

TEST(ReduceTest, AddressesBecomeRoundAndLowTogether) {
  const auto online_of_added = [](const Trace& trace) {
    for (size_t i = 1; i < trace.ops.size(); ++i) {
      const Op& op = trace.ops[i];
      if (op.kind == OpKind::kOnlinePages && trace.ops[i - 1].kind == OpKind::kAddMemory &&
          op.range == trace.ops[i - 1].range) {
        return true;
      }
    }
    return false;
  };
  EXPECT_EQ(Reduced("ram 0-ffffffff\npmem 100000000-1ffffffff\nreserved 200000000-20fffffff\nphys_bits 45\n"
                    "movable 8000000\n__add_pages 240200000+400000 node 1\nadd_memory 300200000+10000000 node 1\n"
                    "online_pages 300200000+10000000 movable\npfn_valid 300200\n",
                    online_of_added),
            "add_memory 0-1fffff\nonline_pages 0-1fffff keep\n");
}

// What must lie far up, as a section number that does not fit an int, gets down to there in leaps: a section at a time
// would be millions of steps.
TEST(ReduceTest, DistantPlacesAreReachedInLeaps) {
  constexpr uint64_t kFarUp = uint64_t{1} << 59;
  for (const std::string_view line : {"add_memory 800f072e8000000+8000000\n", "pfn_valid 800f072e8000\n"}) {
    int asked = 0;
    const std::string reduced = Reduced("phys_bits 61\npaging 5\n" + std::string(line), [&](const Trace& trace) {
      ++asked;
      const auto far_up = [](const Op& op) { return op.range.start >= kFarUp || op.pfn.byte() >= kFarUp; };
      return std::any_of(trace.ops.begin(), trace.ops.end(), far_up);
    });
    EXPECT_LT(asked, 5000) << reduced;
    EXPECT_NE(reduced.find(" 800000000000"), std::string::npos) << reduced;
  }
}

TEST(ReduceTest, OperationsOnlyLeaveTheMachineAndTheArguments) {
  const auto pins = [](const Trace& trace) { return Holds(trace, OpKind::kPinPage); };
  EXPECT_EQ(Reduced("ram 1000-3fffffff node 1\npfn_valid 1234\npin_page 1235\nunpin_page 1235\n", pins,
                    ReduceScope::kOperations),
            "ram 1000-3fffffff node 1\npin_page 1235\n");
}

// Two operations of which neither can go alone.
TEST(ReduceTest, PairsGoTogether) {
  const auto balanced = [](const Trace& trace) {
    int pinned = 0;
    for (const Op& op : trace.ops) pinned += op.kind == OpKind::kPinPage ? 1 : op.kind == OpKind::kUnpinPage ? -1 : 0;
    return pinned == 0 && Holds(trace, OpKind::kPfnValid);
  };
  EXPECT_EQ(Reduced("pin_page 1\npin_page 2\npfn_valid 8000\nunpin_page 2\nunpin_page 1\n", balanced), "pfn_valid 0\n");
}

TEST(ReduceTest, WhatIsNamedAndExpectedStaysTheSame) {
  const auto keeps = [](const Trace& trace) {
    const bool expects = std::any_of(trace.expectations.begin(), trace.expectations.end(),
                                     [](const auto& expected) { return !expected.empty(); });
    return expects && Holds(trace, OpKind::kMemunmapPages) && trace.ops.back().handle != kNoHandle;
  };
  EXPECT_EQ(Reduced("memremap_pages first 100000000-107ffffff  -> legacy 0, subsection 0\n"
                    "memremap_pages second 108000000-10fffffff\n"
                    "get_dev_pagemap 108000                      -> subsection second\n"
                    "memunmap_pages second\n",
                    [&](const Trace& trace) { return keeps(trace) && Holds(trace, OpKind::kGetDevPagemap); }),
            "memremap_pages a 0-1fffff\nget_dev_pagemap 0 -> subsection a\nmemunmap_pages a\n");
}

TEST(WithoutTest, AnExpectationOfSomethingGoneGoes) {
  const Trace trace = Parsed(
      "memremap_pages a 100000000-107ffffff\nmemremap_pages b 108000000-10fffffff\n"
      "get_dev_pagemap 108000 -> legacy b, subsection none\nget_dev_pagemap 100000 -> legacy a\n");
  EXPECT_EQ(PrintTrace(WithoutOps(trace, 0, 1)),
            "memremap_pages a 108000000-10fffffff\nget_dev_pagemap 108000 -> legacy a, subsection none\n"
            "get_dev_pagemap 100000\n");
}

TEST(WithoutTest, ASliceOfTheAddressSpaceTakesItsRangesAlong) {
  const Trace trace = Parsed(
      "ram 0-1fffffff\npmem 20000000-2fffffff\nmovable 10000000\n"
      "add_memory 38000000-3fffffff\npfn_valid 38001\nadd_memory 3000+fffffffffffff000\n");
  Trace cut;
  ASSERT_TRUE(WithoutSlice(trace, {SectionNr(2), SectionNr(6)}, &cut));
  EXPECT_EQ(PrintTrace(cut),
            "ram 0-fffffff\nmovable 10000000\n"
            "add_memory 18000000-1fffffff\npfn_valid 18001\nadd_memory 3000+fffffffffffff000\n");
  EXPECT_FALSE(WithoutSlice(trace, {SectionNr(7), SectionNr(8)}, &cut)) << "an operation lies there";
}

// Whatever the time allows is a trace that fails, and never a larger one.
TEST(ReduceTest, WhoHasSeenEnoughGetsTheBestSoFar) {
  Rng rng(13);
  const auto holds = [](const Trace& trace) { return Holds(trace, OpKind::kAddMemory); };
  Trace trace = GenerateTrace(5, {.min_ops = 40, .max_ops = 60});
  ASSERT_TRUE(holds(trace));
  size_t most = 1 << 20;
  Cost before = CostOf(trace);
  for (size_t allowed = 0; allowed < 40; ++allowed) {
    size_t asked = 0;
    const Reduction reduction = Reduce(trace, ReduceScope::kEverything, holds, [&] { return asked++ == allowed; });
    EXPECT_EQ(reduction.minimal, asked <= allowed);
    EXPECT_TRUE(holds(reduction.trace));
    EXPECT_LE(CostOf(reduction.trace), before) << allowed;
    before = CostOf(reduction.trace);
    most = std::min(most, reduction.trace.ops.size());
  }
  EXPECT_LT(most, trace.ops.size());
}

TEST(ReduceTest, NothingIsLeftOfATraceThatAlwaysFails) {
  const auto always = [](const Trace&) { return true; };
  EXPECT_EQ(Reduced("", always), "");
  EXPECT_EQ(Reduced("ram 1000-9efff\npfn_valid 1 -> legacy 0\n", always), "");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
