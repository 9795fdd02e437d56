// SPDX-License-Identifier: Apache-2.0
// Buckets: findings by key. Each key has a directory with the smallest inputs that led to it, over all runs, and
// report.md: what the target printed of the smallest one of the latest run. Inputs are named crash-SHA1, so that none
// is there twice.
#ifndef HPFUZZ_CAMPAIGN_BUCKETS_H_
#define HPFUZZ_CAMPAIGN_BUCKETS_H_

#include <filesystem>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

// Enough to see what inputs of one key have in common; a key that is met at every second input fills no disk.
inline constexpr size_t kInputsKept = 16;

class Buckets {
 public:
  explicit Buckets(std::filesystem::path directory, size_t keep = kInputsKept)
      : directory_(std::move(directory)), keep_(keep) {}

  // Moves the input into the bucket and returns the smallest one of this run there. The largest go when there are too
  // many, never that one. Errors name the file and the reason; the input stays where it was unless it was kept.
  absl::StatusOr<std::filesystem::path> Add(const std::string& key, const std::filesystem::path& input,
                                            absl::string_view report);

  std::filesystem::path DirectoryOf(const std::string& key) const;

 private:
  struct Smallest {
    std::filesystem::path file;
    size_t size = 0;
  };

  void RemoveLargest(const std::filesystem::path& bucket, const std::filesystem::path& keep) const;

  std::filesystem::path directory_;
  size_t keep_;
  std::map<std::string, Smallest> smallest_;  // of this run, by key
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BUCKETS_H_
