// SPDX-License-Identifier: Apache-2.0
// What the files of a bucket, and those beside all buckets, say.
#ifndef HPFUZZ_TRIAGE_BUCKET_FILES_H_
#define HPFUZZ_TRIAGE_BUCKET_FILES_H_

#include <vector>

#include "registry/workbench.h"
#include "triage/bucket.h"
#include "triage/bucket_folder.h"

namespace hpfuzz {

// All but bucket.json. What takes a run of the trace is made in a copy of this process, and left out where that
// crashes.
BucketFiles FilesOf(const Bucket& bucket, const Workbench& workbench);

// Beside the folders: what all of them come to.
BucketFiles FilesOfAll(const std::vector<Bucket>& buckets);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_FILES_H_
