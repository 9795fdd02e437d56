// SPDX-License-Identifier: Apache-2.0
// Work that ends with a whole folder put in the place of another, or with nothing changed.
#ifndef HPFUZZ_CAMPAIGN_REPLACE_FOLDER_H_
#define HPFUZZ_CAMPAIGN_REPLACE_FOLDER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hpfuzz {

// An empty folder beside `folder`, on the same file system and hidden, that goes with its owner and all that is in it.
// One that an ended program left behind is named FOLDER's name between '.' and ".work-" and letters, and may be
// removed.
class SideFolder {
 public:
  // Unavailable: it cannot be made, with the reason.
  static absl::StatusOr<SideFolder> Beside(const std::string& folder);
  ~SideFolder();
  SideFolder(SideFolder&& other) noexcept;
  SideFolder& operator=(SideFolder&&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  explicit SideFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

// Puts `made` where `folder` is, in one step, and what was there where `made` was; or where there is nothing yet. What
// was written to `made` is on the disk before. Unavailable: neither changed.
absl::Status PutInPlace(const std::string& made, const std::string& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_REPLACE_FOLDER_H_
