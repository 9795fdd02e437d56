// SPDX-License-Identifier: Apache-2.0
// Merging corpora: what is kept under which names, and that nothing is lost when anything goes wrong. The engine is a
// script (fake_target.sh); with libFuzzer itself: scripts/corpus_test.sh.
#include "campaign/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "tests/files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Files = std::map<std::string, std::string>;  // name -> content

class CorpusTest : public testing::Test {
 protected:
  CorpusTest() {
    // With what a shell would take for its own.
    root_ = testing::TempDir() + "corpus \"$(x)' " + std::to_string(getpid());
    fs::remove_all(root_);
    fs::create_directory(root_);
    fs::copy(HPFUZZ_SOURCE_DIR "/tests/campaign/fake_target.sh", root_ + "/target");
  }
  ~CorpusTest() override { fs::remove_all(root_); }

  std::string Path(const std::string& name) const { return root_ + "/" + name; }
  void How(const std::string& how) const { std::ofstream(Path("how")) << how; }

  std::vector<CorpusFile> Make(const std::string& folder, const Files& files) const {
    fs::create_directory(Path(folder));
    std::vector<CorpusFile> made;
    for (const auto& [name, content] : files) {
      std::ofstream(Path(folder + "/" + name)) << content;
      made.push_back({Path(folder + "/" + name), content});
    }
    return made;
  }

  Files In(const std::string& folder) const {
    Files files;
    for (const auto& entry : fs::directory_iterator(Path(folder)))
      files[entry.path().filename()] = ContentOf(entry.path());
    return files;
  }

  absl::StatusOr<MergeResult> Merge(const std::string& into, const std::vector<CorpusFile>& files) const {
    return MergeCorpus({.program = Path("target"), .into = Path(into), .files = files});
  }

  // Beside target, how and these folders nothing is left.
  std::vector<std::string> Leftovers(const std::vector<std::string>& folders) const {
    std::vector<std::string> left;
    for (const auto& entry : fs::directory_iterator(root_)) {
      const std::string name = entry.path().filename();
      if (name != "target" && name != "how" && std::find(folders.begin(), folders.end(), name) == folders.end()) {
        left.push_back(name);
      }
    }
    return left;
  }

  std::string root_;
};

std::vector<CorpusFile> Both(std::vector<CorpusFile> one, const std::vector<CorpusFile>& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

TEST_F(CorpusTest, ASmallerEqualInputReplacesALargerOne) {
  const auto old = Make("old", {{"large", "aaabbb"}, {"only", "zzz"}});
  const auto from = Make("from", {{"small", "ab"}, {"new", "cccc"}});
  const auto result = Merge("old", Both(old, from));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(In("old"), ElementsAre(Pair("new", "cccc"), Pair("only", "zzz"), Pair("small", "ab")));
  EXPECT_EQ(result->before.files, 4);
  EXPECT_EQ(result->before.bytes, 15);
  EXPECT_EQ(result->after.files, 3);
  EXPECT_EQ(result->after.bytes, 9);
  EXPECT_EQ(result->features, 4);
  EXPECT_EQ(result->edges, 4);
  EXPECT_THAT(result->stopped, IsEmpty());
  EXPECT_THAT(In("from"), ElementsAre(Pair("new", "cccc"), Pair("small", "ab")));
  EXPECT_THAT(Leftovers({"old", "from"}), IsEmpty());
}

TEST_F(CorpusTest, WhatOthersAddMeanwhileStays) {
  How("grows");
  const auto old = Make("into", {{"a", "a"}, {"again", "aa"}});
  ASSERT_TRUE(Merge("into", old).ok());
  EXPECT_THAT(In("into"), ElementsAre(Pair("a", "a"), Pair("newcomer", "z")));
  EXPECT_THAT(Leftovers({"into"}), IsEmpty());
}

TEST_F(CorpusTest, IntoAFolderThatIsNotThere) {
  const auto from = Make("from", {{"a", "a"}});
  ASSERT_TRUE(Merge("new", from).ok());
  EXPECT_THAT(In("new"), ElementsAre(Pair("a", "a")));
}

TEST_F(CorpusTest, TheSameFolderTwice) {
  const auto old = Make("old", {{"a", "a"}, {"b", "b"}});
  const auto result = Merge("old", Both(old, old));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->before.files, 2);
  EXPECT_THAT(In("old"), ElementsAre(Pair("a", "a"), Pair("b", "b")));
}

