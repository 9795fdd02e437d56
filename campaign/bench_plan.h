// SPDX-License-Identifier: Apache-2.0
// What is run against what: programs with a bug patched in, the ways to look for it, seeds. Pure data.
//
// Not covered: building the programs (scripts/bench.sh), running (bench_run.h).
#ifndef HPFUZZ_CAMPAIGN_BENCH_PLAN_H_
#define HPFUZZ_CAMPAIGN_BENCH_PLAN_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hpfuzz {

// One way to look for bugs.
struct Contender {
  enum class Engine : uint8_t {
    kLibFuzzer,
    kAfl,
    kSearch,  // the program `contender`, which goes on until it finds something
    kReplay,  // the same with traces that are there: no seed, one run
  };
  std::string_view name;
  std::string_view meaning;
  Engine engine;
  bool bytes_only = false;      // mutates bytes and no operations
  std::string_view given = {};  // kReplay: a file or a folder of the source tree
};

absl::Span<const Contender> Contenders();
// Names with commas between, in that order, or "all". InvalidArgument: there is none of such a name, with those there
// are.
absl::StatusOr<std::vector<const Contender*>> ContendersNamed(absl::string_view names);

// Programs with one bug patched in.
struct BenchMutant {
  std::string name;                // FOLDER/NAME of bugs/
  std::string target;              // the fuzz target that looks for it
  std::string key;                 // of what they were built from: results of others say nothing about these
  std::filesystem::path programs;  // a folder for each build

  // The target and `contender`; the target for AFL++.
  std::filesystem::path asan() const { return programs / "asan"; }
  std::filesystem::path afl() const { return programs / "afl-asan"; }
};

// Lines "NAME TARGET KEY FOLDER" with tabs between. InvalidArgument: with the line, what was read and what is expected.
absl::StatusOr<std::vector<BenchMutant>> ReadMutantList(absl::string_view text, absl::string_view file);

struct BenchRun {
  const BenchMutant* mutant;
  const Contender* contender;
  uint32_t seed;
};
// Seeds 1 to `seeds`, each of all contenders before the next one: when somebody ends it early, all have had the same.
std::vector<BenchRun> PlanBench(absl::Span<const BenchMutant> mutants, absl::Span<const Contender* const> contenders,
                                uint32_t seeds);

// Where the result of a run is, below the folder of results.
std::filesystem::path ResultFileOf(const BenchRun& run);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_BENCH_PLAN_H_
