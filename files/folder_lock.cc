// SPDX-License-Identifier: Apache-2.0
// Locks on folders, by flock.
#include "files/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz {

absl::StatusOr<OwnedFd> LockFolder(const std::filesystem::path& folder) {
  const std::string file = (folder / "lock").string();
  OwnedFd lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.get() < 0) return absl::UnavailableError(absl::StrCat(file, ": ", std::strerror(errno)));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(absl::StrCat("another run is under way in ", folder.string()));
  }
  return lock;
}

}  // namespace hpfuzz
