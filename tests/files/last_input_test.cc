// SPDX-License-Identifier: Apache-2.0
// LastInput: what is left of a program that ended in the middle of its work.
#include "files/last_input.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/directory.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

class LastInputTest : public DirectoryTest {};

TEST_F(LastInputTest, SurvivesItsProgram) {
  const std::filesystem::path file = directory_ / "last";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    absl::StatusOr<LastInput> last = LastInput::Make(file, 100);
    if (!last.ok()) _exit(1);
    for (const char* input : {"one", "another one", "two"}) last->Take(Bytes(input));
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const absl::StatusOr<InputTaken> taken = ReadLastInput(file);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->count, 3u);
  EXPECT_EQ(taken->bytes, "two");
}

TEST_F(LastInputTest, CutsWhatIsTooLongAndStaysWhenFrozen) {
  const std::filesystem::path file = directory_ / "last";
  absl::StatusOr<LastInput> last = LastInput::Make(file, 4);
  ASSERT_TRUE(last.ok());
  last->Take(Bytes(""));
  EXPECT_EQ(ReadLastInput(file)->bytes, "");
  last->Take(Bytes("abcdef"));
  last->Freeze();
  last->Take(Bytes("xyz"));
  EXPECT_EQ(ReadLastInput(file)->bytes, "abcd");
  EXPECT_EQ(ReadLastInput(file)->count, 2u);
  EXPECT_EQ(last->count(), 2u);
}

TEST_F(LastInputTest, SaysWhatIsWrong) {
  EXPECT_THAT(ReadLastInput(Write("short", "x")).status().message(), HasSubstr("short: 1 bytes, expected a head"));
  // A size that is larger than the file.
  EXPECT_EQ(ReadLastInput(Write("long", std::string(8, '\0') + std::string(8, '\x7f'))).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadLastInput(directory_ / "none").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(LastInput::Make(directory_ / "no" / "such", 1).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
