// SPDX-License-Identifier: Apache-2.0
// How well buckets tell bugs apart, on a small scale: random findings of layers that lie, each on to its root. What
// scripts/triage_bench.sh measures on bugs that are patched in.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "registry/minimize.h"
#include "tests/oracle/lies.h"
#include "trace/generate.h"
#include "trace/text.h"
#include "triage/bucket.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kFindings = 100;      // of each lie
constexpr uint64_t kSeeds = 20'000;    // looked through for them
constexpr size_t kMostBuckets = 3;     // of a lie
constexpr double kLeastPrecision = 1;  // no two of these lies are alike
constexpr double kLeastRecall = 0.8;

using Bugs = std::map<std::string, size_t>;  // findings of each lie

std::string BucketOf(LyingPair& pair, const Trace& trace) {
  MinimizeRequest request;
  request.to_root = true;
  request.key_elsewhere = [&pair](const std::string& text, const std::vector<uint8_t>&) {
    const absl::StatusOr<Trace> candidate = ParseTrace(text, "candidate");
    return candidate.ok() ? pair.Key(*candidate) : "";
  };
  const absl::StatusOr<Minimized> minimized = MinimizeTrace(trace, "trace", request);
  if (!minimized.ok()) return "";
  EXPECT_TRUE(minimized->minimal);
  Bucket bucket;
  bucket.key = minimized->key;
  bucket.kinds = minimized->kinds;
  bucket.last_kind = minimized->last_kind;
  return bucket.name();
}

size_t Pairs(size_t n) { return n * (n - (n == 0 ? 0 : 1)) / 2; }

TEST(BugsApart, BucketsAreThoseOfTheirBugs) {
  std::map<std::string, Bugs> buckets;
  for (const Lie& lie : Lies()) {
    LyingPair pair(lie);
    std::set<std::string> own;
    size_t found = 0;
    for (uint64_t seed = 0; seed < kSeeds && found < kFindings; ++seed) {
      const Trace trace = GenerateTrace(seed);
      if (pair.Key(trace).empty()) continue;
      const std::string bucket = BucketOf(pair, trace);
      ASSERT_NE(bucket, "") << lie << ", seed " << seed;
      ++buckets[bucket][lie.name];
      own.insert(bucket);
      ++found;
    }
    EXPECT_EQ(found, kFindings) << lie;
    EXPECT_LE(own.size(), kMostBuckets) << lie << ": " << testing::PrintToString(own);
  }
  size_t together = 0;
  size_t together_rightly = 0;
  for (const auto& [name, bugs] : buckets) {
    size_t all = 0;
    for (const auto& [bug, findings] : bugs) {
      all += findings;
      together_rightly += Pairs(findings);
    }
    together += Pairs(all);
  }
  const double precision = static_cast<double>(together_rightly) / static_cast<double>(together);
  const double recall = static_cast<double>(together_rightly) / static_cast<double>(Lies().size() * Pairs(kFindings));
  EXPECT_GE(precision, kLeastPrecision) << testing::PrintToString(buckets);
  EXPECT_GE(recall, kLeastRecall) << testing::PrintToString(buckets);
  RecordProperty("precision_percent", static_cast<int>(100 * precision));
  RecordProperty("recall_percent", static_cast<int>(100 * recall));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
