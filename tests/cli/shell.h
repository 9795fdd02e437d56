// SPDX-License-Identifier: Apache-2.0
// hpfuzz as a user runs it, in a directory of its own.
#ifndef HPFUZZ_TESTS_CLI_SHELL_H_
#define HPFUZZ_TESTS_CLI_SHELL_H_

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "tests/files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Ran {
  int exit_code;  // -1: by a signal
  std::string out;
  std::string err;
};

class ShellTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "hpfuzz-cli-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override {
    std::error_code error;
    std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, error);
    std::filesystem::remove_all(directory_, error);
  }

  std::string Path(const std::string& name) const { return (directory_ / name).string(); }
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    return Path(name);
  }

  // A shell command with `hpfuzz` standing for the program.
  Ran Shell(const std::string& command) const {
    const std::string script =
        "cd '" + directory_.string() + "' && hpfuzz() { '" HPFUZZ_BINARY "' \"$@\"; }\n" + command;
    const std::string line = "bash '" + Write(".script", script) + "' >'" + Path(".out") + "' 2>'" + Path(".err") + "'";
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ContentOf(Path(".out")), ContentOf(Path(".err"))};
  }

  std::filesystem::path directory_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_CLI_SHELL_H_
