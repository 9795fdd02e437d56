// SPDX-License-Identifier: Apache-2.0
// Files named on the command line: what to read and reading it.
#ifndef HPFUZZ_CLI_FILES_H_
#define HPFUZZ_CLI_FILES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hpfuzz {

// Larger files are refused before they are read: no input of ours comes near.
inline constexpr size_t kMaxFileBytes = size_t{16} << 20;

struct Inputs {
  std::vector<std::string> files;
  std::vector<std::string> errors;  // directories that cannot be read, or hold nothing to read; with the reason
};

// The arguments themselves, and in place of each directory the files below it in the order of their names, without
// hidden ones, *.md, and what is no file (pipes, devices).
Inputs FilesOf(const std::vector<std::string>& arguments);

// The content of a file, or of standard input for "-". Errors name the file and the reason.
absl::StatusOr<std::string> ReadFile(const std::string& file);
// To a file, or to standard output for "-".
absl::Status WriteFile(const std::string& file, const std::string& content);

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_FILES_H_
