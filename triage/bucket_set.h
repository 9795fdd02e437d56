// SPDX-License-Identifier: Apache-2.0
// The buckets of a folder while inputs come in: which there are, which has which input, what is to be written.
#ifndef HPFUZZ_TRIAGE_BUCKET_SET_H_
#define HPFUZZ_TRIAGE_BUCKET_SET_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "triage/bucket.h"
#include "triage/bucket_folder.h"
#include "triage/furnish.h"

namespace hpfuzz {

class BucketSet {
 public:
  // With those that are in the folder, which are all of `pair` (Bucket::pair): keys name sides of it. Errors:
  // BucketFolder::Read; FailedPrecondition names one that is of another.
  static absl::StatusOr<BucketSet> Read(BucketFolder folder, const std::string& pair);

  // Whether a bucket has this input; then it has these names of it, too.
  bool AddNames(const std::string& sha1, const std::set<std::string>& names);
  // The first with this key, by name; null when there is none.
  const std::string* NameOf(const std::string& key) const;
  bool Has(const std::string& name) const { return buckets_.count(name) != 0; }

  absl::Status Create(const Bucket& bucket, const BucketFiles& files);
  // Those that are still to be furnished, by name. They stay where they are as long as the set does.
  std::vector<const Bucket*> Bare() const;
  absl::Status Furnish(const std::string& name, const Furnishing& furnishing);
  // To the bucket of that name, which is there.
  absl::Status Add(const std::string& name, BucketInput input, absl::string_view content);
  // Writes what has changed since. Later ones are written though an earlier one cannot be; the first error.
  absl::Status Write();
  // A file beside the buckets.
  absl::Status WriteBeside(const std::string& name, absl::string_view content) const;

  std::vector<Bucket> buckets() const;  // by name
  size_t size() const { return buckets_.size(); }

 private:
  explicit BucketSet(BucketFolder folder) : folder_(std::move(folder)) {}

  BucketFolder folder_;
  std::map<std::string, Bucket> buckets_;         // by name
  std::map<std::string, std::string> bucket_of_;  // its name, by SHA-1 of an input
  std::set<std::string> changed_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_SET_H_
