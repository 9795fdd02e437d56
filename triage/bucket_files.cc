// SPDX-License-Identifier: Apache-2.0
// Files of buckets.
#include "triage/bucket_files.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

std::string TraceFile(const Bucket& bucket) { return absl::StrCat("# ", bucket.key, "\n", bucket.trace); }

}  // namespace

BucketFiles FilesOf(const Bucket& bucket, const Workbench&) {
  BucketFiles files = {{kBucketTrace, TraceFile(bucket)}};
  if (!bucket.bytes.empty()) files.emplace_back(kBucketBytes, std::string(bucket.bytes.begin(), bucket.bytes.end()));
  return files;
}

BucketFiles FilesOfAll(const std::vector<Bucket>&) { return {}; }

}  // namespace hpfuzz
