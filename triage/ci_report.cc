// SPDX-License-Identifier: Apache-2.0
// The report of a CI run: each step with what its files tell, then three ways to print that.
#include "triage/ci_report.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "triage/ci_details.h"
#include "triage/junit.h"
#include "triage/rules.h"
#include "triage/sarif.h"

namespace hpfuzz {
namespace {

// Of the log of a failed step, in JUnit: its end tells why, and services cut long texts.
constexpr size_t kMostOutput = size_t{16} << 10;

// A step with what its files tell.
struct Told {
  CiStep step;
  std::string problem;  // why it is not ok; empty: it is
  std::vector<CiFinding> findings;
  std::vector<JunitCase> tests;
  std::string output;  // of its log, when there is a problem
};

absl::string_view NameOf(CiResult result) {
  switch (result) {
    case CiResult::kOk: return "ok";
    case CiResult::kFailed: return "FAILED";
    case CiResult::kInterrupted: return "STOPPED";
    case CiResult::kSkipped: return "skipped";
  }
  return "";
}

absl::Status ReadDetails(const CiStep& step, ReadCiFile read, Told* told) {
  const absl::StatusOr<std::string> content = read(step.details);
  if (!content.ok()) return content.status();
  if (absl::EndsWith(step.details, ".json")) {
    absl::StatusOr<std::vector<CiFinding>> findings = ParseFuzzFindings(*content, step.details);
    if (!findings.ok()) return findings.status();
    told->findings = *std::move(findings);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<JunitCase>> tests = ParseCtestJunit(*content, step.details);
  if (!tests.ok()) return tests.status();
  told->tests = *std::move(tests);
  return absl::OkStatus();
}

bool Bad(const JunitCase& test) {
  return test.outcome == JunitOutcome::kFailed || test.outcome == JunitOutcome::kError;
}

size_t Unmuted(const Told& told) {
  return static_cast<size_t>(std::count_if(told.findings.begin(), told.findings.end(),
                                           [](const CiFinding& one) { return !one.muted_until.has_value(); }));
}

std::string ProblemOf(const Told& told, absl::string_view unreadable) {
  switch (told.step.result) {
    case CiResult::kInterrupted: return "stopped before its end";
    case CiResult::kSkipped: return "not tried";
    case CiResult::kOk:
    case CiResult::kFailed: break;
  }
  const size_t findings = Unmuted(told);
  const auto tests = std::count_if(told.tests.begin(), told.tests.end(), Bad);
  if (findings != 0) return absl::StrCat(findings, findings == 1 ? " finding" : " findings");
  if (tests != 0) return absl::StrCat(tests, " of ", told.tests.size(), " tests failed");
  if (!unreadable.empty()) return std::string(unreadable);
  return told.step.result == CiResult::kFailed ? "failed, see its log" : "";
}

Told ToldBy(const CiStep& step, ReadCiFile read) {
  Told told;
  told.step = step;
  const bool ended = step.result == CiResult::kOk || step.result == CiResult::kFailed;
  const absl::Status details = step.details.empty() || !ended ? absl::OkStatus() : ReadDetails(step, read, &told);
  const absl::StatusOr<std::string> log = read(step.log);
  if (log.ok() && step.result == CiResult::kFailed && told.findings.empty() && told.tests.empty()) {
    told.findings = FindingsInLog(*log);
  }
  told.problem = ProblemOf(told, details.message());
  if (ended && !told.problem.empty()) told.step.result = CiResult::kFailed;
  if (log.ok() && !told.problem.empty()) told.output = log->substr(log->size() - std::min(log->size(), kMostOutput));
  return told;
}

std::string Below(absl::string_view root, absl::string_view file) {
  if (absl::ConsumePrefix(&file, root)) absl::ConsumePrefix(&file, "/");
  return std::string(file);
}

// --- for people

std::string Duration(std::chrono::milliseconds time) { return absl::StrFormat("%d s", (time.count() + 500) / 1000); }

void AddFindings(const Told& told, absl::string_view root, std::string* table) {
  for (const CiFinding& finding : told.findings) {
    absl::StrAppend(table, "           ", finding.key,
                    finding.muted_until.has_value() ? absl::StrCat(", muted until ", *finding.muted_until) : "", "\n");
    if (!finding.file.empty()) absl::StrAppend(table, "             ", Below(root, finding.file), "\n");
  }
  for (const JunitCase& test : told.tests) {
    if (Bad(test)) absl::StrAppend(table, "           ", test.name, "\n");
  }
}

std::string Table(const std::vector<Told>& all, absl::string_view root, absl::string_view folder) {
  std::string table = absl::StrFormat("%-8s %-24s %-8s %7s\n", "build", "step", "result", "time");
  size_t count[4] = {};
  for (const Told& told : all) {
    const CiStep& step = told.step;
    ++count[static_cast<size_t>(step.result)];
    absl::StrAppend(&table, absl::StrFormat("%-8s %-24s %-8s %7s\n", step.build, step.name, NameOf(step.result),
                                            Duration(step.time)));
    if (!told.problem.empty() && step.result != CiResult::kSkipped) {
      absl::StrAppend(&table, "         ", told.problem, ": ", Below(root, absl::StrCat(folder, "/", step.log)), "\n");
    }
    AddFindings(told, root, &table);
  }
  return absl::StrCat(table, all.size(), " steps: ", count[0], " ok, ", count[1], " failed, ", count[2], " stopped, ",
                      count[3], " skipped\n");
}

// --- for services

// A finding is a case of its own, and so is a test; the step is one for what is neither.
JunitCase StepCase(const Told& told) {
  JunitCase one{told.step.name, told.step.time, JunitOutcome::kPassed, "", "", ""};
  const bool told_by_others = Unmuted(told) != 0 || std::any_of(told.tests.begin(), told.tests.end(), Bad);
  if (told.problem.empty() || told_by_others) return one;
  one.outcome = told.step.result == CiResult::kSkipped ? JunitOutcome::kSkipped : JunitOutcome::kError;
  one.message = told.problem;
  one.output = told.output;
  return one;
}

JunitCase FindingCase(const CiFinding& finding, const Told& told, absl::string_view root) {
  const std::string name = absl::StrCat(told.step.name, ": ", finding.key);
  const std::string file = Below(root, finding.file);
  if (finding.muted_until.has_value()) {
    const std::string message = absl::StrCat("muted until ", *finding.muted_until);
    return {name, std::chrono::milliseconds(0), JunitOutcome::kSkipped, message, "", ""};
  }
  return {name,
          std::chrono::milliseconds(0),
          JunitOutcome::kFailed,
          absl::StrCat(finding.key, file.empty() ? "" : ": ", file),
          finding.report.empty() ? told.output : finding.report,
          ""};
}

std::string Junit(const std::vector<Told>& all, absl::string_view root) {
  std::vector<JunitSuite> suites;
  const auto suite = [&suites](const std::string& name) -> JunitSuite& {
    for (JunitSuite& one : suites) {
      if (one.name == name) return one;
    }
    return suites.emplace_back(JunitSuite{name, {}});
  };
  for (const Told& told : all) {
    JunitSuite& steps = suite(told.step.build);
    steps.cases.push_back(StepCase(told));
    for (const CiFinding& finding : told.findings) steps.cases.push_back(FindingCase(finding, told, root));
    if (told.tests.empty()) continue;
    JunitSuite& tests = suite(absl::StrCat(told.step.build, " ", told.step.name));
    tests.cases.insert(tests.cases.end(), told.tests.begin(), told.tests.end());
  }
  return PrintJunit("hpfuzz ci", suites);
}

void AddResults(const Told& told, absl::string_view root, const std::string& log, SarifRun* run) {
  const std::string where = absl::StrCat("[", told.step.build, ": ", told.step.name, "] ");
  for (const CiFinding& finding : told.findings) {
    SarifResult result{.rule = RuleOfKey(finding.key),
                       .message = absl::StrCat(where, finding.key),
                       .locations = {},
                       .key = finding.key};
    if (!finding.report.empty()) absl::StrAppend(&result.message, "\n", finding.report);
    result.locations.push_back({finding.file.empty() ? log : Below(root, finding.file), 0});
    if (finding.muted_until.has_value()) result.suppressed = absl::StrCat("muted until ", *finding.muted_until);
    run->results.push_back(result);
  }
  for (const JunitCase& test : told.tests) {
    if (!Bad(test)) continue;
    const std::string key = absl::StrCat("test.", test.name);
    const std::string message = absl::StrCat(where, test.name, ": ", test.message);
    run->results.push_back({key, SarifLevel::kError, message, {{log, 0}}, key, std::nullopt});
  }
}

// A step that failed without a finding and without a test is nothing about the code: the job could not do its work.
std::string Sarif(const std::vector<Told>& all, absl::string_view root, absl::string_view folder) {
  SarifRun run;
  run.tool = "hpfuzz";
  for (const Told& told : all) {
    const std::string log = Below(root, absl::StrCat(folder, "/", told.step.log));
    AddResults(told, root, log, &run);
    if (StepCase(told).outcome != JunitOutcome::kError) continue;
    run.notifications.push_back({absl::StrCat(told.step.build, ": ", told.step.name, ": ", told.problem), {{log, 0}}});
  }
  run.rules = RulesNamedIn(run.results);
  return PrintSarif(run);
}

}  // namespace

CiReport MakeCiReport(const std::vector<CiStep>& steps, absl::string_view root, absl::string_view folder,
                      ReadCiFile read) {
  std::vector<Told> all;
  for (const CiStep& step : steps) all.push_back(ToldBy(step, read));
  CiReport report;
  report.clean =
      !all.empty() && std::all_of(all.begin(), all.end(), [](const Told& told) { return told.problem.empty(); });
  report.table = Table(all, root, folder);
  report.junit = Junit(all, root);
  report.sarif = Sarif(all, root, folder);
  return report;
}

}  // namespace hpfuzz
