// SPDX-License-Identifier: Apache-2.0
// Summaries of runs.
#include "campaign/summary.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace hpfuzz {
namespace {

constexpr char kClause[] = "clause:";

std::string Row(absl::string_view name, const std::string& text) { return absl::StrFormat("  %-13s %s\n", name, text); }

std::string PerSecond(uint64_t count, double seconds) {
  return Grouped(seconds <= 0 ? 0 : static_cast<uint64_t>(std::llround(static_cast<double>(count) / seconds)));
}

std::string Percent(uint64_t part, uint64_t whole) {
  return absl::StrFormat("%.2f %%", whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string Rate(const FuzzSummary& summary, const char* name) {
  const uint64_t count = CountOf(summary.counts, name);
  return absl::StrCat(Grouped(count), " (", PerSecond(count, summary.seconds), "/s)");
}

std::string CountedRows(const FuzzSummary& summary) {
  const Counts& counts = summary.counts;
  std::string text = Row("executions", Rate(summary, "executions"));
  if (counts.count("operations") != 0) {
    absl::StrAppend(
        &text, Row("operations", absl::StrCat(Rate(summary, "operations"), ", ",
                                              Percent(CountOf(counts, "applied_both"), CountOf(counts, "operations")),
                                              " applied on both sides")));
  }
  std::string coverage =
      absl::StrCat(Grouped(CountOf(counts, "edges")), " edges, corpus of ", Grouped(summary.inputs), " inputs");
  if (counts.count("new") != 0) absl::StrAppend(&coverage, ", ", Grouped(CountOf(counts, "new")), " of them new");
  absl::StrAppend(&text, Row("coverage", coverage));
  if (counts.count("stability") != 0) {
    absl::StrAppend(&text, Row("stability", Percent(CountOf(counts, "stability"), 10000)));
  }
  if (counts.count("compared") != 0) {
    const uint64_t all = CountOf(counts, "compared") + CountOf(counts, "suspended");
    absl::StrAppend(&text, Row("comparisons", absl::StrCat(Grouped(all), ", of which clauses suspended ",
                                                           Percent(CountOf(counts, "suspended"), all))));
  }
  return text;
}

std::string ClauseRows(const Counts& counts) {
  size_t clauses = 0;
  size_t hit = 0;
  std::string rows;
  for (const auto& [name, count] : counts) {
    if (!absl::StartsWith(name, kClause)) continue;
    ++clauses;
    if (count == 0) continue;
    ++hit;
    absl::StrAppend(&rows, absl::StrFormat("    %-44s %14s\n", absl::StripPrefix(name, kClause), Grouped(count)));
  }
  return clauses == 0 ? "" : Row("clauses hit", absl::StrCat(hit, " of ", clauses)) + rows;
}

std::string FindingRows(const FindingSummary& finding, const ReplayWords& replay) {
  const std::string times = absl::StrCat(Grouped(finding.times), finding.times == 1 ? " time" : " times");
  std::string text = absl::StrFormat("    %-44s %14s", finding.key, times);
  if (finding.mute.has_value()) {
    absl::StrAppend(&text, finding.mute_expired ? ", its mute expired on " : ", muted until ", PrintDay(*finding.mute));
  }
  const std::string below = absl::StrCat(replay.directory.string(), "/");
  return absl::StrCat(text, "\n      ", replay.command, " ", absl::StripPrefix(finding.file.string(), below), "\n");
}

size_t Muted(const FuzzSummary& summary) {
  return static_cast<size_t>(std::count_if(summary.findings.begin(), summary.findings.end(),
                                           [](const FindingSummary& finding) { return finding.muted(); }));
}

nlohmann::ordered_json FindingJson(const FindingSummary& finding) {
  nlohmann::ordered_json object = {
      {"key", finding.key}, {"times", finding.times}, {"file", finding.file.string()}, {"report", finding.report}};
  if (finding.mute.has_value()) object[finding.mute_expired ? "mute_expired" : "muted_until"] = PrintDay(*finding.mute);
  return object;
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string PrintStatus(const FuzzSummary& summary, int seconds_to_go) {
  const size_t muted = Muted(summary);
  const uint64_t executions = CountOf(summary.counts, "executions");
  return absl::StrCat(static_cast<int>(summary.seconds), " s, ", std::max(seconds_to_go, 0),
                      " s to go: ", Grouped(executions), " executions, ", PerSecond(executions, summary.seconds),
                      "/s, ", Grouped(CountOf(summary.counts, "edges")), " edges, corpus ", Grouped(summary.inputs),
                      ", findings ", summary.findings.size(), muted == 0 ? "" : absl::StrCat(", muted ", muted));
}

std::string PrintSummary(const FuzzSummary& summary, const ReplayWords& replay) {
  const size_t muted = Muted(summary);
  std::string text = absl::StrFormat("\n%s, %s build, %d s, %d job%s\n", summary.target, summary.build,
                                     std::llround(summary.seconds), summary.jobs, summary.jobs == 1 ? "" : "s");
  absl::StrAppend(&text, CountedRows(summary), ClauseRows(summary.counts),
                  Row("findings", absl::StrCat(summary.findings.size(),
                                               muted == 0 ? "" : absl::StrCat(", ", muted, " of them muted"))));
  for (const FindingSummary& finding : summary.findings) absl::StrAppend(&text, FindingRows(finding, replay));
  return text;
}

std::string PrintJson(const FuzzSummary& summary) {
  nlohmann::ordered_json object = {{"target", summary.target},   {"engine", summary.engine}, {"build", summary.build},
                                   {"seconds", summary.seconds}, {"jobs", summary.jobs},     {"seed", summary.seed}};
  object["executions"] = CountOf(summary.counts, "executions");
  object["edges"] = CountOf(summary.counts, "edges");
  nlohmann::ordered_json clauses = nlohmann::ordered_json::object();
  for (const auto& [name, count] : summary.counts) {
    if (absl::StartsWith(name, kClause)) {
      clauses[std::string(absl::StripPrefix(name, kClause))] = count;
    } else if (name == "new") {
      object["new_inputs"] = count;
    } else if (name == "stability") {
      object["stability_percent"] = static_cast<double>(count) / 100;
    } else {
      object[name] = count;
    }
  }
  object["corpus_inputs"] = summary.inputs;
  if (!clauses.empty()) object["clauses"] = clauses;
  object["findings"] = nlohmann::ordered_json::array();
  for (const FindingSummary& finding : summary.findings) object["findings"].push_back(FindingJson(finding));
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hpfuzz
