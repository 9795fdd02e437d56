// SPDX-License-Identifier: Apache-2.0
// Arena: what it hands out is apart, aligned and kept until Reset(); what is dead is poisoned.
#include "machine/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Odd {
  char bytes[13];
};

TEST(Arena, ArraysStayApart) {
  Arena arena;
  for (unsigned run = 0; run < 3; ++run) {
    std::vector<std::pair<char*, size_t>> arrays;
    for (unsigned i = 0; i < 600; ++i) {
      // Small ones, and some that open blocks.
      const size_t size = i % 50 == 49 ? size_t{200} << 10 : 1 + i % 37;
      char* array = arena.New<char>(size);
      ASSERT_EQ(reinterpret_cast<uintptr_t>(array) % alignof(uint64_t), 0U);
      std::memset(array, static_cast<int>(i % 251), size);
      arrays.push_back({array, size});
    }
    for (unsigned i = 0; i < arrays.size(); ++i) {
      for (size_t at = 0; at < arrays[i].second; ++at) {
        ASSERT_EQ(arrays[i].first[at], static_cast<char>(i % 251))
            << "run " << run << ", array " << i << ", byte " << at;
      }
    }
    arena.Reset();
  }
}

TEST(Arena, MemoryIsUsedAgainAfterReset) {
  Arena arena;
  Odd* first = arena.New<Odd>();
  Odd* second = arena.New<Odd>();
  EXPECT_NE(first, second);
  Arena::Retire(first);
  EXPECT_NE(arena.New<Odd>(), first);  // not within a run
  arena.Reset();
  EXPECT_EQ(arena.New<Odd>(), first);
}

TEST(Arena, WholeBlock) {
  Arena arena;
  constexpr size_t kWhole = size_t{1} << 18;
  char* first = arena.New<char>(kWhole);
  char* second = arena.New<char>(kWhole);
  std::memset(first, 1, kWhole);
  std::memset(second, 2, kWhole);
  EXPECT_EQ(first[kWhole - 1], 1);
}

#if defined(HPFUZZ_ASAN)
bool Poisoned(const void* address) { return __asan_address_is_poisoned(address) != 0; }

TEST(Arena, DeadArraysArePoisoned) {
  Arena arena;
  Odd* array = arena.New<Odd>(3);
  Odd* other = arena.New<Odd>(3);
  EXPECT_FALSE(Poisoned(array));
  EXPECT_FALSE(Poisoned(&array[2].bytes[12]));
  Arena::Retire(array, 3);
  EXPECT_TRUE(Poisoned(array));
  EXPECT_TRUE(Poisoned(&array[2].bytes[12]));
  EXPECT_FALSE(Poisoned(other));
}

TEST(Arena, ResetPoisonsEverything) {
  Arena arena;
  std::vector<char*> arrays;
  for (unsigned i = 0; i < 40; ++i) arrays.push_back(arena.New<char>(20000));
  arena.Reset();
  for (const char* array : arrays) {
    EXPECT_TRUE(Poisoned(array));
    EXPECT_TRUE(Poisoned(array + 19999));
  }
  char* again = arena.New<char>(20000);
  EXPECT_FALSE(Poisoned(again + 19999));
}
#endif

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
