// SPDX-License-Identifier: Apache-2.0
// Files of buckets.
#include "triage/bucket_files.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "triage/bucket_reports.h"
#include "triage/regression_test_source.h"

namespace hpfuzz {

BucketFiles FilesOf(const Bucket& bucket) {
  BucketFiles files = {
      {kBucketTrace, absl::StrCat(TraceHead(bucket), bucket.trace)},
      {kBucketTest,
       RegressionTestSource(
           {.trace = bucket.trace, .key = bucket.key, .geometry = bucket.geometry, .name = "", .pair = bucket.pair})}};
  if (!bucket.bytes.empty()) files.emplace_back(kBucketBytes, std::string(bucket.bytes.begin(), bucket.bytes.end()));
  return files;
}

BucketFiles FilesOfAll(const std::vector<Bucket>& buckets, const std::filesystem::path& folder) {
  return {{"buckets.sarif", BucketsSarif(buckets, folder.string())},
          {"buckets.xml", BucketsJunit(buckets, folder.string())}};
}

}  // namespace hpfuzz
