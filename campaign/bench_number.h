// SPDX-License-Identifier: Apache-2.0
// Numbers in reports of benchmarks.
#ifndef HPFUZZ_CAMPAIGN_BENCH_NUMBER_H_
#define HPFUZZ_CAMPAIGN_BENCH_NUMBER_H_

#include <string>

namespace hpfuzz {

// "0.31", "12.4"; "never" for kNever.
std::string SecondsText(double seconds);
// "1,234", "5.5" for the mean of two; "never" for kNever.
std::string CountText(double count);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_NUMBER_H_
