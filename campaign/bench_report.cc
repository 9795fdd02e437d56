// SPDX-License-Identifier: Apache-2.0
// Reports of the benchmark of bugs.
#include "campaign/bench_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "campaign/bench_number.h"
#include "campaign/bench_plan.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::ordered_json;

// From here on a search that knows nothing is asked how many times worse it is.
constexpr double kManyExecutions = 10'000;

const BenchCell* CellAt(const BenchTable& table, const std::string& mutant, const std::string& contender) {
  const auto at = table.cells.find({mutant, contender});
  return at == table.cells.end() ? nullptr : &at->second;
}

std::string Short(const BenchCell* cell) {
  if (cell == nullptr) return "";
  return absl::StrCat(cell->found, "/", cell->runs, " ", SecondsText(cell->seconds));
}

std::string Between(const Interval& interval, std::string (*print)(double)) {
  return absl::StrCat(print(interval.low), " to ", print(interval.high));
}

// A key may hold anything that a stranger's program printed.
std::string KeysText(const BenchCell& cell) {
  return absl::StrJoin(cell.keys, ", ", [](std::string* out, const std::string& key) {
    absl::StrAppend(out, "`", absl::StrReplaceAll(key, {{"`", "'"}, {"|", "/"}, {"\n", " "}}), "`");
  });
}

std::string OperationsText(const BenchCell& cell) {
  return cell.operations == kNever ? "" : CountText(cell.operations);
}

std::string Meaning(const std::string& name) {
  for (const Contender& contender : Contenders()) {
    if (contender.name == name) return std::string(contender.meaning);
  }
  return "";
}

std::string TotalsMarkdown(const BenchTable& table) {
  std::string text =
      "| contender | what it is | bugs | found by every run | by one at least | seconds, median of medians | "
      "executions, the "
      "same | found without the bug, too |\n|---|---|---|---|---|---|---|---|\n";
  for (const std::string& name : table.contenders) {
    const BenchTotal& total = table.totals.at(name);
    absl::StrAppend(&text, "| ", name, " | ", Meaning(name), " | ", total.mutants, " | ", total.always, " | ",
                    total.ever, " | ", SecondsText(total.seconds), " | ", CountText(total.executions), " | ",
                    total.not_the_bug, " |\n");
  }
  return text;
}

std::string MatrixMarkdown(const BenchTable& table) {
  std::string text = absl::StrCat("| bug | ", absl::StrJoin(table.contenders, " | "), " |\n|---|");
  for (size_t i = 0; i < table.contenders.size(); ++i) text += "---|";
  text += "\n";
  for (const std::string& mutant : table.mutants) {
    absl::StrAppend(&text, "| `", mutant, "` |");
    for (const std::string& name : table.contenders)
      absl::StrAppend(&text, " ", Short(CellAt(table, mutant, name)), " |");
    text += "\n";
  }
  return text;
}

std::string ContenderMarkdown(const BenchTable& table, const std::string& name) {
  std::string text = absl::StrCat("### ", name,
                                  "\n\n| bug | found | seconds | 95 % | executions | 95 % | operations | keys "
                                  "|\n|---|---|---|---|---|---|---|---|\n");
  for (const std::string& mutant : table.mutants) {
    const BenchCell* cell = CellAt(table, mutant, name);
    if (cell == nullptr) continue;
    absl::StrAppend(&text, "| `", mutant, "` | ", cell->found, "/", cell->runs, " | ", SecondsText(cell->seconds),
                    " | ", Between(cell->seconds_interval, SecondsText), " | ", CountText(cell->executions), " | ",
                    Between(cell->executions_interval, CountText), " | ", OperationsText(*cell), " | ", KeysText(*cell),
                    " |\n");
  }
  return text;
}

