// SPDX-License-Identifier: Apache-2.0
// CorpusStats for people and for programs.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "campaign/corpus_stats.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::ordered_json;
using Counts = std::vector<std::pair<std::string, uint64_t>>;

// 1234567 -> 1,234,567
std::string Grouped(uint64_t number) {
  std::string text = absl::StrCat(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string Row(absl::string_view name, absl::string_view text) { return absl::StrFormat("  %-13s %s\n", name, text); }

std::string Text(const Spread& spread) {
  return absl::StrCat("least ", Grouped(spread.least), ", median ", Grouped(spread.median), ", most ",
                      Grouped(spread.most));
}

std::string Share(uint64_t part, uint64_t whole) {
  return absl::StrFormat("%.2f %%", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

size_t Hit(const Counts& counts) {
  return static_cast<size_t>(
      std::count_if(counts.begin(), counts.end(), [](const auto& row) { return row.second != 0; }));
}

// "clauses hit 3 of 5", a line for each that is, and the names of those that are not.
std::string Used(absl::string_view name, const Counts& counts) {
  std::string text = Row(name, absl::StrCat(Hit(counts), " of ", counts.size()));
  std::vector<std::string> unused;
  for (const auto& [id, count] : counts) {
    if (count == 0) unused.push_back(id);
    if (count != 0) absl::StrAppend(&text, absl::StrFormat("    %-44s %14s\n", id, Grouped(count)));
  }
  if (!unused.empty()) absl::StrAppend(&text, "    none of ", absl::StrJoin(unused, ", "), "\n");
  return text;
}

std::string Traces(const CorpusStats& stats) {
  std::string text =
      Row("traces", absl::StrCat(Grouped(stats.traces), ", refused by the target ", Grouped(stats.refused)));
  absl::StrAppend(
      &text,
      Row("operations", absl::StrCat(Grouped(stats.operations), ", ", Share(stats.applied_both, stats.operations),
                                     " applied on both sides")),
      Row("per trace", Text(stats.operations_per_trace)), Used("kinds", stats.kinds),
      Used("clauses hit", stats.clauses), Row("same trace", absl::StrCat(stats.equal.size(), " groups")));
  for (const std::vector<std::string>& group : stats.equal)
    absl::StrAppend(&text, "    ", absl::StrJoin(group, " "), "\n");
  absl::StrAppend(&text, Row("findings", absl::StrCat(stats.findings.size())));
  for (const auto& [path, key] : stats.findings) absl::StrAppend(&text, "    ", path, ": ", key, "\n");
  return text;
}

Json Object(const Spread& spread) {
  return {{"least", spread.least}, {"median", spread.median}, {"most", spread.most}};
}

Json Object(const Counts& counts) {
  Json object = Json::object();
  for (const auto& [id, count] : counts) object[id] = count;
  return object;
}

}  // namespace

std::string PrintCorpusStats(const CorpusStats& stats, absl::string_view name, absl::string_view target,
                             const std::vector<std::string>& unreadable) {
  std::string text = absl::StrCat(name, ", inputs of ", target, "\n");
  absl::StrAppend(&text,
                  Row("files", absl::StrCat(Grouped(stats.size.files), ", ", Grouped(stats.size.bytes), " bytes")),
                  Row("bytes", Text(stats.bytes)));
  if (stats.form != InputForm::kOther) absl::StrAppend(&text, Traces(stats));
  absl::StrAppend(&text, Row("unreadable", absl::StrCat(unreadable.size())));
  for (const std::string& reason : unreadable) absl::StrAppend(&text, "    ", reason, "\n");
  return text;
}

std::string CorpusStatsJson(const CorpusStats& stats, absl::string_view name, absl::string_view target,
                            const std::vector<std::string>& unreadable) {
  Json object = {{"corpus", std::string(name)}, {"target", std::string(target)},         {"files", stats.size.files},
                 {"bytes", stats.size.bytes},   {"bytes_per_file", Object(stats.bytes)}, {"unreadable", unreadable}};
  if (stats.form != InputForm::kOther) {
    object["traces"] = stats.traces;
    object["refused"] = stats.refused;
    object["operations"] = stats.operations;
    object["applied_both"] = stats.applied_both;
    object["operations_per_trace"] = Object(stats.operations_per_trace);
    object["kinds"] = Object(stats.kinds);
    object["clauses"] = Object(stats.clauses);
    object["same_trace"] = stats.equal;
    object["findings"] = Json::array();
    for (const auto& [path, key] : stats.findings) object["findings"].push_back({{"file", path}, {"key", key}});
  }
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hpfuzz
