// SPDX-License-Identifier: Apache-2.0
// What a new bucket gets when all inputs are looked at: replays of its trace, a recipe, a picture. Each runs the trace,
// so that all of it is made in a copy of this process, which tells what it has as it goes.
#ifndef HPFUZZ_TRIAGE_FURNISH_H_
#define HPFUZZ_TRIAGE_FURNISH_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "process/forks.h"
#include "registry/workbench.h"
#include "triage/bucket.h"
#include "triage/bucket_folder.h"

namespace hpfuzz {

// How a real kernel is asked a trace, as Markdown. `crashes`: no model may be asked what it would answer.
using MakeRecipe = std::function<std::string(absl::string_view trace, absl::string_view file, bool crashes)>;

// Whether it is still to be furnished. A bucket of inputs that ran out of their limits never is: its trace would, too.
bool IsBare(const Bucket& bucket);

// In the copy. `folder` is what the recipe calls that of the bucket; `replay` as MinimizeOptions::replay.
void Furnish(const Bucket& bucket, const std::filesystem::path& folder, const Workbench& workbench,
             const std::vector<std::string>& replay, const MakeRecipe& recipe, Tell tell);

// As far as it came: what was told before a crash or the end of a limit counts.
struct Furnishing {
  Replays replays;     // all = 0: not even these
  std::string report;  // what a replay that showed the key printed
  BucketFiles files;
};
Furnishing ReadFurnishing(const Bucket& bucket, absl::string_view told);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_FURNISH_H_
