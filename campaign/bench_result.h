// SPDX-License-Identifier: Apache-2.0
// What one run came to, and its file.
#ifndef HPFUZZ_CAMPAIGN_BENCH_RESULT_H_
#define HPFUZZ_CAMPAIGN_BENCH_RESULT_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

struct BenchResult {
  std::string mutant;
  std::string contender;
  std::string target;
  std::string programs;  // the key of what was run
  uint32_t seed = 0;
  int limit = 0;  // seconds it had
  bool found = false;
  double seconds = 0;                    // until it was found, or until the end
  uint64_t executions = 0;               // the same
  std::string key;                       // of the finding; empty: none
  std::optional<uint64_t> operations;    // of the smallest trace with that key; none: it was not made smaller
  std::vector<std::string> not_the_bug;  // keys that the programs without the bug have, too, with the same input
};

std::string PrintResult(const BenchResult& result);
// InvalidArgument: no such object, with the file and what is missing or wrong.
absl::StatusOr<BenchResult> ParseResult(absl::string_view text, absl::string_view file);

struct BenchResults {
  std::vector<BenchResult> results;  // by mutant, contender, seed
  std::vector<std::string> errors;   // files that are none
};
// All below a folder: shards and later runs write to one.
BenchResults ReadResults(const std::filesystem::path& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_RESULT_H_
