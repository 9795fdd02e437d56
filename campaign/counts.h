// SPDX-License-Identifier: Apache-2.0
// What processes of an engine count, by name: executions, edges, stability (in hundredths of a percent), new (inputs
// that were kept), and whatever the target prints in lines "hpfuzz-stats:", such as operations and clause:ID.
#ifndef HPFUZZ_CAMPAIGN_COUNTS_H_
#define HPFUZZ_CAMPAIGN_COUNTS_H_

#include <cstdint>
#include <map>
#include <string>

namespace hpfuzz {

using Counts = std::map<std::string, uint64_t, std::less<>>;

// Adds those of one more process: sums, but of the edges the highest and of the stability the lowest.
void AddCounts(const Counts& process, Counts* sum);

// 0 for what was not counted.
uint64_t CountOf(const Counts& counts, const std::string& name);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_COUNTS_H_
