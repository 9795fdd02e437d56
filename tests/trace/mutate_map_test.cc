// SPDX-License-Identifier: Apache-2.0
// MutateMap: keeps what a firmware map promises, and reaches each kind of change.
#include "trace/mutate_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "trace/map_builder.h"
#include "trace/presets.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Whether the ranges, put in one by one, make the same map.
bool KeepsItsPromise(const FirmwareMap& map) {
  FirmwareMap again;
  again.phys_bits = map.phys_bits;
  again.five_level = map.five_level;
  again.movable_start = map.movable_start;
  for (const FirmwareRange& range : map) {
    if (InsertRange(range, &again) != MapError::kNone) return false;
  }
  return again == map && map.phys_bits >= kMinPhysBits && map.phys_bits <= kMaxPhysBits &&
         map.movable_start % kPageSize == 0;
}

TEST(MutateMap, StaysAMapHoweverOftenItChanges) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Rng rng(seed);
    FirmwareMap map;
    CopyMap(Preset(static_cast<unsigned>(seed % kPresets)), &map);
    for (int i = 0; i < 50; ++i) {
      MutateMap(rng, &map);
      ASSERT_TRUE(KeepsItsPromise(map)) << "seed " << seed << ", change " << i;
    }
  }
}

TEST(MutateMap, IsAFunctionOfSeedAndMap) {
  Rng one(7);
  Rng two(7);
  FirmwareMap first = Preset(kPresetB);
  FirmwareMap second = Preset(kPresetB);
  for (int i = 0; i < 20; ++i) {
    MutateMap(one, &first);
    MutateMap(two, &second);
    ASSERT_EQ(first, second);
  }
}

// How often one change of machine B is of some kind; a change that is none leaves the map.
struct Kind {
  std::string_view name;
  unsigned percent;  // of the seeds, at least
  bool (*is)(const FirmwareMap& from, const FirmwareMap& to);
};

bool SameSettings(const FirmwareMap& a, const FirmwareMap& b) {
  return a.phys_bits == b.phys_bits && a.five_level == b.five_level && a.movable_start == b.movable_start;
}

// Of the ranges, whatever their order, how many are in both.
unsigned Common(const FirmwareMap& a, const FirmwareMap& b) {
  return static_cast<unsigned>(
      std::count_if(a.begin(), a.end(), [&](const auto& range) { return std::count(b.begin(), b.end(), range) != 0; }));
}

bool OneReplaced(const FirmwareMap& from, const FirmwareMap& to) {
  return SameSettings(from, to) && from.count == to.count && Common(from, to) + 1U == from.count;
}

template <typename Same>
bool OneReplacedBut(const FirmwareMap& from, const FirmwareMap& to, Same same) {
  if (!OneReplaced(from, to)) return false;
  const auto gone =
      std::find_if(from.begin(), from.end(), [&](const auto& r) { return std::count(to.begin(), to.end(), r) == 0; });
  const auto come =
      std::find_if(to.begin(), to.end(), [&](const auto& r) { return std::count(from.begin(), from.end(), r) == 0; });
  return same(*gone, *come);
}

constexpr Kind kKinds[] = {
    {"a preset", 10,
     [](const FirmwareMap&, const FirmwareMap& to) {
       for (unsigned i = 0; i < kPresets; ++i) {
         if (Preset(i) == to) return true;
       }
       return false;
     }},
    {"a start or an end", 8,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return OneReplacedBut(from, to, [](const FirmwareRange& gone, const FirmwareRange& come) {
         const bool one_end = gone.range.start == come.range.start || gone.range.end() == come.range.end();
         return one_end && gone.kind == come.kind && gone.nid == come.nid;
       });
     }},
    {"a node", 3,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return OneReplacedBut(from, to, [](const FirmwareRange& gone, const FirmwareRange& come) {
         return gone.range == come.range && gone.nid != come.nid;
       });
     }},
    {"a kind", 2,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return OneReplacedBut(from, to, [](const FirmwareRange& gone, const FirmwareRange& come) {
         return gone.range == come.range && gone.kind != come.kind;
       });
     }},
    {"a range less", 2,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return SameSettings(from, to) && to.count + 1U == from.count && Common(from, to) == to.count;
     }},
    {"a range more", 4,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return SameSettings(from, to) && to.count == from.count + 1U && Common(from, to) == from.count;
     }},
    {"a setting", 4,
     [](const FirmwareMap& from, const FirmwareMap& to) {
       return !SameSettings(from, to) && from.count == to.count && Common(from, to) == from.count;
     }},
};

class MutateMapKind : public testing::TestWithParam<Kind> {};

TEST_P(MutateMapKind, IsReached) {
  constexpr unsigned kSeeds = 2000;
  const FirmwareMap& from = Preset(kPresetB);
  unsigned times = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Rng rng(seed);
    FirmwareMap to = from;
    MutateMap(rng, &to);
    times += GetParam().is(from, to) ? 1 : 0;
  }
  EXPECT_GE(100 * times, GetParam().percent * kSeeds) << GetParam().name << ": " << times;
}

INSTANTIATE_TEST_SUITE_P(Kinds, MutateMapKind, testing::ValuesIn(kKinds),
                         [](const auto& info) { return "Kind" + std::to_string(info.index); });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
