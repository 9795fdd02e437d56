// SPDX-License-Identifier: Apache-2.0
// A folder held for one program alone, until the descriptor is closed or the program ends.
#ifndef HPFUZZ_FILES_FOLDER_LOCK_H_
#define HPFUZZ_FILES_FOLDER_LOCK_H_

#include <filesystem>

#include "absl/status/statusor.h"
#include "files/owned_fd.h"

namespace hpfuzz {

// By a file `lock` in it. FailedPrecondition: another one has it. Unavailable: the file cannot be made.
absl::StatusOr<OwnedFd> LockFolder(const std::filesystem::path& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_FOLDER_LOCK_H_
