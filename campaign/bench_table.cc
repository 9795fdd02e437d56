// SPDX-License-Identifier: Apache-2.0
// Results summed up.
#include "campaign/bench_table.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "campaign/bench_plan.h"

namespace hpfuzz {
namespace {

using ResultsOf = std::vector<const BenchResult*>;

BenchCell CellOf(const ResultsOf& results) {
  BenchCell cell;
  std::vector<double> seconds;
  std::vector<double> executions;
  std::vector<double> operations;
  for (const BenchResult* result : results) {
    ++cell.runs;
    cell.found += result->found ? 1 : 0;
    seconds.push_back(result->found ? result->seconds : kNever);
    executions.push_back(result->found ? static_cast<double>(result->executions) : kNever);
    if (!result->found) continue;
    cell.keys.insert(result->key);
    if (result->operations.has_value()) operations.push_back(static_cast<double>(*result->operations));
  }
  cell.seconds = Median(seconds);
  cell.seconds_interval = MedianInterval(seconds);
  cell.executions = Median(executions);
  cell.executions_interval = MedianInterval(executions);
  cell.operations = Median(operations);
  return cell;
}

// `results` of one contender, those of a mutant behind each other.
BenchTotal TotalOf(const std::map<std::string, ResultsOf>& results) {
  BenchTotal total;
  std::vector<double> seconds;
  std::vector<double> executions;
  std::vector<WeightedTime> times;
  for (const auto& [mutant, of_mutant] : results) {
    const BenchCell cell = CellOf(of_mutant);
    ++total.mutants;
    total.always += cell.found == cell.runs ? 1 : 0;
    total.ever += cell.found != 0 ? 1 : 0;
    seconds.push_back(cell.seconds);
    executions.push_back(cell.executions);
    for (const BenchResult* result : of_mutant) {
      total.not_the_bug += result->not_the_bug.size();
      times.push_back({result->found ? result->seconds : kNever, 1.0 / static_cast<double>(cell.runs)});
    }
  }
  total.seconds = Median(seconds);
  total.executions = Median(executions);
  total.curve = FoundOverTime(std::move(times));
  return total;
}

// The place of a contender in the table of all.
size_t RankOf(const std::string& name) {
  const auto all = Contenders();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Contender& contender) { return contender.name == name; });
  return static_cast<size_t>(at - all.begin());
}

}  // namespace

BenchTable SumUp(absl::Span<const BenchResult> results) {
  BenchTable table;
  std::set<std::string> mutants;
  std::map<std::string, std::map<std::string, ResultsOf>> by_contender;
  for (const BenchResult& result : results) {
    mutants.insert(result.mutant);
    by_contender[result.contender][result.mutant].push_back(&result);
    table.limit = std::max(table.limit, result.limit);
  }
  table.mutants.assign(mutants.begin(), mutants.end());
  for (const auto& [contender, of_contender] : by_contender) {
    table.contenders.push_back(contender);
    table.totals[contender] = TotalOf(of_contender);
    for (const auto& [mutant, of_mutant] : of_contender) table.cells[{mutant, contender}] = CellOf(of_mutant);
  }
  std::sort(table.contenders.begin(), table.contenders.end(), [](const std::string& a, const std::string& b) {
    return std::pair(RankOf(a), a) < std::pair(RankOf(b), b);
  });
  return table;
}

}  // namespace hpfuzz
