// SPDX-License-Identifier: Apache-2.0
// Buckets as results of SARIF and as cases of JUnit.
#include "triage/bucket_reports.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "triage/bucket_folder.h"
#include "triage/crash_key.h"
#include "triage/junit.h"
#include "triage/rules.h"
#include "triage/source_places.h"

namespace hpfuzz {
namespace {

// Of an explanation and of a trace each: services cut long texts, and the folder has them whole.
constexpr size_t kMostText = size_t{16} << 10;

std::string Shortened(const std::string& text) {
  if (text.size() <= kMostText) return text;
  return absl::StrCat(text.substr(0, kMostText), "\n... and ", text.size() - kMostText, " bytes more");
}

// Of its trace.
std::string Path(std::string_view out, const Bucket& bucket) {
  return absl::StrCat(std::string(out), out.empty() || out.back() == '/' ? "" : "/", bucket.name(), "/", kBucketTrace);
}

// "KEY: 3 inputs, flaky: 2 of 5 runs".
std::string Headline(const Bucket& bucket) {
  return absl::StrCat(bucket.key, ": ", bucket.inputs.size(), bucket.inputs.size() == 1 ? " input" : " inputs",
                      bucket.replays.flaky()
                          ? absl::StrCat(", flaky: ", bucket.replays.same, " of ", bucket.replays.all, " runs show it")
                          : "");
}

std::string Body(const Bucket& bucket) {
  std::string body = Shortened(bucket.report);
  if (!body.empty() && body.back() != '\n') body += '\n';
  return absl::StrCat(body, body.empty() || bucket.trace.empty() ? "" : "\n", Shortened(bucket.trace));
}

SarifResult ResultOf(const Bucket& bucket, std::string_view out) {
  SarifResult result;
  result.rule = RuleOfKey(bucket.key);
  // What does not come again every time may hide behind something else.
  result.level = bucket.flaky() ? SarifLevel::kWarning : SarifLevel::kError;
  result.message = absl::StrCat(Headline(bucket), "\n", Body(bucket));
  result.locations = IsCrashKey(bucket.key) ? PlacesInReport(bucket.report) : PlacesOfKey(bucket.key);
  result.key = bucket.name();
  // Services want a place of each result, and show the first.
  (result.locations.empty() ? result.locations : result.related).push_back({Path(out, bucket), 0});
  return result;
}

}  // namespace

SarifRun SarifOfBuckets(const std::vector<Bucket>& buckets, std::string_view out) {
  SarifRun run;
  run.tool = "hpfuzz";
  run.rules = RulesOfFindings();
  for (const Bucket& bucket : buckets) run.results.push_back(ResultOf(bucket, out));
  return run;
}

std::string BucketsSarif(const std::vector<Bucket>& buckets, std::string_view out) {
  return PrintSarif(SarifOfBuckets(buckets, out));
}

std::string BucketsJunit(const std::vector<Bucket>& buckets, std::string_view out) {
  JunitSuite suite{"buckets", {}};
  for (const Bucket& bucket : buckets) {
    suite.cases.push_back({bucket.name(), std::chrono::milliseconds(0), JunitOutcome::kFailed,
                           absl::StrCat(Headline(bucket), ": ", Path(out, bucket)), Body(bucket), ""});
  }
  return PrintJunit("hpfuzz triage", {suite});
}

}  // namespace hpfuzz
