// SPDX-License-Identifier: Apache-2.0
// Child: output, ends, limits; and that nothing is left behind.
#include "process/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hpfuzz {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<Child> Shell(const std::string& script, const std::vector<int>& inherited = {}) {
  absl::StatusOr<std::unique_ptr<Child>> child = Child::Start({"sh", "-c", script}, {.inherited = inherited});
  EXPECT_TRUE(child.ok()) << child.status();
  return *std::move(child);
}

TEST(Child, KeepsOutputAndExitCode) {
  const auto child = Shell("echo out; echo err >&2; cat; exit 3");
  const std::optional<ChildEnd> end = child->Wait(std::chrono::seconds(20));
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->exit_code, 3);
  EXPECT_EQ(child->Output(), "out\nerr\n");
  EXPECT_EQ(child->Output(4), "err\n");
}

TEST(Child, SaysWhichSignalEndedIt) {
  const auto child = Shell("kill -TERM $$");
  const std::optional<ChildEnd> end = child->Wait(std::chrono::seconds(20));
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->exit_code, -1);
  EXPECT_EQ(end->signal, SIGTERM);
}

TEST(Child, WhatCannotBeStartedIsAnErrorWithTheReason) {
  const absl::StatusOr<std::unique_ptr<Child>> child = Child::Start({"/nowhere/no-such-program"}, {});
  EXPECT_EQ(child.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(child.status().message().find("No such file"), absl::string_view::npos) << child.status();
}

TEST(Child, WaitGivesUpAndTheEndOfTheObjectEndsTheProcess) {
  pid_t pid = 0;
  {
    const auto child = Shell("exec sleep 1000");
    EXPECT_FALSE(child->Wait(milliseconds(20)).has_value());
    pid = child->pid();
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(Child, GetsTheDescriptorsNamedAndNoOthers) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  OwnedFd read_end(ends[0]);
  OwnedFd write_end(ends[1]);
  ASSERT_EQ(fcntl(write_end.get(), F_SETFD, FD_CLOEXEC), 0);
  const std::string to_pipe = "echo hello >&" + std::to_string(write_end.get());
  EXPECT_NE(Shell(to_pipe)->Wait(std::chrono::seconds(20))->exit_code, 0);
  EXPECT_EQ(Shell(to_pipe, {write_end.get()})->Wait(std::chrono::seconds(20))->exit_code, 0);
  char text[16] = {};
  EXPECT_EQ(read(read_end.get(), text, sizeof(text)), 6);
  EXPECT_STREQ(text, "hello\n");
}

TEST(Child, WritesToAFileThatIsMadeAnew) {
  std::string name = (std::filesystem::temp_directory_path() / "hpfuzz-child-XXXXXX").string();
  OwnedFd made(mkstemp(name.data()));
  std::ofstream(name) << "what an earlier run left behind";
  const auto child = *Child::Start({"sh", "-c", "echo out; echo err >&2"}, {.output_file = name});
  ASSERT_TRUE(child->Wait(std::chrono::seconds(20)).has_value());
  std::ifstream file(name);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "out\nerr\n");
  EXPECT_EQ(child->Output(), "out\nerr\n");
  std::filesystem::remove(name);
}

TEST(Child, AFileThatCannotBeMadeIsAnErrorThatNamesIt) {
  const auto child = Child::Start({"true"}, {.output_file = "/nowhere/log"});
  EXPECT_EQ(child.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(child.status().message(), "/nowhere/log: No such file or directory");
}

TEST(Child, EnvironmentIsThisProgramsWithChanges) {
  ASSERT_EQ(setenv("HPFUZZ_CHILD_KEPT", "kept", 1), 0);
  ASSERT_EQ(setenv("HPFUZZ_CHILD_CHANGED", "old", 1), 0);
  const ChildSetting setting{.environment = {{"HPFUZZ_CHILD_CHANGED", "new"}, {"HPFUZZ_CHILD_ADDED", "a=b"}}};
  const auto child = *Child::Start({"sh", "-c", "env | grep ^HPFUZZ_CHILD_ | sort"}, setting);
  ASSERT_TRUE(child->Wait(std::chrono::seconds(20)).has_value());
  EXPECT_EQ(child->Output(), "HPFUZZ_CHILD_ADDED=a=b\nHPFUZZ_CHILD_CHANGED=new\nHPFUZZ_CHILD_KEPT=kept\n");
}

TEST(Child, CanBeInterruptedAlsoWhereThisProgramCannot) {
  signal(SIGINT, SIG_IGN);
  const auto child = Shell("exec sleep 1000");
  signal(SIGINT, SIG_DFL);
  child->Interrupt();
  const std::optional<ChildEnd> end = child->Wait(std::chrono::seconds(20));
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(end->signal, SIGINT);
}

}  // namespace
}  // namespace hpfuzz
