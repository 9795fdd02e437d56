// SPDX-License-Identifier: Apache-2.0
// Reading the JUnit XML of ctest. Not a reader of XML: ctest writes elements and attributes in one way, escapes markup
// as entities and has neither comments nor CDATA.
#include <cmath>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "triage/ci_details.h"

namespace hpfuzz {
namespace {

constexpr absl::string_view kCase = "<testcase ";
constexpr absl::string_view kCaseEnd = "</testcase>";

// What stands between `before` and `after` for the first time; empty when it does not.
absl::string_view Between(absl::string_view text, absl::string_view before, absl::string_view after) {
  const size_t start = text.find(before);
  if (start == absl::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.find(after));
}

std::string Unescaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}});
}

// The value of an attribute in the tag at the front of `element`.
std::string Attribute(absl::string_view element, absl::string_view name) {
  return Unescaped(Between(element.substr(0, element.find('>')), absl::StrCat(" ", name, "=\""), "\""));
}

// ctest's own words for how a test ended. A test that skipped itself, by its exit code (SKIP_RETURN_CODE) or its output
// (SKIP_REGULAR_EXPRESSION_MATCHED), has not run; nor has one without a program, which is a failure.
JunitOutcome OutcomeOf(absl::string_view status, absl::string_view reason) {
  if (status == "run") return JunitOutcome::kPassed;
  if (status == "disabled" || (status == "notrun" && absl::StartsWith(reason, "SKIP_"))) return JunitOutcome::kSkipped;
  return status == "notrun" ? JunitOutcome::kError : JunitOutcome::kFailed;
}

JunitCase CaseOf(absl::string_view element) {
  JunitCase one;
  one.name = Attribute(element, "name");
  double seconds = 0;
  // A test that was not run has a time of -1.
  if (absl::SimpleAtod(Attribute(element, "time"), &seconds) && seconds > 0 && seconds < 1e9) {
    one.time = std::chrono::milliseconds(std::llround(seconds * 1000));
  }
  const std::string status = Attribute(element, "status");
  one.message = Attribute(Between(element, status == "notrun" ? "<skipped" : "<failure", ">"), "message");
  one.outcome = OutcomeOf(status, one.message);
  if (one.outcome == JunitOutcome::kPassed) return one;
  if (one.message.empty()) one.message = status == "fail" ? "failed" : status;
  one.output = Unescaped(Between(element, "<system-out>", "</system-out>"));
  return one;
}

}  // namespace

absl::StatusOr<std::vector<JunitCase>> ParseCtestJunit(absl::string_view xml, absl::string_view file) {
  const auto bad = [file](absl::string_view expected) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": expected ", expected));
  };
  if (xml.find("<testsuite ") == absl::string_view::npos) return bad("the JUnit XML of ctest");
  if (xml.find("</testsuite>") == absl::string_view::npos) return bad("its end");
  std::vector<JunitCase> cases;
  for (size_t at = xml.find(kCase); at != absl::string_view::npos; at = xml.find(kCase)) {
    xml.remove_prefix(at);
    const size_t end = xml.find(kCaseEnd);
    if (end == absl::string_view::npos) return bad("the end of a test case");
    cases.push_back(CaseOf(xml.substr(0, end)));
    if (cases.back().name.empty()) return bad("a name of every test case");
    xml.remove_prefix(end);
  }
  return cases;
}

}  // namespace hpfuzz
