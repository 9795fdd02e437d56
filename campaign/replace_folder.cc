// SPDX-License-Identifier: Apache-2.0
// SideFolder, PutInPlace: rename, and the exchange of two names that Linux has.
#include "campaign/replace_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(const std::string& path) {
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
}

// The whole file system that `folder` is on: its files were written by another program.
absl::Status Flush(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Failed(folder);
  const absl::Status status = syncfs(fd) == 0 ? absl::OkStatus() : Failed(folder);
  close(fd);
  return status;
}

}  // namespace

absl::StatusOr<SideFolder> SideFolder::Beside(const std::string& folder) {
  std::error_code error;
  // Of "a/b/" the parent is "a"; of "." it is "..".
  const fs::path whole = fs::weakly_canonical(folder, error);
  if (error) return absl::UnavailableError(absl::StrCat(folder, ": ", error.message()));
  std::string path = (whole.parent_path() / absl::StrCat(".", whole.filename().string(), ".work-XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr) return Failed(path);
  return SideFolder(path);
}

SideFolder::SideFolder(SideFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}

SideFolder::~SideFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

absl::Status PutInPlace(const std::string& made, const std::string& folder) {
  if (const absl::Status status = Flush(made); !status.ok()) return status;
  std::error_code error;
  const unsigned how = fs::exists(folder, error) ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  return renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, folder.c_str(), how) == 0 ? absl::OkStatus() : Failed(folder);
}

}  // namespace hpfuzz
