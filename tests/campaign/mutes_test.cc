// SPDX-License-Identifier: Apache-2.0
// Files of mutes, good and bad.
#include "campaign/mutes.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/golden.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(Mutes, Golden) {
  CheckGolden("mutes.txt", [](const std::string& text) {
    const absl::StatusOr<Mutes> mutes = Mutes::Parse(text, "muted.txt");
    if (!mutes.ok()) return mutes.status().ToString();
    std::string out;
    for (const char* key : {"ns_create.legacy-answer", "heap-use-after-free.hpfuzz::Take", "end.pair-spans"}) {
      const Mute* mute = mutes->Find(key);
      absl::StrAppend(&out, key, " ",
                      mute == nullptr ? "counts" : absl::StrCat("line ", mute->line, " until ", PrintDay(mute->until)),
                      "\n");
    }
    return out;
  });
}

TEST(Mutes, AFileThatIsNotThereIsBadInputThatNamesIt) {
  const absl::StatusOr<Mutes> mutes = Mutes::Read("/nowhere/muted.txt");
  EXPECT_EQ(mutes.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(mutes.status().message(), "/nowhere/muted.txt: No such file or directory");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
