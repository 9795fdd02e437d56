// SPDX-License-Identifier: Apache-2.0
// The kernel recipe: what it says is what a session would ask, and nothing that a stranger writes makes it say more.
#include "witness/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/golden.h"
#include "trace/generate.h"
#include "trace/text.h"
#include "witness/placement.h"
#include "witness/random_trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

KernelRecipe Of(const std::string& trace) { return MakeKernelRecipe(trace, "found/minimal.trace", false); }

TEST(KernelRecipe, Golden) {
  CheckGolden("kernel_recipe.txt", [](const std::string& trace) {
    const KernelRecipe recipe = Of(trace);
    return absl::StrCat(recipe.playable ? "playable\n" : "not playable\n", recipe.text);
  });
}

// The options are those that a guest is booted with.
TEST(KernelRecipe, TheGuestIsTheOneThatBoots) {
  const std::string text =
      "ram 100000000-1ffffffff\npmem 200000000-2fbffffff\nram 2fc000000-33fffffff\n"
      "memremap_pages a 200000000-2fbffffff\n";
  const absl::StatusOr<Trace> trace = ParseTrace(text, "test");
  ASSERT_TRUE(trace.ok()) << trace.status();
  const absl::StatusOr<Placement> placement = Place(*trace);
  ASSERT_TRUE(placement.ok()) << placement.status();
  const std::string recipe = Of(text).text;
  EXPECT_TRUE(absl::StrContains(recipe, KernelCommandLine(placement->hardware)));
  for (const std::string& option : MemoryOptions(placement->hardware)) EXPECT_TRUE(absl::StrContains(recipe, option));
  EXPECT_TRUE(absl::StrContains(recipe, PrintOp(placement->trace.ops[0])));
}

TEST(KernelRecipe, WhatEndsProgramsIsNotRun) {
  const KernelRecipe recipe = MakeKernelRecipe("ram 1000-fffffff\npfn_valid 20000\n", "t", true);
  EXPECT_TRUE(recipe.playable);
  EXPECT_FALSE(absl::StrContains(recipe.text, "legacy:")) << recipe.text;
  EXPECT_TRUE(absl::StrContains(recipe.text, "not known here")) << recipe.text;
}

TEST(KernelRecipe, FilesStayOneWordOfTheCommand) {
  const auto command = [](absl::string_view file) {
    const std::string text = MakeKernelRecipe("ram 1000-fffffff\npfn_valid 20000\n", file, false).text;
    const std::vector<std::string> lines = absl::StrSplit(text, absl::MaxSplits('\n', 3));
    return lines[2];
  };
  const std::string head = "    ./hpfuzz witness replay --kernel 6.1 ";
  EXPECT_EQ(command("a/b-1_2.trace"), head + "a/b-1_2.trace");
  EXPECT_EQ(command("a b"), head + "'a b'");
  EXPECT_EQ(command("$(x);'\n"), head + "'$(x);'\\''?'");
  EXPECT_EQ(command("--help"), head + "'./--help'");
  EXPECT_EQ(command(""), head + "''");
}

TEST(KernelRecipe, AnyTrace) {
  size_t playable = 0;
  for (uint64_t seed = 0; seed < 120; ++seed) {
    const Trace trace = seed % 2 == 0 ? GenerateTrace(seed, {.stops = seed % 8 == 2})
                                      : RandomTrace(seed, seed % 4 == 1 ? RandomKind::kPages : RandomKind::kMemory, 20);
    const KernelRecipe recipe = Of(PrintTrace(trace));
    playable += recipe.playable ? 1 : 0;
    EXPECT_TRUE(absl::StartsWith(recipe.text, "# The kernel recipe\n\n"));
    EXPECT_EQ(absl::StrContains(recipe.text, "./hpfuzz witness "), recipe.playable);
    // One sentence.
    if (!recipe.playable) {
      EXPECT_EQ(std::count(recipe.text.begin(), recipe.text.end(), '\n'), 3) << recipe.text;
    }
  }
  EXPECT_GT(playable, 40U);
  EXPECT_LT(playable, 120U);
}

TEST(KernelRecipe, WhatIsNoTrace) {
  for (const std::string& bad : {std::string("ram `<script>`\n"), std::string("# only a comment\n"), std::string()}) {
    EXPECT_FALSE(Of(bad).playable);
    EXPECT_FALSE(absl::StrContains(Of(bad).text, "script"));
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
