// SPDX-License-Identifier: Apache-2.0
// Buckets while inputs come in.
#include "triage/bucket_set.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace hpfuzz {

absl::StatusOr<BucketSet> BucketSet::Read(BucketFolder folder, const std::string& pair) {
  absl::StatusOr<std::vector<Bucket>> buckets = folder.Read();
  if (!buckets.ok()) return buckets.status();
  BucketSet set(std::move(folder));
  for (Bucket& bucket : *buckets) {
    std::string name = bucket.name();
    if (bucket.pair != pair) {
      return absl::FailedPreconditionError(absl::StrCat(name, ": is of ",
                                                        bucket.pair.empty() ? "the default pairs" : bucket.pair,
                                                        "; a folder has the buckets of one pair, name another one"));
    }
    for (const BucketInput& input : bucket.inputs) set.bucket_of_[input.sha1] = name;
    set.buckets_.emplace(std::move(name), std::move(bucket));
  }
  return set;
}

bool BucketSet::AddNames(const std::string& sha1, const std::set<std::string>& names) {
  const auto known = bucket_of_.find(sha1);
  if (known == bucket_of_.end()) return false;
  std::vector<BucketInput>& inputs = buckets_.at(known->second).inputs;
  const auto input =
      std::find_if(inputs.begin(), inputs.end(), [&](const BucketInput& one) { return one.sha1 == sha1; });
  const size_t before = input->names.size();
  input->names.insert(names.begin(), names.end());
  if (input->names.size() != before) changed_.insert(known->second);
  return true;
}

const std::string* BucketSet::NameOf(const std::string& key) const {
  for (const auto& [name, bucket] : buckets_) {
    if (bucket.key == key) return &name;
  }
  return nullptr;
}

absl::Status BucketSet::Create(const Bucket& bucket, const BucketFiles& files) {
  if (absl::Status created = folder_.Create(bucket, files); !created.ok()) return created;
  buckets_.emplace(bucket.name(), bucket);
  return absl::OkStatus();
}

std::vector<const Bucket*> BucketSet::Bare() const {
  std::vector<const Bucket*> bare;
  for (const auto& [name, bucket] : buckets_) {
    if (IsBare(bucket)) bare.push_back(&bucket);
  }
  return bare;
}

absl::Status BucketSet::Furnish(const std::string& name, const Furnishing& furnishing) {
  Bucket& bucket = buckets_.at(name);
  bucket.replays = furnishing.replays;
  // Of a crash the sanitizer's words are there already.
  if (bucket.report.empty()) bucket.report = furnishing.report;
  changed_.insert(name);
  return folder_.AddFiles(bucket, furnishing.files);
}

absl::Status BucketSet::Add(const std::string& name, BucketInput input, absl::string_view content) {
  Bucket& bucket = buckets_.at(name);
  changed_.insert(name);
  bucket_of_[input.sha1] = name;
  bucket.inputs.push_back(std::move(input));
  return folder_.Keep(bucket, bucket.inputs.back().sha1, content);
}

absl::Status BucketSet::Write() {
  absl::Status status;
  for (const std::string& name : changed_) status.Update(folder_.Update(buckets_.at(name)));
  changed_.clear();
  return status;
}

absl::Status BucketSet::WriteBeside(const std::string& name, absl::string_view content) const {
  return folder_.Write(name, content);
}

std::vector<Bucket> BucketSet::buckets() const {
  std::vector<Bucket> buckets;
  for (const auto& [name, bucket] : buckets_) buckets.push_back(bucket);
  return buckets;
}

}  // namespace hpfuzz
