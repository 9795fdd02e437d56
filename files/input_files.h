// SPDX-License-Identifier: Apache-2.0
// Files of inputs: listing, reading, writing, moving. Errors name the file and the reason.
#ifndef HPFUZZ_FILES_INPUT_FILES_H_
#define HPFUZZ_FILES_INPUT_FILES_H_

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

// Regular files below a directory, in the order of their names; none where there is no such directory, and without
// those that go away meanwhile.
std::vector<std::filesystem::path> InputsBelow(const std::filesystem::path& directory);
size_t CountInputs(const std::filesystem::path& directory);

absl::StatusOr<std::string> ReadBytes(const std::filesystem::path& file);
// To a file beside it first: whoever reads it sees the old content or the new one.
absl::Status WriteBytes(const std::filesystem::path& file, absl::string_view bytes);
absl::Status MakeDirectory(const std::filesystem::path& directory);
// Within one file system or between two; replaces what is there.
absl::Status MoveFile(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_INPUT_FILES_H_