// How many times the executions of `structured` the contender `random` needs, where it needs many.
std::string RatioMarkdown(const BenchTable& table) {
  std::string rows;
  for (const std::string& mutant : table.mutants) {
    const BenchCell* ours = CellAt(table, mutant, "structured");
    const BenchCell* random = CellAt(table, mutant, "random");
    if (ours == nullptr || random == nullptr || random->executions <= kManyExecutions) continue;
    std::string ratio = "?";
    if (ours->executions != kNever && random->executions != kNever) {
      ratio = absl::StrFormat("%.1f", random->executions / std::max(ours->executions, 1.0));
    } else if (ours->executions != kNever) {
      ratio = "not found by random";
    }
    absl::StrAppend(&rows, "| `", mutant, "` | ", CountText(ours->executions), " | ", CountText(random->executions),
                    " | ", ratio, " |\n");
  }
  if (rows.empty()) return "";
  return absl::StrCat("\n## Where random needs more than ", CountText(kManyExecutions),
                      " executions\n\n| bug | structured | random | times |\n|---|---|---|---|\n", rows);
}

Json NumberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
Json Pair(const Interval& interval) { return Json::array({NumberOrNull(interval.low), NumberOrNull(interval.high)}); }

Json TotalJson(const BenchTotal& total) {
  Json curve = Json::array();
  for (const CurvePoint& point : total.curve) curve.push_back(Json::array({point.seconds, point.found}));
  return {{"bugs", total.mutants},
          {"found_by_every_run", total.always},
          {"found_by_one", total.ever},
          {"seconds", NumberOrNull(total.seconds)},
          {"executions", NumberOrNull(total.executions)},
          {"not_the_bug", total.not_the_bug},
          {"curve", curve}};
}

Json CellJson(const BenchCell& cell) {
  return {{"runs", cell.runs},
          {"found", cell.found},
          {"seconds", NumberOrNull(cell.seconds)},
          {"seconds_95", Pair(cell.seconds_interval)},
          {"executions", NumberOrNull(cell.executions)},
          {"executions_95", Pair(cell.executions_interval)},
          {"operations", NumberOrNull(cell.operations)},
          {"keys", cell.keys}};
}

}  // namespace

std::string PrintBenchText(const BenchTable& table) {
  std::string text =
      absl::StrFormat("%-12s %6s %7s %7s %9s %12s\n", "contender", "bugs", "always", "ever", "seconds", "executions");
  for (const std::string& name : table.contenders) {
    const BenchTotal& total = table.totals.at(name);
    absl::StrAppend(&text, absl::StrFormat("%-12s %6d %7d %7d %9s %12s\n", name, total.mutants, total.always,
                                           total.ever, SecondsText(total.seconds), CountText(total.executions)));
  }
  int width = 3;
  for (const std::string& mutant : table.mutants) width = std::max(width, static_cast<int>(mutant.size()));
  absl::StrAppend(&text, "\n", absl::StrFormat("%-*s", width, "bug"));
  for (const std::string& name : table.contenders) absl::StrAppend(&text, absl::StrFormat(" %12s", name));
  for (const std::string& mutant : table.mutants) {
    absl::StrAppend(&text, "\n", absl::StrFormat("%-*s", width, mutant));
    for (const std::string& name : table.contenders) {
      absl::StrAppend(&text, absl::StrFormat(" %12s", Short(CellAt(table, mutant, name))));
    }
  }
  return text + "\n";
}

std::string PrintBenchMarkdown(const BenchTable& table) {
  std::string text =
      absl::StrCat("# Known bugs: who finds them, and how fast\n\nEach run had ", table.limit,
                   " s. Medians over the runs, with those that found nothing as the longest; \"never\": half of "
                   "the runs or more.\n\n",
                   TotalsMarkdown(table), "\n## Bug by bug\n\nFound in so many of the runs, seconds.\n\n",
                   MatrixMarkdown(table), RatioMarkdown(table), "\n## Contender by contender\n");
  for (const std::string& name : table.contenders) absl::StrAppend(&text, "\n", ContenderMarkdown(table, name));
  return text;
}

std::string PrintBenchJson(const BenchTable& table) {
  Json object = {{"limit", table.limit}, {"contenders", Json::object()}, {"bugs", Json::object()}};
  for (const std::string& name : table.contenders) object["contenders"][name] = TotalJson(table.totals.at(name));
  for (const auto& [where, cell] : table.cells) object["bugs"][where.first][where.second] = CellJson(cell);
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hpfuzz