TEST_F(CorpusTest, OfEqualFilesTheFirstGivesItsNameAndNamesNeverClash) {
  const auto old = Make("old", {{"x", "a"}});
  const auto from = Make("from", {{"x", "bb"}, {"y", "a"}});
  ASSERT_TRUE(Merge("old", Both(old, from)).ok());
  EXPECT_EQ(In("old").size(), 2);
  EXPECT_THAT(In("old"), testing::Contains(Pair("x-2", testing::AnyOf("a", "bb"))));
  EXPECT_THAT(In("old"), testing::Not(testing::Contains(testing::Key("y"))));
}

TEST_F(CorpusTest, WhatIsNoInputStays) {
  Make("old", {{"README.md", "about"}, {".keep", ""}});
  const auto from = Make("from", {{"README.md-input", "ab"}});
  ASSERT_TRUE(Merge("old", from).ok());
  EXPECT_THAT(In("old"), ElementsAre(Pair(".keep", ""), Pair("README.md", "about"), Pair("README.md-input", "ab")));
}

TEST_F(CorpusTest, AnInputThatStopsTheTargetIsNamedAndKept) {
  const auto old = Make("old", {{"a", "a"}, {"crash", "xyz!"}});
  const auto from = Make("from", {{"other", "w!"}});
  const auto result = Merge("old", Both(old, from));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(In("old"), ElementsAre(Pair("a", "a")));
  EXPECT_THAT(result->stopped, ElementsAre(Path("from/other"), Path("old/crash")));
  EXPECT_EQ(fs::path(result->kept_in).filename(), "old.stopped");
  EXPECT_THAT(In("old.stopped"), ElementsAre(Pair("crash", "xyz!")));
  // Again, with another of that name and the same once more.
  ASSERT_TRUE(Merge("old", Both(Make("old", {{"crash", "b!"}}), Make("old", {{"a", "a"}}))).ok());
  ASSERT_TRUE(Merge("old", Both(Make("old", {{"crash", "b!"}}), Make("old", {{"a", "a"}}))).ok());
  EXPECT_THAT(In("old.stopped"), ElementsAre(Pair("crash", "xyz!"), Pair("crash-2", "b!")));
}

TEST_F(CorpusTest, NothingToMerge) {
  Make("old", {});
  EXPECT_EQ(Merge("old", {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(In("old"), IsEmpty());
}

// Each goes wrong at another place; the corpus is as it was, and nothing lies beside it.
TEST_F(CorpusTest, NothingChangesWhenItGoesWrong) {
  const Files before = {{"a", "aaa"}, {"b", "bbbb"}};
  const auto old = Make("old", before);
  struct Row {
    const char* how;
    const char* says;
  };
  for (const Row& row : {Row{"dies", "fake target, how: dies"}, Row{"short", "was not written to its end"},
                         Row{"missing", "did not write all that it chose"}, Row{"cut", "ends within a line"}}) {
    How(row.how);
    const auto result = Merge("old", old);
    EXPECT_FALSE(result.ok()) << row.how;
    EXPECT_TRUE(absl::StrContains(result.status().message(), row.says)) << result.status();
    EXPECT_EQ(In("old"), before) << row.how;
    EXPECT_THAT(Leftovers({"old"}), IsEmpty()) << row.how;
  }
}

TEST_F(CorpusTest, NothingChangesWhereItCannotBeWritten) {
  const auto from = Make("from", {{"a", "a"}});
  EXPECT_EQ(Merge("no/such/parent", from).status().code(), absl::StatusCode::kUnavailable);
  std::ofstream(Path("file")) << "text";
  EXPECT_EQ(Merge("file", from).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ContentOf(Path("file")), "text");
  fs::remove(Path("target"));
  EXPECT_EQ(Merge("new", from).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Leftovers({"from", "file"}), IsEmpty());
}

TEST_F(CorpusTest, NothingChangesWhenThisProgramIsKilled) {
  const Files before = {{"a", "aaa"}, {"b", "a"}};
  const auto old = Make("old", before);
  How("kills");
  EXPECT_EXIT(Merge("old", old).IgnoreError(), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EQ(In("old"), before);
  // What it left is hidden and in nobody's way.
  How("");
  ASSERT_TRUE(Merge("old", old).ok());
  EXPECT_THAT(In("old"), ElementsAre(Pair("b", "a")));
}

}  // namespace
}  // namespace hpfuzz
