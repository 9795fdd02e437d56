// SPDX-License-Identifier: Apache-2.0
// Buckets on disk: a folder for each, with its files and the smallest of its inputs. A folder appears when its trace
// and what can be told without running that are there; nothing that is there is written over but bucket.json, which
// changes in one step.
#ifndef HPFUZZ_TRIAGE_BUCKET_FOLDER_H_
#define HPFUZZ_TRIAGE_BUCKET_FOLDER_H_

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "process/child.h"
#include "triage/bucket.h"

namespace hpfuzz {

inline constexpr char kBucketTrace[] = "trace";
inline constexpr char kBucketBytes[] = "input";
inline constexpr char kBucketJson[] = "bucket.json";
inline constexpr char kBucketTest[] = "regression_test.cc";
inline constexpr char kBucketRecipe[] = "recipe.md";
inline constexpr char kBucketReport[] = "report.html";
inline constexpr char kBucketInputs[] = "inputs";  // a folder; files are named by their SHA-1

// As many show what inputs of one bucket have in common.
inline constexpr size_t kInputsKept = 16;

// Names and contents. Names have no folders.
using BucketFiles = std::vector<std::pair<std::string, std::string>>;

// What the file of a trace begins with.
std::string TraceHead(const Bucket& bucket);

// Those of a folder, by name, with trace and bytes; what else is there does not matter. InvalidArgument or Unavailable
// names a file that cannot be read or understood, or a bucket that is not in its own folder.
absl::StatusOr<std::vector<Bucket>> ReadBuckets(const std::filesystem::path& folder);

// The folder that buckets lie in, held for one run alone.
class BucketFolder {
 public:
  // Makes it. FailedPrecondition: another run has it. Unavailable: it cannot be written.
  static absl::StatusOr<BucketFolder> Open(const std::filesystem::path& folder);

  absl::StatusOr<std::vector<Bucket>> Read() const { return ReadBuckets(folder_); }
  // A new bucket with its files.
  absl::Status Create(const Bucket& bucket, const BucketFiles& files) const;
  // Files that come later. One that is there already stays as it is.
  absl::Status AddFiles(const Bucket& bucket, const BucketFiles& files) const;
  // Copies an input into its bucket if few are there.
  absl::Status Keep(const Bucket& bucket, const std::string& sha1, absl::string_view content) const;
  // What is known of it has changed.
  absl::Status Update(const Bucket& bucket) const;
  // Beside the buckets.
  absl::Status Write(const std::string& name, absl::string_view content) const;

  std::filesystem::path PathOf(const Bucket& bucket) const { return folder_ / bucket.name(); }

 private:
  BucketFolder(std::filesystem::path folder, OwnedFd lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;
  OwnedFd lock_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_FOLDER_H_
