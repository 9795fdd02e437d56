// SPDX-License-Identifier: Apache-2.0
// Guest: machines that are not there, do not start, die or hang. A script stands for QEMU.
#include "witness/guest.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class GuestTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "hpfuzz-guest-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = std::getenv("PATH");
    setenv("PATH", (directory_ + ":" + path_).c_str(), 1);
  }
  void TearDown() override {
    setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(directory_);
  }
  // `script` runs with the channel as its descriptor 3.
  absl::StatusOr<std::unique_ptr<Guest>> Boot(const std::string& script) {
    std::ofstream(directory_ + "/vmlinuz") << "x";
    std::ofstream(directory_ + "/initramfs.gz") << "x";
    const std::string program = directory_ + "/qemu-system-x86_64";
    std::ofstream(program) << "#!/bin/bash\nfd=$(grep -o 'fd=[0-9]*' <<<\"$*\")\neval \"exec 3<&${fd#fd=}\"\n"
                           << script << "\n";
    chmod(program.c_str(), 0755);
    return Guest::Boot(directory_, {}, Accelerator::kTcg);
  }

  std::string directory_;
  std::string path_;
};

constexpr char kAnswersFirst[] = "read -r line <&3; echo \"machine of $line\" >&3\n";

TEST_F(GuestTest, WithoutFilesSaysWhichIsMissing) {
  const auto guest = Guest::Boot(directory_, {}, Accelerator::kTcg);
  EXPECT_EQ(guest.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(guest.status().message().find("vmlinuz"), absl::string_view::npos) << guest.status();
}

TEST_F(GuestTest, ThatDoesNotBootIsReportedWithItsLastWords) {
  const auto guest = Boot("echo 'Kernel panic - not syncing: no init found'; exit 1");
  EXPECT_EQ(guest.status().code(), absl::StatusCode::kAborted);
  EXPECT_NE(guest.status().message().find("did not boot"), absl::string_view::npos) << guest.status();
  EXPECT_NE(guest.status().message().find("no init found"), absl::string_view::npos) << guest.status();
}

TEST_F(GuestTest, AnswersLineByLine) {
  const auto guest = Boot(std::string(kAnswersFirst) + "while read -r line <&3; do echo \"re: $line\" >&3; done");
  ASSERT_TRUE(guest.ok()) << guest.status();
  EXPECT_EQ((*guest)->machine(), "machine of machine");
  std::vector<std::string> lines;
  for (int i = 0; i < 500; ++i) lines.push_back("line " + std::to_string(i));
  std::vector<std::string> answers;
  const absl::Status status = (*guest)->Ask(lines, &answers);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(answers.size(), lines.size());
  EXPECT_EQ(answers[499], "re: line 499");
}

TEST_F(GuestTest, ThatDiesGivesTheAnswersItGave) {
  const auto guest =
      Boot(std::string(kAnswersFirst) + "read -r a <&3; echo fine >&3; read -r b <&3; echo 'Oops: 0002'");
  ASSERT_TRUE(guest.ok()) << guest.status();
  std::vector<std::string> answers;
  const std::string lines[] = {"one", "two", "three"};
  const absl::Status status = (*guest)->Ask(lines, &answers);
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_NE(status.message().find("Oops: 0002"), absl::string_view::npos) << status;
  EXPECT_EQ(answers, std::vector<std::string>{"fine"});
}

TEST_F(GuestTest, ThatHangsIsGivenUpAndKilled) {
  const auto guest = Boot(std::string(kAnswersFirst) + "exec sleep 1000");
  ASSERT_TRUE(guest.ok()) << guest.status();
  std::vector<std::string> answers;
  const std::string lines[] = {"one"};
  const absl::Status status = (*guest)->Ask(lines, &answers, std::chrono::milliseconds(100));
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ((*guest)->Ask(lines, &answers, std::chrono::milliseconds(100)).code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
