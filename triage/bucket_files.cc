// SPDX-License-Identifier: Apache-2.0
// Files of buckets.
#include "triage/bucket_files.h"

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "process/forks.h"
#include "triage/bucket_reports.h"
#include "triage/crash_key.h"
#include "triage/examine.h"
#include "triage/regression_test_source.h"
#include "triage/report.h"

namespace hpfuzz {
namespace {

// A file that is made by running the trace.
struct MadeInFork {
  const char* name;
  std::function<std::string()> make;
};

// Those that could be made.
BucketFiles Make(const std::vector<MadeInFork>& files) {
  BucketFiles made;
  RunInForks(
      files.size(), {}, [&](size_t i, Tell tell) { tell(files[i].make()); },
      [&](size_t i, const ForkOutcome& outcome) {
        const bool whole = outcome.why == ForkOutcome::Why::kEnded && outcome.end.exit_code == 0;
        if (whole && !outcome.told.empty()) made.emplace_back(files[i].name, outcome.told);
      },
      [] { return true; })
      .IgnoreError();  // no process can be started: the bucket matters more than its picture
  return made;
}

}  // namespace

BucketFiles FilesOf(const Bucket& bucket, const std::filesystem::path& folder, const Workbench& workbench,
                    const MakeRecipe& recipe) {
  BucketFiles files = {
      {kBucketTrace, absl::StrCat(TraceHead(bucket), bucket.trace)},
      {"regression_test.cc",
       RegressionTestSource({.trace = bucket.trace, .key = bucket.key, .geometry = bucket.geometry, .name = ""})}};
  if (!bucket.bytes.empty()) files.emplace_back(kBucketBytes, std::string(bucket.bytes.begin(), bucket.bytes.end()));
  const std::string trace = (folder / kBucketTrace).string();
  // It would run out of its limits again.
  if (IsLimitKey(bucket.key)) return files;
  std::vector<MadeInFork> by_running = {{"report.html", [&] {
                                           const absl::StatusOr<Report> report =
                                               MakeReport(workbench, bucket.trace, {.file = trace});
                                           return report.ok() ? report->html : "";
                                         }}};
  if (recipe) {
    by_running.push_back({"recipe.md", [&] { return recipe(bucket.trace, trace, IsCrashKey(bucket.key)); }});
  }
  for (auto& file : Make(by_running)) files.push_back(std::move(file));
  return files;
}

BucketFiles FilesOfAll(const std::vector<Bucket>& buckets, const std::filesystem::path& folder) {
  return {{"buckets.sarif", BucketsSarif(buckets, folder.string())},
          {"buckets.xml", BucketsJunit(buckets, folder.string())}};
}

}  // namespace hpfuzz
