// SPDX-License-Identifier: Apache-2.0
// WorkFolder: directories and a lock.
#include "campaign/work_folder.h"

#include <filesystem>
#include <system_error>

#include "files/folder_lock.h"
#include "files/input_files.h"

namespace hpfuzz {

absl::StatusOr<WorkFolder> WorkFolder::Open(const FuzzPlan& plan) {
  if (absl::Status made = MakeDirectory(plan.work); !made.ok()) return made;
  absl::StatusOr<OwnedFd> lock = LockFolder(plan.work);
  if (!lock.ok()) return lock.status();
  std::error_code error;
  std::filesystem::remove_all(plan.logs(), error);
  for (const std::filesystem::path& directory : {plan.corpus, plan.findings(), plan.logs()}) {
    if (absl::Status made = MakeDirectory(directory); !made.ok()) return made;
  }
  return WorkFolder(*std::move(lock));
}

}  // namespace hpfuzz
