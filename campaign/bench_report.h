// SPDX-License-Identifier: Apache-2.0
// The benchmark of bugs as text, as Markdown and as JSON. Pure functions. The plot is in bench_plot.h.
#ifndef HPFUZZ_CAMPAIGN_BENCH_REPORT_H_
#define HPFUZZ_CAMPAIGN_BENCH_REPORT_H_

#include <string>

#include "campaign/bench_table.h"

namespace hpfuzz {

// For a terminal: contenders, then a row a mutant with "found/runs median-seconds" of each contender.
std::string PrintBenchText(const BenchTable& table);
// The same, and for each contender a table with intervals, executions, lengths of traces and keys.
std::string PrintBenchMarkdown(const BenchTable& table);
// Everything; what never was is null.
std::string PrintBenchJson(const BenchTable& table);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_REPORT_H_
