// SPDX-License-Identifier: Apache-2.0
// Findings on their way through the source tree; and that those of repro/open/ are still there.
#include "triage/open_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "registry/workbench_geometry.h"
#include "tests/directory.h"
#include "tests/files.h"
#include "triage/bucket_folder.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

constexpr char kKey[] = "add_memory.legacy-expectation";
constexpr char kShows[] = "add_memory 40000000-47ffffff -> legacy -ENOMEM\n";

class OpenFindingsTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    absl::StatusOr<BucketFolder> folder = BucketFolder::Open(directory_ / "triage");
    ASSERT_TRUE(folder.ok()) << folder.status();
    Bucket bucket;
    bucket.key = kKey;
    bucket.kinds = {"add_memory"};
    ASSERT_TRUE(folder->Create(bucket, {{kBucketTrace, absl::StrCat("# anything\n", kShows)}}).ok());
  }
  absl::StatusOr<fs::path> PromoteIt(const std::string& key = kKey) {
    return Promote(key, {directory_ / "triage", directory_ / "repro"},
                   [](absl::string_view, absl::string_view) { return &GetWorkbench(); });
  }
  absl::Status Still() {
    return StillOpen(Read("repro/open/add_memory.legacy-expectation.trace"), "it.trace", GetWorkbench());
  }
};

TEST_F(OpenFindingsTest, OutOfItsBucketIntoTheTree) {
  const absl::StatusOr<fs::path> file = PromoteIt();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*file, directory_ / "repro/open/add_memory.legacy-expectation.trace");
  EXPECT_THAT(Read(*file), StartsWith(absl::StrCat("# open: ", kKey, "\n#")));
  EXPECT_THAT(Read(*file), HasSubstr(absl::StrCat("\n", kShows)));
  EXPECT_TRUE(Still().ok()) << Still();
}

TEST_F(OpenFindingsTest, WhatIsThereStillStays) {
  ASSERT_TRUE(PromoteIt().ok());
  const absl::StatusOr<fs::path> again = PromoteIt();
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(again.status().message()), HasSubstr(absl::StrCat("still shows ", kKey)));
}

TEST_F(OpenFindingsTest, WhatIsGoneMovesOnWithItsAnswers) {
  Write("repro/open/add_memory.legacy-expectation.trace",
        absl::StrCat("# open: ", kKey, "\n# why\nadd_memory 40000000-47ffffff -> legacy 0\n"));
  EXPECT_EQ(Still().message(), "it.trace: its finding is gone: hpfuzz triage --promote it");
  const absl::StatusOr<fs::path> file = PromoteIt();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(Read(*file),
            absl::StrCat("# Showed ", kKey, " once.\n", "add_memory 40000000-47ffffff -> legacy 0, subsection 0\n"));
  EXPECT_EQ(*file, directory_ / "repro/add_memory.legacy-expectation.trace");
  EXPECT_FALSE(fs::exists(directory_ / "repro/open/add_memory.legacy-expectation.trace"));
}

// As a run leaves it that is killed before it takes the open one away.
TEST_F(OpenFindingsTest, WhatWasWrittenAlreadyIsTakenForDone) {
  Write("repro/open/add_memory.legacy-expectation.trace",
        absl::StrCat("# open: ", kKey, "\nadd_memory 40000000-47ffffff -> legacy 0\n"));
  const fs::path settled = directory_ / "repro/add_memory.legacy-expectation.trace";
  Write(settled,
        absl::StrCat("# Showed ", kKey, " once.\n", "add_memory 40000000-47ffffff -> legacy 0, subsection 0\n"));
  const absl::StatusOr<fs::path> file = PromoteIt();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(fs::exists(directory_ / "repro/open/add_memory.legacy-expectation.trace"));
  Write("repro/open/add_memory.legacy-expectation.trace",
        absl::StrCat("# open: ", kKey, "\nadd_memory 40000000-47ffffff -> legacy 0\n"));
  Write(settled, "mine\n");
  EXPECT_EQ(PromoteIt().status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read(settled), "mine\n");
}

TEST_F(OpenFindingsTest, ItsKeyIsEnoughWhateverItsBucketIsCalled) {
  Write("repro/open/add_memory.legacy-expectation+pin_page.trace",
        absl::StrCat("# open: ", kKey, "\nadd_memory 40000000-47ffffff\n"));
  const absl::StatusOr<fs::path> file = PromoteIt();
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*file, directory_ / "repro/add_memory.legacy-expectation+pin_page.trace");
}

TEST_F(OpenFindingsTest, AnotherFindingIsNotTheOneThatWasOpen) {
  Write("repro/open/add_memory.legacy-expectation.trace", absl::StrCat("# open: add_memory.pair-answer\n", kShows));
  EXPECT_THAT(std::string(Still().message()),
              HasSubstr("shows add_memory.legacy-expectation now instead of add_memory.pair"));
}

TEST_F(OpenFindingsTest, NothingIsWrittenOver) {
  Write("repro/open/add_memory.legacy-expectation.trace",
        absl::StrCat("# open: ", kKey, "\nadd_memory 40000000-47ffffff\n"));
  Write("repro/add_memory.legacy-expectation.trace", "mine");
  EXPECT_EQ(PromoteIt().status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read("repro/add_memory.legacy-expectation.trace"), "mine");
}

TEST_F(OpenFindingsTest, AKeyThatIsNoneIsSaidSo) {
  EXPECT_EQ(PromoteIt("../../etc/passwd").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(PromoteIt("").status().code(), absl::StatusCode::kNotFound);
}

// Empty as long as nothing is known and not mended.
TEST(OpenFindings, AreStillThere) {
  for (const std::string& file : FilesBelow("repro/open", ".trace")) {
    const absl::Status still = StillOpen(ContentOf(file), file, GetWorkbench());
    EXPECT_TRUE(still.ok()) << still.message();
  }
}

TEST(Settle, VariantsAreNamedWhereTheyDiffer) {
  for (const std::string& file : FilesBelow("repro", ".trace")) {
    if (file.find("/repro/open/") != std::string::npos) continue;
    const absl::StatusOr<std::string> settled = GetWorkbench().Settle(ContentOf(file), file);
    ASSERT_TRUE(settled.ok()) << settled.status();
    const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(*settled, file);
    ASSERT_TRUE(replay.ok()) << replay.status();
    EXPECT_TRUE(replay->agrees) << file << "\n" << *settled << replay->verdicts;
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
