// SPDX-License-Identifier: Apache-2.0
// What reduction leaves against the shortest trace there is, which exhaustive search tells: at most one operation more.
#include "trace/reduce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/oracle/lies.h"
#include "tests/tiny/oracle/alphabet.h"
#include "trace/generate.h"
#include "trace/presets.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kLongest = 4;   // operations of the shortest trace
constexpr size_t kFindings = 25;   // traces reduced, of each lie on each machine
constexpr uint64_t kSeeds = 4000;  // looked through for them
constexpr uint64_t kSection = 6;   // behind boot RAM, or its last ones

// Operations about one place that can have to do with a lie, queries included.
std::vector<Op> Letters(const Lie& lie) {
  std::vector<Op> letters = Alphabet(kSection);
  const Pfn first = SectionNr(kSection).first_pfn();
  letters.push_back({.kind = OpKind::kStructPage, .pfn = first});
  for (const uint64_t section : {uint64_t{0}, kSection}) {
    letters.push_back({.kind = OpKind::kRegionIntersects, .range = Sections(section, section + 1)});
    letters.push_back({.kind = OpKind::kRegionIntersects, .range = {section * kSectionSize + kPageSize, kPageSize}});
  }
  const auto strange = [&](const Op& op) {
    return std::find(lie.kinds.begin(), lie.kinds.end(), op.kind) == lie.kinds.end();
  };
  letters.erase(std::remove_if(letters.begin(), letters.end(), strange), letters.end());
  return letters;
}

class Search {
 public:
  Search(const Lie& lie, const FirmwareMap& map) : pair_(lie), key_(lie.key), letters_(Letters(lie)) {
    trace_.map = map;
  }

  // Whether a trace of `more` further operations has the key.
  bool Finds(unsigned more, Handle mappings = 0) {
    if (more == 0) return pair_.Key(trace_) == key_;
    for (Op op : letters_) {
      if (op.kind == OpKind::kMemunmapPages && op.handle >= mappings) continue;
      const bool maps = op.kind == OpKind::kMemremapPages;
      if (maps) op.handle = mappings;
      trace_.ops.push_back(op);
      const bool found = Finds(more - 1, static_cast<Handle>(mappings + (maps ? 1 : 0)));
      trace_.ops.pop_back();
      if (found) return true;
    }
    return false;
  }

 private:
  LyingPair pair_;
  std::string key_;
  std::vector<Op> letters_;
  Trace trace_;
};

class ShortestTest : public testing::TestWithParam<size_t> {};

TEST_P(ShortestTest, AtMostOneOperationMore) {
  const Lie& lie = Lies()[GetParam()];
  LyingPair pair(lie);
  const auto has_key = [&](const Trace& trace) { return pair.Key(trace) == lie.key; };
  size_t reduced = 0;
  size_t as_short = 0;
  for (const unsigned preset : {kPresetA, kPresetB, kPresetM}) {
    Search search(lie, Preset(preset));
    unsigned shortest = 1;
    while (shortest <= kLongest && !search.Finds(shortest)) ++shortest;
    if (shortest > kLongest) continue;
    size_t found = 0;
    for (uint64_t seed = 0; seed < kSeeds && found < kFindings; ++seed) {
      const Trace trace =
          GenerateTrace(seed, {.min_ops = 20, .max_ops = 60, .preset = static_cast<int>(preset), .query_percent = 40});
      if (!has_key(trace)) continue;
      ++found;
      const Reduction reduction = Reduce(trace, ReduceScope::kEverything, has_key, [] { return false; });
      EXPECT_LE(reduction.trace.ops.size(), shortest + 1) << lie << ", preset " << preset << "\n"
                                                          << PrintTrace(reduction.trace);
      as_short += reduction.trace.ops.size() <= shortest ? 1 : 0;
    }
    EXPECT_GE(found, kFindings) << lie << ", preset " << preset;
    reduced += found;
  }
  EXPECT_NE(reduced, 0U) << lie << " has no short trace";
  RecordProperty("as_short_as_can_be", static_cast<int>(as_short));
  RecordProperty("reduced", static_cast<int>(reduced));
}

INSTANTIATE_TEST_SUITE_P(Lies, ShortestTest, testing::Range(size_t{0}, Lies().size()),
                         [](const auto& info) { return std::string(Lies()[info.param].name); });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
