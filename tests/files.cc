// SPDX-License-Identifier: Apache-2.0
// Finding and reading the kept traces.
#include "tests/files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::vector<std::string> FilesBelow(std::string_view folder, std::string_view extension) {
  const std::filesystem::path root = std::filesystem::path(HPFUZZ_SOURCE_DIR) / folder;
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(root)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string name = entry.path().string();
    if (entry.is_regular_file() && std::string_view(name).ends_with(extension)) files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
