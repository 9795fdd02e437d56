// SPDX-License-Identifier: Apache-2.0
// What the files of a bucket, and those beside all buckets, say. Not covered: what takes a run of the trace
// (furnish.h).
#ifndef HPFUZZ_TRIAGE_BUCKET_FILES_H_
#define HPFUZZ_TRIAGE_BUCKET_FILES_H_

#include <filesystem>
#include <vector>

#include "triage/bucket.h"
#include "triage/bucket_folder.h"

namespace hpfuzz {

// Those that a bucket has from its first moment, but for bucket.json.
BucketFiles FilesOf(const Bucket& bucket);

// Beside the folders: what all of them come to. `folder` is the one that they lie in.
BucketFiles FilesOfAll(const std::vector<Bucket>& buckets, const std::filesystem::path& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_FILES_H_
