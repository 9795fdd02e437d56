// SPDX-License-Identifier: Apache-2.0
// Reports of buckets. The golden logs have only the rules that their results name; the whole log, with every rule, is
// valid by the schema of SARIF too: the test sarif_schema_buckets (cmake/emitted_tests.cmake).
#include "triage/bucket_reports.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/golden.h"
#include "tests/triage/bucket_scenes.h"
#include "triage/rules.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::json;

TEST(BucketReports, SarifGolden) {
  CheckGolden("bucket_sarif.txt", [](const std::string& scene) {
    SarifRun run = SarifOfBuckets(BucketScene(scene), "build/triage");
    run.rules = RulesNamedIn(run.results);
    return PrintSarif(run);
  });
}

TEST(BucketReports, JunitGolden) {
  CheckGolden("bucket_junit.txt",
              [](const std::string& scene) { return BucketsJunit(BucketScene(scene), "/tmp/out/"); });
}

TEST(BucketReports, EveryRuleIsInTheLogAndEveryResultNamesOne) {
  const Json log = Json::parse(BucketsSarif(BucketScene("all\n"), ""));
  const Json& run = log["runs"][0];
  const Json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), RulesOfFindings().size());
  ASSERT_EQ(run["results"].size(), 3U);
  for (const Json& result : run["results"]) {
    const Json& rule = rules.at(result["ruleIndex"].get<size_t>());
    EXPECT_EQ(rule["id"], result["ruleId"]);
    EXPECT_TRUE(rule.contains("help")) << rule;
    EXPECT_FALSE(result["locations"].empty());
  }
}

TEST(BucketReports, LongTextsAreCut) {
  Bucket bucket = FindingBucket();
  bucket.trace = std::string(1'000'000, 'x');
  bucket.report = std::string(1'000'000, '\xff');
  const Json log = Json::parse(BucketsSarif({bucket}, ""));
  const std::string message = log["runs"][0]["results"][0]["message"]["text"];
  EXPECT_LT(message.size(), 100'000U);
  EXPECT_NE(message.find("... and 983616 bytes more"), std::string::npos);
  EXPECT_LT(BucketsJunit({bucket}, "").size(), 100'000U);
}

}  // namespace
}  // namespace hpfuzz
