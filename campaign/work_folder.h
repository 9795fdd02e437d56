// SPDX-License-Identifier: Apache-2.0
// WorkFolder: the directory of a run, held for it alone. Two runs of one target would write the same logs, and one
// could report the other's. Given back when the object, or this program, ends.
#ifndef HPFUZZ_CAMPAIGN_WORK_FOLDER_H_
#define HPFUZZ_CAMPAIGN_WORK_FOLDER_H_

#include <utility>

#include "absl/status/statusor.h"
#include "campaign/engine.h"
#include "files/owned_fd.h"

namespace hpfuzz {

class WorkFolder {
 public:
  // Makes the directories that a run writes to; old logs go. FailedPrecondition: another run has it. Unavailable: it
  // cannot be written.
  static absl::StatusOr<WorkFolder> Open(const FuzzPlan& plan);

 private:
  explicit WorkFolder(OwnedFd lock) : lock_(std::move(lock)) {}
  OwnedFd lock_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_WORK_FOLDER_H_
