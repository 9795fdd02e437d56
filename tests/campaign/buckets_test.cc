// SPDX-License-Identifier: Apache-2.0
// Buckets: what is kept, what goes, and disks that cannot take it.
#include "campaign/buckets.h"

#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "files/sha1.h"
#include "tests/directory.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

class BucketsTest : public DirectoryTest {
 protected:
  // Adds a finding as an engine leaves it; returns the file that the summary names.
  absl::StatusOr<fs::path> Add(Buckets* buckets, const std::string& key, const std::string& content) const {
    return buckets->Add(key, Write("findings/crash-from-engine", content), "report of " + content);
  }
  std::multiset<std::string> Inputs(const std::string& bucket) const {
    std::multiset<std::string> inputs;
    for (const fs::path& file : InputsBelow(directory_ / "findings" / bucket)) {
      if (absl::StartsWith(file.filename().string(), "crash-")) inputs.insert(Read(file));
    }
    return inputs;
  }
  fs::path findings() const { return directory_ / "findings"; }
};

TEST_F(BucketsTest, TheSmallestAreKept) {
  Buckets buckets(findings(), 3);
  for (const char* content : {"55555", "22", "4444", "7777777", "1", "333"})
    ASSERT_TRUE(Add(&buckets, "a.b", content).ok());
  EXPECT_THAT(Inputs("a.b"), ElementsAre("1", "22", "333"));
  EXPECT_FALSE(fs::exists(findings() / "crash-from-engine"));
  EXPECT_THAT(Read(findings() / "a.b" / "report.md"), HasSubstr("report of 1\n"));
}

TEST_F(BucketsTest, RunsAddAndTheSmallestOfThisRunStays) {
  {
    Buckets earlier(findings(), 2);
    ASSERT_TRUE(Add(&earlier, "a.b", "1").ok());
    ASSERT_TRUE(Add(&earlier, "a.b", "22").ok());
  }
  Buckets buckets(findings(), 2);
  EXPECT_EQ(Read(*Add(&buckets, "a.b", "4444")), "4444");
  EXPECT_EQ(Read(*Add(&buckets, "a.b", "333")), "333");
  EXPECT_EQ(Read(*Add(&buckets, "a.b", "55555")), "333");
  EXPECT_THAT(Inputs("a.b"), ElementsAre("1", "333"));
  EXPECT_THAT(Read(findings() / "a.b" / "report.md"), HasSubstr("report of 333\n"));
}

TEST_F(BucketsTest, TheSameInputIsThereOnce) {
  Buckets buckets(findings());
  ASSERT_TRUE(Add(&buckets, "a.b", "same").ok());
  ASSERT_TRUE(Add(&buckets, "a.b", "same").ok());
  EXPECT_THAT(Inputs("a.b"), ElementsAre("same"));
}

TEST_F(BucketsTest, WhatAUserPutsThereStays) {
  Buckets buckets(findings(), 1);
  Write("findings/a.b/notes.txt", "a long text that no input is as long as");
  ASSERT_TRUE(Add(&buckets, "a.b", "22").ok());
  ASSERT_TRUE(Add(&buckets, "a.b", "1").ok());
  EXPECT_TRUE(fs::exists(findings() / "a.b" / "notes.txt"));
  EXPECT_THAT(Inputs("a.b"), ElementsAre("1"));
}

TEST_F(BucketsTest, AReportCannotEndItsBlock) {
  Buckets buckets(findings());
  ASSERT_TRUE(buckets.Add("a.b", Write("findings/crash-x", "1"), "```\n# not a heading\n").ok());
  EXPECT_EQ(Read(findings() / "a.b" / "report.md"),
            "# a.b\n\nInput: crash-" + Sha1("1") + "\n\n```\n` ` `\n# not a heading\n```\n");
}

TEST_F(BucketsTest, WhereNothingCanBeWrittenItIsAnErrorAndTheInputStays) {
  Write("findings/a.b", "a file where the bucket would be");
  Buckets buckets(findings());
  const absl::StatusOr<fs::path> added = Add(&buckets, "a.b", "1");
  EXPECT_EQ(added.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(added.status().message()), HasSubstr((findings() / "a.b").string() + ": Not a directory"));
  EXPECT_EQ(Read(findings() / "crash-from-engine"), "1");
}

TEST_F(BucketsTest, AFullDiskIsAnError) {
  fs::create_directories(findings() / "a.b");
  fs::create_symlink("/dev/full", findings() / "a.b" / "report.md.new");
  Buckets buckets(findings());
  const absl::StatusOr<fs::path> added = Add(&buckets, "a.b", "1");
  EXPECT_THAT(std::string(added.status().message()), HasSubstr("report.md: No space left on device"));
  EXPECT_THAT(Inputs("a.b"), ElementsAre("1"));
}

TEST_F(BucketsTest, AnInputThatIsNotThereIsAnErrorThatNamesIt) {
  Buckets buckets(findings());
  const absl::StatusOr<fs::path> added = buckets.Add("a.b", directory_ / "gone", "");
  EXPECT_EQ(added.status().message(), (directory_ / "gone").string() + ": No such file or directory");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
