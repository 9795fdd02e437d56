// SPDX-License-Identifier: Apache-2.0
// What the files of a bucket, and those beside all buckets, say.
#ifndef HPFUZZ_TRIAGE_BUCKET_FILES_H_
#define HPFUZZ_TRIAGE_BUCKET_FILES_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "registry/workbench.h"
#include "triage/bucket.h"
#include "triage/bucket_folder.h"

namespace hpfuzz {

// How a real kernel is asked a trace, as Markdown. `crashes`: no model may be asked what it would answer.
using MakeRecipe = std::function<std::string(absl::string_view trace, absl::string_view file, bool crashes)>;

// All but bucket.json. `folder` is what the recipe calls that of the bucket. What takes a run of the trace is made in
// copies of this process, and left out where that crashes.
BucketFiles FilesOf(const Bucket& bucket, const std::filesystem::path& folder, const Workbench& workbench,
                    const MakeRecipe& recipe);

// Beside the folders: what all of them come to. `folder` is the one that they lie in.
BucketFiles FilesOfAll(const std::vector<Bucket>& buckets, const std::filesystem::path& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_FILES_H_
