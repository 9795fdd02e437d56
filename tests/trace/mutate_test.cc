// SPDX-License-Identifier: Apache-2.0
// Mutation: what comes out has bytes, keeps what it should keep, and every kind of change happens.
#include "trace/mutate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <string>
#include <vector>

#include "tests/trace/round_trip.h"
#include "trace/bytes.h"
#include "trace/generate.h"
#include "trace/kind_traits.h"
#include "trace/mutate_bytes.h"
#include "trace/relink.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Input = std::vector<uint8_t>;

constexpr size_t kMaxSize = 400;

Input Mutated(BytesMutator& mutator, const Input& input, size_t max_size, uint64_t seed) {
  Input bytes = input;
  bytes.resize(std::max(max_size, input.size()));
  bytes.resize(mutator.Mutate(bytes.data(), input.size(), max_size, seed));
  return bytes;
}

Input AnyInput(Rng& rng) {
  Input bytes(rng.Below(120));
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next() >> 24);
  return bytes;
}

class MutateTest : public testing::TestWithParam<bool> {};

TEST_P(MutateTest, WhatComesOutIsATraceOfItsFamily) {
  BytesMutator mutator(GetParam());
  Rng rng(7);
  Trace buffer;
  for (int round = 0; round < 300; ++round) {
    Input input = AnyInput(rng);
    for (int step = 0; step < 25; ++step) {
      input = Mutated(mutator, input, kMaxSize, rng.Next());
      ASSERT_FALSE(input.empty());
      ASSERT_LE(input.size(), kMaxSize);
      ASSERT_EQ(SpeaksOfNvdimms(input), GetParam());
      CheckBytes(input, &buffer);
      ASSERT_FALSE(HasFatalFailure()) << round << " " << step;
    }
  }
}

// The bytes that were not coded again mean what they meant before.
TEST_P(MutateTest, BytesSayWhatTheTraceSays) {
  BytesMutator mutator(GetParam());
  Rng rng(8);
  for (int round = 0; round < 5000; ++round) {
    Input input = AnyInput(rng);
    if (input.empty()) input.push_back(0);
    input[0] = GetParam() ? NvdimmFirstByte(input[0]) : input[0];
    if (SpeaksOfNvdimms(input) != GetParam()) continue;
    const uint64_t seed = rng.Next();
    Trace changed;
    DecodeTrace(input, &changed);
    TraceMutator(seed, GetParam()).Mutate(&changed);
    Trace again;
    DecodeTrace(Mutated(mutator, input, 4096, seed), &again);
    ASSERT_LE(again.ops.size(), changed.ops.size());
    // Up to where a limit cuts it off, or changes an operation.
    Trace limited;
    DecodeTrace(EncodeTrace(again), &limited);
    ASSERT_TRUE(limited.SameProgram(again)) << round;
    if (ParseTrace(PrintTrace(changed), "changed").ok()) {
      ASSERT_TRUE(again.SameProgram(changed)) << round << "\n" << PrintTrace(changed) << "\nbut\n" << PrintTrace(again);
    }
  }
}

TEST_P(MutateTest, TheSameSeedGivesTheSameBytes) {
  BytesMutator one(GetParam());
  BytesMutator other(GetParam());
  Rng rng(9);
  for (int round = 0; round < 300; ++round) {
    const Input input = AnyInput(rng);
    (void)Mutated(other, AnyInput(rng), kMaxSize, rng.Next());
    const uint64_t seed = rng.Next();
    ASSERT_EQ(Mutated(one, input, kMaxSize, seed), Mutated(other, input, kMaxSize, seed));
  }
}

// What finds no room is left out as a whole.
TEST_P(MutateTest, OperationsAreNotCutInTwo) {
  BytesMutator mutator(GetParam());
  Rng rng(11);
  int shorter = 0;
  for (int round = 0; round < 2000; ++round) {
    const Input input = AnyInput(rng);
    const uint64_t seed = rng.Next();
    Trace all;
    DecodeTrace(Mutated(mutator, input, 4096, seed), &all);
    Trace some;
    DecodeTrace(Mutated(mutator, input, 40, seed), &some);
    // The first byte of a map that has no room says nothing.
    if (!(some.map == all.map)) continue;
    ASSERT_LE(some.ops.size(), all.ops.size());
    ASSERT_TRUE(std::equal(some.ops.begin(), some.ops.end(), all.ops.begin())) << round;
    shorter += some.ops.size() < all.ops.size() ? 1 : 0;
  }
  EXPECT_GT(shorter, 100);
}

