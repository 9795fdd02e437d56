// SPDX-License-Identifier: Apache-2.0
// The source of a regression test: whatever a stranger's trace, key and name hold, the file holds the trace byte by
// byte and nothing of it outside its literals. That such a file compiles, fails on a broken build and passes on a sound
// one is what scripts/emitted_test.sh shows.
#include "triage/regression_test_source.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/golden.h"

namespace hpfuzz {
namespace {

// The trace that a compiler reads out of the file; "?" if it does not find literals and nothing else where they stand.
std::string TraceIn(const std::string& source) {
  std::string trace;
  bool inside = false;
  for (absl::string_view line : absl::StrSplit(source, '\n')) {
    if (line == "};") return trace;
    if (absl::StrContains(line, "kTrace[] = {")) {
      inside = true;
      continue;
    }
    if (!inside) continue;
    if (!absl::ConsumePrefix(&line, "    \"") || !absl::ConsumeSuffix(&line, "\"sv,")) return "?";
    for (size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"') return "?";
      if (line[i] != '\\') {
        trace += line[i];
      } else if (++i == line.size()) {
        return "?";
      } else if (line[i] == 'n') {
        trace += '\n';
      } else if (line[i] == '"' || line[i] == '\\' || line[i] == '?') {
        trace += line[i];
      } else if (i + 2 < line.size()) {
        trace += static_cast<char>((line[i] - '0') * 64 + (line[i + 1] - '0') * 8 + line[i + 2] - '0');
        i += 2;
      } else {
        return "?";
      }
    }
  }
  return "?";
}

// What stands outside of trace, key and name, on which they may have no influence.
std::string Frame(const std::string& source) {
  std::string frame;
  bool inside = false;
  for (const absl::string_view line : absl::StrSplit(source, '\n')) {
    inside = inside && line != "};";
    const bool names = absl::StartsWith(line, "// ") || absl::StartsWith(line, "TEST(Regression, ") ||
                       absl::StrContains(line, "found as ") || absl::StrContains(line, "ReplayTrace(");
    if (!inside && !names) absl::StrAppend(&frame, line, "\n");
    inside = inside || absl::StrContains(line, "kTrace[] = {");
  }
  return frame;
}

RegressionTest OfTrace(std::string trace) { return {std::move(trace), "__add_pages.pair-answer", "x86-64", "", ""}; }

TEST(RegressionTestSource, Golden) {
  CheckGolden("regression_test.txt", [](const std::string& input) {
    const std::vector<std::string> parts = absl::StrSplit(input, absl::MaxSplits('\n', 3));
    const RegressionTest test = {parts[3], parts[0], parts[1], parts[2], ""};
    return absl::StrCat(RegressionTestPath(test), "\n", RegressionTestSource(test));
  });
}

TEST(RegressionTestSource, AChosenPairIsChosenAgain) {
  const RegressionTest plain = OfTrace("a");
  RegressionTest test = plain;
  test.pair = "legacy,\"); abort();//";  // bucket.json may come from a stranger
  EXPECT_NE(RegressionTestPath(test), RegressionTestPath(plain));
  const std::string source = RegressionTestSource(test);
  EXPECT_TRUE(absl::StrContains(source, "\n  setenv(kPairVariable, \"legacy,\\\"); abort();//\", 1);\n"));
  EXPECT_TRUE(absl::StrContains(source, "\n  unsetenv(kPairVariable);\n"));
  EXPECT_FALSE(absl::StrContains(RegressionTestSource(plain), "kPairVariable"));
}

TEST(RegressionTestSource, TheTraceIsKeptByteByByte) {
  std::mt19937_64 random(1);
  std::vector<std::string> traces = {"",   "\n", "a",     "?\?/\n?\?=", "???",
                                     "\\", "\"", ")\"\n", "\r\n",       std::string(3, '\0')};
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    all += static_cast<char>(byte);
    all += "7?";  // what may run into the character before
  }
  traces.push_back(all);
  traces.push_back(std::string(200'000, 'x'));
  traces.push_back(std::string(70'000, '?'));
  for (int i = 0; i < 200; ++i) {
    std::string trace;
    for (uint64_t left = random() % 500; left != 0; --left) trace += R"(?\"/n x%)"[random() % 8];
    traces.push_back(trace);
  }
  const std::string frame = Frame(RegressionTestSource(OfTrace("pfn_valid 1\n")));
  for (const std::string& trace : traces) {
    const std::string source = RegressionTestSource(OfTrace(trace));
    EXPECT_EQ(TraceIn(source), trace);
    EXPECT_EQ(Frame(source), frame);
    for (const absl::string_view line : absl::StrSplit(source, '\n')) EXPECT_LT(line.size(), 512U);
  }
}

TEST(RegressionTestSource, NothingBreaksOutOfKeysAndNames) {
  const std::string frame = Frame(RegressionTestSource(OfTrace("pfn_valid 1\n")));
  for (const std::string& hostile :
       {std::string("x\"); } TEST(A, B) { f(\""), std::string("\n#include \"/etc/passwd\"\n"),
        std::string("*/ ?\?/\n int x;"), std::string("\\\n"), std::string("$TRACE$ $KEY$"),
        std::string("\xe2\x80\xae\xff\0 ", 6), std::string(100'000, 'a')}) {
    RegressionTest test = OfTrace("pfn_valid 1\n");
    test.key = hostile;
    test.name = hostile;
    const std::string source = RegressionTestSource(test);
    EXPECT_EQ(Frame(source), frame) << hostile;
    EXPECT_EQ(TraceIn(source), "pfn_valid 1\n") << hostile;
    EXPECT_EQ(source.find("??"), std::string::npos) << hostile;
    for (const absl::string_view line : absl::StrSplit(source, '\n')) {
      EXPECT_LT(line.size(), 512U) << hostile;
      EXPECT_FALSE(absl::EndsWith(line, "\\")) << hostile;
      for (const char c : line) EXPECT_TRUE(absl::ascii_isprint(static_cast<unsigned char>(c))) << hostile;
    }
    const std::string path = RegressionTestPath(test);
    EXPECT_EQ(path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_/."), std::string::npos) << path;
    EXPECT_EQ(path.find(".."), std::string::npos) << path;
    EXPECT_LT(path.size(), 150U) << path;
  }
}

TEST(RegressionTestSource, NamesHoldLettersAndDigitsAndTellTestsApart) {
  const auto name = [](const RegressionTest& test) {
    const std::string source = RegressionTestSource(test);
    const size_t at = source.find("TEST(Regression, ") + 17;
    return source.substr(at, source.find(')', at) - at);
  };
  RegressionTest other = OfTrace("a");
  const std::string first = name(other);
  EXPECT_EQ(first.substr(0, first.size() - 9), "AddPagesPairAnswer");
  EXPECT_NE(name(OfTrace("b")), first);
  other.key = "__add_pages_pair-answer";
  EXPECT_NE(name(other), first);
  other.name = "my name, 2";
  EXPECT_EQ(name(other).substr(0, 7), "MyName2");
  for (const char c : name(other)) EXPECT_TRUE(absl::ascii_isalnum(static_cast<unsigned char>(c)));
}

// A file in another geometry's folder would not compile.
TEST(RegressionTestSource, TheGeometryIsPartOfTheFile) {
  RegressionTest test = OfTrace("geometry tiny\n");
  test.geometry = "tiny";
  EXPECT_NE(RegressionTestSource(test).find("static_assert(kGeometryName == \"tiny\"sv"), std::string::npos);
  EXPECT_EQ(RegressionTestPath(test).substr(0, 22), "tests/tiny/regression/");
  EXPECT_EQ(RegressionTestPath(OfTrace("")).substr(0, 17), "tests/regression/");
}

}  // namespace
}  // namespace hpfuzz
