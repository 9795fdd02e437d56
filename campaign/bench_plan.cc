// SPDX-License-Identifier: Apache-2.0
// What is run against what.
#include "campaign/bench_plan.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace hpfuzz {
namespace {

using Engine = Contender::Engine;

constexpr Contender kContenders[] = {
    {"structured", "the fuzz target as it is: libFuzzer, mutation of operations", Engine::kLibFuzzer},
    {"bytes", "the same, mutation of bytes alone", Engine::kLibFuzzer, true},
    {"afl", "the same target and mutator on AFL++", Engine::kAfl},
    {"random", "traces from the steps of the mutator, without coverage", Engine::kSearch},
    {"rapidcheck", "stateful testing with RapidCheck", Engine::kSearch},
    {"ndctl", "the unit test of the series, sub-section.sh of ndctl, alone", Engine::kReplay, false,
     "repro/ndctl-sub-section.trace"},
    {"corpus", "the committed seeds of both targets, run once", Engine::kReplay, false, "corpus"},
};

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// A name goes into paths and tables: letters, digits, '-', and one '/'.
bool IsMutantName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  return parts.size() == 2 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return !part.empty() && part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == part.npos;
         });
}

}  // namespace

absl::Span<const Contender> Contenders() { return kContenders; }

absl::StatusOr<std::vector<const Contender*>> ContendersNamed(absl::string_view names) {
  std::vector<const Contender*> chosen;
  for (const absl::string_view name : absl::StrSplit(names, ',')) {
    const size_t before = chosen.size();
    for (const Contender& contender : kContenders) {
      if (name == "all" || name == Absl(contender.name)) chosen.push_back(&contender);
    }
    if (chosen.size() != before) continue;
    const std::string known = absl::StrJoin(kContenders, " ", [](std::string* out, const Contender& contender) {
      absl::StrAppend(out, Absl(contender.name));
    });
    return absl::InvalidArgumentError(absl::StrCat("no contender '", name, "'; known are ", known, ", and all"));
  }
  return chosen;
}

absl::StatusOr<std::vector<BenchMutant>> ReadMutantList(absl::string_view text, absl::string_view file) {
  std::vector<BenchMutant> mutants;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() != 4 || !IsMutantName(fields[0]) || fields[1].empty() || fields[2].empty() || fields[3].empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": read \"", line,
                                                     "\", expected FOLDER/NAME, target, key and folder, with tabs"));
    }
    mutants.push_back({fields[0], fields[1], fields[2], fields[3]});
  }
  return mutants;
}

std::vector<BenchRun> PlanBench(absl::Span<const BenchMutant> mutants, absl::Span<const Contender* const> contenders,
                                uint32_t seeds) {
  std::vector<BenchRun> runs;
  for (uint32_t seed = 1; seed <= seeds; ++seed) {
    for (const BenchMutant& mutant : mutants) {
      for (const Contender* contender : contenders) {
        if (contender->engine != Engine::kReplay || seed == 1) runs.push_back({&mutant, contender, seed});
      }
    }
  }
  return runs;
}

std::filesystem::path ResultFileOf(const BenchRun& run) {
  return std::filesystem::path(run.contender->name) / run.mutant->name / absl::StrCat(run.seed, ".json");
}

}  // namespace hpfuzz
