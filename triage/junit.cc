// SPDX-License-Identifier: Apache-2.0
// JUnit XML: the elements and attributes that Jenkins, GitLab and GitHub's readers agree on.
#include "triage/junit.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "triage/xml_text.h"

namespace hpfuzz {
namespace {

struct Counts {
  size_t tests = 0;
  size_t failures = 0;
  size_t errors = 0;
  size_t skipped = 0;
  std::chrono::milliseconds time{0};
};

void Count(const JunitSuite& suite, Counts* counts) {
  for (const JunitCase& one : suite.cases) {
    ++counts->tests;
    counts->failures += one.outcome == JunitOutcome::kFailed ? 1 : 0;
    counts->errors += one.outcome == JunitOutcome::kError ? 1 : 0;
    counts->skipped += one.outcome == JunitOutcome::kSkipped ? 1 : 0;
    counts->time += one.time;
  }
}

std::string Seconds(std::chrono::milliseconds time) {
  return absl::StrFormat("%d.%03d", time.count() / 1000, time.count() % 1000);
}

std::string Attributes(std::string_view name, const Counts& counts) {
  return absl::StrFormat(R"(name="%s" tests="%d" failures="%d" errors="%d" skipped="%d" time="%s")", XmlText(name),
                         counts.tests, counts.failures, counts.errors, counts.skipped, Seconds(counts.time));
}

// Empty for a case that passed.
std::string OutcomeElement(const JunitCase& one) {
  const std::string message = absl::StrCat(" message=\"", XmlText(one.message), "\"");
  switch (one.outcome) {
    case JunitOutcome::kPassed: return "";
    case JunitOutcome::kSkipped: return absl::StrCat("      <skipped", message, "/>\n");
    case JunitOutcome::kFailed:
      return absl::StrCat("      <failure", message, ">", XmlText(one.details), "</failure>\n");
    case JunitOutcome::kError: return absl::StrCat("      <error", message, ">", XmlText(one.details), "</error>\n");
  }
  return "";
}

std::string CaseElement(std::string_view suite, const JunitCase& one) {
  std::string inside = OutcomeElement(one);
  if (!one.output.empty()) absl::StrAppend(&inside, "      <system-out>", XmlText(one.output), "</system-out>\n");
  const std::string head = absl::StrFormat(R"(    <testcase classname="%s" name="%s" time="%s")", XmlText(suite),
                                           XmlText(one.name), Seconds(one.time));
  return inside.empty() ? absl::StrCat(head, "/>\n") : absl::StrCat(head, ">\n", inside, "    </testcase>\n");
}

}  // namespace

std::string PrintJunit(std::string_view name, const std::vector<JunitSuite>& suites) {
  Counts all;
  for (const JunitSuite& suite : suites) Count(suite, &all);
  std::string text =
      absl::StrCat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ", Attributes(name, all), ">\n");
  for (const JunitSuite& suite : suites) {
    Counts counts;
    Count(suite, &counts);
    absl::StrAppend(&text, "  <testsuite ", Attributes(suite.name, counts), ">\n");
    for (const JunitCase& one : suite.cases) absl::StrAppend(&text, CaseElement(suite.name, one));
    absl::StrAppend(&text, "  </testsuite>\n");
  }
  return absl::StrCat(text, "</testsuites>\n");
}

}  // namespace hpfuzz
