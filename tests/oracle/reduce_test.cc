// SPDX-License-Identifier: Apache-2.0
// Reduction of findings of the oracle, made by layers that lie: the key stays, and nothing that is left can go.
#include "trace/reduce.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracle/lies.h"
#include "tests/trace/round_trip.h"
#include "trace/generate.h"
#include "trace/smaller.h"
#include "trace/without.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kFindings = 4;    // of each lie
constexpr uint64_t kSeeds = 4000;  // looked through for them

class ReduceFindingTest : public testing::TestWithParam<size_t> {
 protected:
  const Lie& lie() const { return Lies()[GetParam()]; }
  // Long traces with this key.
  std::vector<Trace> Findings(LyingPair& pair) const {
    std::vector<Trace> found;
    for (uint64_t seed = 0; seed < kSeeds && found.size() < kFindings; ++seed) {
      Trace trace = GenerateTrace(seed, {.min_ops = 30, .max_ops = 60, .query_percent = 40});
      if (pair.Key(trace) == lie().key) found.push_back(std::move(trace));
    }
    return found;
  }
};

// Written without the steps of reduction, as somebody would who does it by hand.
std::vector<Trace> ByHand(const Trace& trace) {
  std::vector<Trace> out;
  const auto with = [&](size_t i, auto change) {
    out.push_back(trace);
    change(out.back().ops[i]);
  };
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    out.push_back(WithoutOps(trace, i, 1));
    const Op& op = trace.ops[i];
    if (op.nid != 0) with(i, [](Op& changed) { changed.nid = 0; });
    if (op.memblock) with(i, [](Op& changed) { changed.memblock = false; });
    if (op.no_ref) with(i, [](Op& changed) { changed.no_ref = false; });
    if (op.has_second) with(i, [](Op& changed) { changed.second = {}, changed.has_second = false; });
    if (op.altmap.given) with(i, [](Op& changed) { changed.altmap = {}; });
    if (op.type != MemoryType::kGeneric) with(i, [](Op& changed) { changed.type = MemoryType::kGeneric; });
    if (op.range.size > kSectionSize) with(i, [](Op& changed) { changed.range.size = kSectionSize; });
    if (op.range.start % kSectionSize != 0) {
      with(i, [](Op& changed) { changed.range.start = AlignDown(changed.range.start, kSectionSize); });
    }
  }
  for (size_t i = 0; i < trace.map.count; ++i) {
    std::vector<FirmwareRange> ranges(trace.map.begin(), trace.map.end());
    ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(OnRanges(trace, ranges, &out.emplace_back()));
  }
  out.push_back(trace);
  out.back().map.phys_bits = kPhysmemBits;
  out.back().map.five_level = false;
  out.back().map.movable_start = 0;
  if (out.back().SameProgram(trace)) out.pop_back();
  return out;
}

TEST_P(ReduceFindingTest, NothingThatIsLeftCanGo) {
  LyingPair pair(lie());
  const std::vector<Trace> findings = Findings(pair);
  ASSERT_EQ(findings.size(), kFindings);
  for (const Trace& trace : findings) {
    const auto has_key = [&](const Trace& smaller) { return pair.Key(smaller) == lie().key; };
    const Reduction reduction = Reduce(trace, ReduceScope::kEverything, has_key, [] { return false; });
    const std::string text = PrintTrace(reduction.trace);
    ASSERT_TRUE(reduction.minimal);
    EXPECT_LE(reduction.trace.ops.size(), 5U) << text;
    Trace buffer;
    CheckTrace(reduction.trace, &buffer);
    LyingPair fresh(lie());
    EXPECT_EQ(fresh.Key(reduction.trace), lie().key) << text;
    EachSmaller(reduction.trace, [&](const Trace& smaller) {
      EXPECT_NE(pair.Key(smaller), lie().key) << text << "--- and smaller\n" << PrintTrace(smaller);
      return false;
    });
    for (const Trace& smaller : ByHand(reduction.trace)) {
      EXPECT_NE(pair.Key(smaller), lie().key) << text << "--- and by hand\n" << PrintTrace(smaller);
    }
  }
}

TEST_P(ReduceFindingTest, TheSameTraceIsReducedInTheSameWay) {
  LyingPair pair(lie());
  const auto has_key = [&](const Trace& smaller) { return pair.Key(smaller) == lie().key; };
  const std::vector<Trace> findings = Findings(pair);
  ASSERT_FALSE(findings.empty());
  const Trace& trace = findings.front();
  std::string tried[2];
  for (std::string& log : tried) {
    const auto logged = [&](const Trace& smaller) {
      log += PrintTrace(smaller) + "\n";
      return has_key(smaller);
    };
    Reduce(trace, ReduceScope::kEverything, logged, [] { return false; });
  }
  EXPECT_EQ(tried[0], tried[1]);
}

INSTANTIATE_TEST_SUITE_P(Lies, ReduceFindingTest, testing::Range(size_t{0}, Lies().size()),
                         [](const auto& info) { return std::string(Lies()[info.param].name); });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