TEST_P(MutateTest, RoomIsKept) {
  BytesMutator mutator(GetParam());
  Rng rng(10);
  for (size_t room = 1; room < 60; ++room) {
    for (int round = 0; round < 50; ++round) {
      ASSERT_LE(Mutated(mutator, AnyInput(rng), room, rng.Next()).size(), room);
      Input out(room);
      const size_t size = mutator.CrossOver(AnyInput(rng), AnyInput(rng), absl::MakeSpan(out), rng.Next());
      ASSERT_LE(size, room);
      ASSERT_GE(size, 1U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, MutateTest, testing::Bool(),
                         [](const auto& param) { return param.param ? "Nvdimm" : "Plain"; });

Trace Parsed(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  EXPECT_TRUE(trace.ok()) << trace.status();
  return trace.ok() ? *trace : Trace();
}

constexpr char kBase[] =
    "ram 0-3fffffff\npmem 40000000-7fffffff\n"
    "memremap_pages a 40000000+200000\n"
    "memremap_pages b 48000000+200000\n"
    "add_memory 50000000+8000000\n"
    "memunmap_pages b\n"
    "pfn_valid 48000\n"
    "memunmap_pages a\n";

// A change that must be seen in some of many mutations of one trace.
struct Change {
  const char* name;
  int at_least;  // of 60,000: well below what was counted; without the step that makes it there are fewer
  std::function<bool(const Trace& before, const Trace& after)> seen;
};
bool SamePlaces(const Trace& a, const Trace& b, size_t except) {
  if (a.ops.size() != b.ops.size()) return false;
  for (size_t i = 0; i < a.ops.size(); ++i) {
    if (i != except && !(a.ops[i] == b.ops[i])) return false;
  }
  return true;
}
const Change kChanges[] = {
    {"put in at the end", 100,
     [](const Trace& a, const Trace& b) {
       return b.ops.size() > a.ops.size() && std::equal(a.ops.begin(), a.ops.end(), b.ops.begin()) &&
              b.ops.back().kind == OpKind::kInsertResource;
     }},
    {"erased", 2500, [](const Trace& a, const Trace& b) { return b.ops.size() < a.ops.size(); }},
    {"repeated", 900,
     [](const Trace&, const Trace& b) {
       return b.ops.size() > 1 && b.ops[0].range == b.ops[1].range && b.ops[0].kind == b.ops[1].kind;
     }},
    {"done again at the end", 60,
     [](const Trace& a, const Trace& b) {
       return b.ops.size() == a.ops.size() + 1 && std::equal(a.ops.begin(), a.ops.end(), b.ops.begin()) &&
              b.ops.back().kind == a.ops[1].kind && b.ops.back().range == a.ops[1].range;
     }},
    {"exchanged", 20,
     [](const Trace& a, const Trace& b) {
       Trace back = b;
       if (b.ops.size() == a.ops.size()) std::swap(back.ops[2], back.ops[4]);
       return back.ops == a.ops;
     }},
    {"moved to a section border", 110,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 1) && b.ops[1].range.start != a.ops[1].range.start &&
              b.ops[1].range.end() % kSectionSize == 0 && b.ops[1].range.size == a.ops[1].range.size;
     }},
    {"moved to the other mapping", 50,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 1) && b.ops[1].range.start == a.ops[0].range.end();
     }},
    {"a sub-section longer", 40,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 1) && b.ops[1].range.size == a.ops[1].range.size + kSubsectionSize;
     }},
    {"one end to an edge of the firmware's ranges", 18,
     [](const Trace& a, const Trace& b) {
       if (!SamePlaces(a, b, 1)) return false;
       const PhysRange before = a.ops[1].range;
       const PhysRange after = b.ops[1].range;
       const PhysRange pmem = a.map.ranges[1].range;
       return (after.end() == before.end() && after.start == pmem.start) ||
              (after.start == before.start && after.end() == pmem.end());
     }},
    {"a page off", 17,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 1) && b.ops[1].range.start % kSubsectionSize == kPageSize;
     }},
    {"retyped", 20,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 2) && b.ops[2].kind == OpKind::kAddPages && b.ops[2].range == a.ops[2].range;
     }},
    {"an argument", 50,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 0) && b.ops[0].type == MemoryType::kFsDax && b.ops[0].range == a.ops[0].range;
     }},
    {"another mapping is named", 90,
     [](const Trace& a, const Trace& b) {
       return SamePlaces(a, b, 3) && b.ops[3].kind == OpKind::kMemunmapPages && b.ops[3].handle == 0;
     }},
    {"no mapping is left", 15,
     [](const Trace& a, const Trace& b) { return b.ops.size() == 2 && b.ops[0] == a.ops[2] && b.ops[1] == a.ops[4]; }},
    {"moved with what is there", 200,
     [](const Trace& a, const Trace& b) {
       if (b.ops.size() != a.ops.size()) return false;
       const uint64_t distance = b.ops[1].range.start - a.ops[1].range.start;
       return distance != 0 && b.ops[4].pfn == a.ops[4].pfn + (distance >> kPageShift) && b.ops[0] == a.ops[0] &&
              b.ops[2] == a.ops[2];
     }},
    {"moved to where a narrow number says the same", 2,
     [](const Trace& a, const Trace& b) {
       if (!SamePlaces(a, b, 1)) return false;
       return std::any_of(a.ops.begin(), a.ops.end(), [&](const Op& op) {
         const uint64_t apart = b.ops[1].range.start ^ op.range.end();
         return std::has_single_bit(apart) && apart >= uint64_t{1} << kPhysmemBits;
       });
     }},
    {"refused memory", 100,
     [](const Trace& a, const Trace& b) {
       return b.ops.size() == a.ops.size() + 1 && b.ops[2].kind == OpKind::kFailAlloc && b.ops[3] == a.ops[2] &&
              (TraitsOf(b.ops[3].kind).sites & Sites(b.ops[2].fail.site)) != 0;
     }},
    {"another machine", 130, [](const Trace& a, const Trace& b) { return !(a.map == b.map) && a.ops == b.ops; }},
};

