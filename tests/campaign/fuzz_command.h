// SPDX-License-Identifier: Apache-2.0
// hpfuzz fuzz over stand-ins for a fuzz target and for afl-fuzz, in a source tree of its own.
#ifndef HPFUZZ_TESTS_CAMPAIGN_FUZZ_COMMAND_H_
#define HPFUZZ_TESTS_CAMPAIGN_FUZZ_COMMAND_H_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "files/input_files.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class FuzzCommand : public ShellTest {
 protected:
  void SetUp() override {
    ShellTest::SetUp();
    std::filesystem::create_directories(directory_ / "build/some/bin");
    std::filesystem::create_directories(directory_ / "fuzzers");
    std::filesystem::create_directories(directory_ / "corpus/target");
    std::filesystem::copy(HPFUZZ_SOURCE_DIR "/tests/campaign/stand_in.sh", directory_ / "build/some/bin/target");
  }
  // `before` are commands, `options` further options.
  Ran Fuzz(const std::string& stand_in, const std::string& options = "", const std::string& before = "") const {
    return Shell(before + "\nSTAND_IN='" + stand_in +
                 "' hpfuzz fuzz --bin build/some/bin --target target --seed 5 --json run.json " + options);
  }
  nlohmann::json Json() const { return nlohmann::json::parse(ContentOf(Path("run.json"))); }
  // "KEY TIMES" of each finding.
  std::vector<std::string> Found() const {
    std::vector<std::string> found;
    const nlohmann::json run = Json();
    for (const nlohmann::json& finding : run["findings"]) {
      found.push_back(finding["key"].get<std::string>() + " " + std::to_string(finding["times"].get<int>()));
    }
    return found;
  }
  std::string Bucket(const std::string& key) const { return Path("build/fuzz/target/findings/" + key); }
  std::vector<std::filesystem::path> Below(const std::string& name) const { return InputsBelow(directory_ / name); }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_CAMPAIGN_FUZZ_COMMAND_H_
