// SPDX-License-Identifier: Apache-2.0
// A test with a directory of its own.
#ifndef HPFUZZ_TESTS_DIRECTORY_H_
#define HPFUZZ_TESTS_DIRECTORY_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <system_error>

#include "files/input_files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class DirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "hpfuzz-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override {
    std::error_code error;
    std::filesystem::remove_all(directory_, error);
  }

  std::filesystem::path Write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((directory_ / name).parent_path());
    std::ofstream(directory_ / name, std::ios::binary) << content;
    return directory_ / name;
  }
  std::string Read(const std::filesystem::path& file) const {
    const absl::StatusOr<std::string> bytes = ReadBytes(directory_ / file);
    return bytes.ok() ? *bytes : bytes.status().ToString();
  }
  // Files below a directory, by their contents.
  std::multiset<std::string> Contents(const std::string& name) const {
    std::multiset<std::string> contents;
    for (const std::filesystem::path& file : InputsBelow(directory_ / name)) contents.insert(Read(file));
    return contents;
  }

  std::filesystem::path directory_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_DIRECTORY_H_