TEST(Mutate, EveryChangeHappens) {
  const Trace base = Parsed(kBase);
  std::vector<int> seen(std::size(kChanges));
  for (uint64_t seed = 0; seed < 60000; ++seed) {
    Trace trace = base;
    TraceMutator(seed, false).Mutate(&trace);
    if (trace.ops.empty()) continue;
    for (size_t i = 0; i < std::size(kChanges); ++i) seen[i] += kChanges[i].seen(base, trace) ? 1 : 0;
  }
  for (size_t i = 0; i < std::size(kChanges); ++i) EXPECT_GT(seen[i], kChanges[i].at_least) << kChanges[i].name;
}

TEST(Mutate, PlainTracesNeverSpeakOfNvdimms) {
  Trace trace = Parsed(kBase);
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    TraceMutator(seed, false).Mutate(&trace);
    ASSERT_TRUE(std::none_of(trace.ops.begin(), trace.ops.end(), [](const Op& op) { return IsNvdimmOp(op.kind); }));
    if (trace.ops.size() > 100) trace = Parsed(kBase);
  }
}

// What follows goes on where the machine of the first trace has room, and names what it named.
TEST(Mutate, SpliceMovesWhatFollows) {
  const Trace other =
      Parsed("ram 0-1fffffff\npmem 20000000-5fffffff\nmemremap_pages a 20000000+400000\nmemunmap_pages a\n");
  bool whole = false;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Trace trace = Parsed(kBase);
    TraceMutator(seed, false).Splice(other, &trace);
    const size_t size = trace.ops.size();
    if (size < 2 || trace.ops[size - 2].range.size != 2 * kSubsectionSize) continue;
    whole = true;
    EXPECT_EQ(trace.ops[size - 2].range.start, 0x40000000U);
    EXPECT_EQ(trace.ops[size - 1].handle, trace.ops[size - 2].handle);
  }
  EXPECT_TRUE(whole);
}

TEST(Relink, NamesFollowTheirDefinitions) {
  Trace trace = Parsed(kBase);
  std::swap(trace.ops[0], trace.ops[1]);  // b, a
  Relink(&trace.ops);
  EXPECT_EQ(trace.ops[0].handle, 0);
  EXPECT_EQ(trace.ops[3].handle, 0);  // still b
  EXPECT_EQ(trace.ops[5].handle, 1);
}

TEST(Relink, WhatIsGoneIsNamedNoMore) {
  Trace trace = Parsed(kBase);
  trace.ops.erase(trace.ops.begin());
  Relink(&trace.ops);
  EXPECT_EQ(trace.ops[0].handle, 0);
  EXPECT_EQ(trace.ops[2].handle, 0);
  EXPECT_EQ(trace.ops[4].handle, kNoHandle);
}

TEST(Relink, TheLastOfTwoIsMeant) {
  Trace trace = Parsed(kBase);
  trace.ops.insert(trace.ops.begin() + 2, trace.ops[0]);
  Relink(&trace.ops);
  EXPECT_EQ(trace.ops[2].handle, 2);
  EXPECT_EQ(trace.ops[6].handle, 2);
  EXPECT_EQ(trace.ops[4].handle, 1);
}

TEST(Relink, ForeignOperationsNameEachOther) {
  Trace trace = Parsed(kBase);
  std::vector<Op> block = {trace.ops[0], trace.ops[5]};  // made to stand first
  MakeForeign(absl::MakeSpan(block), {}, trace.ops.size());
  trace.ops.insert(trace.ops.begin() + 1, block.begin(), block.end());
  Relink(&trace.ops);
  EXPECT_EQ(trace.ops[1].handle, 1);
  EXPECT_EQ(trace.ops[2].handle, 1);
  EXPECT_EQ(trace.ops[3].handle, 2);
  EXPECT_EQ(trace.ops[5].handle, 2);
  EXPECT_EQ(trace.ops[7].handle, 0);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
