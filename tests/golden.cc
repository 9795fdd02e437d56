// SPDX-License-Identifier: Apache-2.0
// Golden files: reading, comparing, rewriting.
#include "tests/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr std::string_view kCaseMark = "==== ";
constexpr std::string_view kOutputMark = "----";

struct GoldenCase {
  std::string name;
  std::string input;
  std::string expected;
};

// What stands before the first case is the head of the file, kept when it is rewritten.
struct GoldenFile {
  std::string head;
  std::vector<GoldenCase> cases;
};

GoldenFile Load(const std::string& path) {
  GoldenFile file;
  std::ifstream in(path);
  EXPECT_TRUE(in.is_open()) << path;
  std::string* part = &file.head;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kCaseMark)) {
      file.cases.push_back({line.substr(kCaseMark.size()), "", ""});
      part = &file.cases.back().input;
    } else if (line == kOutputMark && !file.cases.empty() && part == &file.cases.back().input) {
      part = &file.cases.back().expected;
    } else {
      *part += line + "\n";
    }
  }
  return file;
}

}  // namespace

void CheckGolden(std::string_view file_name, const std::function<std::string(const std::string& input)>& run) {
  const std::string path = std::string(HPFUZZ_SOURCE_DIR "/tests/golden/").append(file_name);
  GoldenFile file = Load(path);
  EXPECT_FALSE(file.cases.empty()) << path;
  const bool update = std::getenv("HPFUZZ_UPDATE_GOLDEN") != nullptr;
  std::string rewritten = file.head;
  for (const GoldenCase& golden : file.cases) {
    std::string actual = run(golden.input);
    if (!actual.empty() && actual.back() != '\n') actual += '\n';
    if (!update) {
      EXPECT_EQ(actual, golden.expected) << path << ": " << golden.name;
    }
    rewritten.append(kCaseMark).append(golden.name).append("\n").append(golden.input);
    rewritten.append(kOutputMark).append("\n").append(actual);
  }
  if (update) std::ofstream(path) << rewritten;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
