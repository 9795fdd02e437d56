// SPDX-License-Identifier: Apache-2.0
// What is read of the outputs of engines and targets, in golden files; and that a log may come in any pieces.
#include "campaign/fuzz_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "campaign/afl_figures.h"
#include "campaign/target_options.h"
#include "process/sanitizer_summary.h"
#include "tests/golden.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string PrintCounts(const Counts& counts) {
  std::string text;
  for (const auto& [name, value] : counts) absl::StrAppend(&text, name, " ", value, "\n");
  return text;
}

std::string Print(const FuzzLog& log) {
  std::string text = absl::StrCat(log.ready() ? "" : "not ", "ready\n", PrintCounts(log.counts()));
  for (const std::string& input : log.written()) absl::StrAppend(&text, "written ", input, "\n");
  return absl::StrCat(text, "key ", log.key(), "\nreport\n", log.report());
}

std::string ReadWhole(const std::string& text) {
  FuzzLog log;
  log.Feed(text);
  log.Finish();
  return Print(log);
}

TEST(FuzzLog, Golden) { CheckGolden("fuzz_log.txt", ReadWhole); }

TEST(FuzzLog, PiecesDoNotMatter) {
  CheckGolden("fuzz_log.txt", [](const std::string& text) {
    FuzzLog log;
    for (size_t at = 0; at < text.size(); at += 7) log.Feed(absl::string_view(text).substr(at, 7));
    log.Finish();
    return Print(log);
  });
}

TEST(FuzzLog, ReportIsCut) {
  FuzzLog log;
  for (int i = 0; i < 100; ++i) log.Feed(std::string(1023, 'x') + "\n");
  log.Feed("Assertion failure: a.b FuzzerHash=a.b\n");
  EXPECT_EQ(log.report().size(), kMaxReportBytes);
  EXPECT_EQ(log.key(), "a.b");
}

TEST(FuzzLog, ALineWithoutEndTakesABoundedPlace) {
  FuzzLog log;
  for (int i = 0; i < 100; ++i) log.Feed(std::string(1 << 16, 'x'));
  log.Feed("\nAssertion failure: a.b FuzzerHash=a.b\n");
  EXPECT_EQ(log.key(), "a.b");
}

TEST(LogFollower, ReadsEachByteOnce) {
  std::string name = (std::filesystem::temp_directory_path() / "hpfuzz-log-XXXXXX").string();
  close(mkstemp(name.data()));
  LogFollower follower(name);
  FuzzLog log;
  std::ofstream(name) << "Test unit written to one\nTest unit writ";
  follower.ReadMore(&log);
  follower.ReadMore(&log);
  EXPECT_EQ(log.written(), std::vector<std::string>{"one"});
  std::ofstream(name, std::ios::app) << "ten to two\n";
  follower.ReadMore(&log);
  EXPECT_EQ(log.written(), (std::vector<std::string>{"one", "two"}));
  std::filesystem::remove(name);
  follower.ReadMore(&log);
  EXPECT_EQ(log.written().size(), 2u);
}

TEST(KeyOfSummary, Golden) {
  CheckGolden("fuzz_keys.txt", [](const std::string& text) {
    std::string keys;
    for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      absl::StrAppend(&keys, KeyOfSummary(line), "\n");
    }
    return keys;
  });
}

TEST(TargetOptions, Golden) {
  CheckGolden("fuzz_options.txt", [](const std::string& text) {
    std::string out;
    for (const char* section : {"libfuzzer", "afl_environment"}) {
      for (const auto& [name, value] : OptionsIn(text, section)) {
        absl::StrAppend(&out, section, ": \"", name, "\" \"", value, "\"\n");
      }
    }
    return out;
  });
}

TEST(AflFigures, TheLargestCountsAndTheNewestStability) {
  Counts counts;
  ReadQueueName("id:000004,src:000000,time:17,execs:1234,op:havoc,rep:2,+cov", &counts);
  ReadQueueName("id:000001,time:0,execs:99,orig:nothing", &counts);
  ReadQueueName("id:000000,time:0,orig:nothing", &counts);
  EXPECT_EQ(PrintCounts(counts), "executions 1234\n");
  ReadPlotData(
      "# relative_time, cycles_done, cur_item, corpus_count, pending_total, pending_favs, map_size, saved_crashes, "
      "saved_hangs, max_depth, execs_per_sec, total_execs, edges_found\n"
      "1, 0, 0, 1, 0, 0, 1.40%, 0, 0, 1, 2000.00, 2000, 140\n"
      "6, 0, 0, 1, 0, 0, 1.40%, 0, 0, 1, 2000.00, 12000, 150\n6, 0, 0, 1, 0",
      &counts);
  EXPECT_EQ(PrintCounts(counts), "edges 150\nexecutions 12000\n");
  ReadFuzzerStats("execs_done        : 12345\nedges_found       : 151\nstability         : 99.84%\nafl_banner : x\n",
                  &counts);
  EXPECT_EQ(PrintCounts(counts), "edges 151\nexecutions 12345\nstability 9984\n");
}

TEST(AflFigures, TheMomentOfACrash) {
  const auto moment = ReadCrashName("id:000000,sig:05,src:000003,time:1234,execs:5678,op:havoc,rep:2");
  ASSERT_TRUE(moment.has_value());
  EXPECT_EQ(moment->seconds, 1.234);
  EXPECT_EQ(moment->executions, 5678u);
  for (const char* name :
       {"README.txt", "id:000000,sig:05,time:12", "id:000000,time:x,execs:1", "id:0,time:1,execs:"}) {
    EXPECT_FALSE(ReadCrashName(name).has_value()) << name;
  }
}

TEST(Counts, SumsButTheHighestEdgesAndTheLowestStability) {
  Counts sum;
  AddCounts({{"executions", 5}, {"edges", 7}, {"stability", 9000}}, &sum);
  AddCounts({{"executions", 6}, {"edges", 3}, {"stability", 9900}}, &sum);
  AddCounts({{"executions", 1}, {"edges", 8}, {"stability", 10000}, {"new", 2}}, &sum);
  EXPECT_EQ(PrintCounts(sum), "edges 8\nexecutions 12\nnew 2\nstability 9000\n");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
