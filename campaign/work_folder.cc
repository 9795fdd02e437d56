// SPDX-License-Identifier: Apache-2.0
// WorkFolder: directories and a lock.
#include "campaign/work_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "campaign/input_files.h"

namespace hpfuzz {

absl::StatusOr<WorkFolder> WorkFolder::Open(const FuzzPlan& plan) {
  if (absl::Status made = MakeDirectory(plan.work); !made.ok()) return made;
  const std::string file = (plan.work / "lock").string();
  OwnedFd lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (lock.get() < 0) return absl::UnavailableError(absl::StrCat(file, ": ", std::strerror(errno)));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("another run of ", plan.target, " is under way in ", plan.work.string()));
  }
  std::error_code error;
  std::filesystem::remove_all(plan.logs(), error);
  for (const std::filesystem::path& directory : {plan.corpus, plan.findings(), plan.logs()}) {
    if (absl::Status made = MakeDirectory(directory); !made.ok()) return made;
  }
  return WorkFolder(std::move(lock));
}

}  // namespace hpfuzz
