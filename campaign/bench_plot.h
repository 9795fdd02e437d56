// SPDX-License-Identifier: Apache-2.0
// Found bugs over time as a drawing in SVG: one curve a contender, told apart by dashes and by their names at the end.
#ifndef HPFUZZ_CAMPAIGN_BENCH_PLOT_H_
#define HPFUZZ_CAMPAIGN_BENCH_PLOT_H_

#include <string>

#include "campaign/bench_table.h"

namespace hpfuzz {

// Time is logarithmic, from a tenth of a second to the limit.
std::string PlotBench(const BenchTable& table);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_PLOT_H_
