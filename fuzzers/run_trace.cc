// SPDX-License-Identifier: Apache-2.0
// One Lockstep for the whole run of a target.
#include "fuzzers/run_trace.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "fuzzers/report_trace.h"
#include "hotplug/attributes.h"
#include "oracle/lockstep.h"
#include "oracle/state_feature.h"
#include "registry/pair_choice.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// An engine that is interrupted runs no exit handlers: what is printed now and then is what its user gets.
constexpr uint64_t kTracesBetweenStatistics = uint64_t{1} << 17;

Lockstep& TheLockstep() {
  static Lockstep lockstep = MakeChosenLockstep(ChosenPairs().front());
  return lockstep;
}

// libFuzzer takes counters of this section for coverage, and clears them before each input.
__attribute__((section("__libfuzzer_extra_counters"), used)) uint8_t state_counters[kStateFeatures];
__attribute__((section("__libfuzzer_extra_counters"), used)) uint8_t clause_counters[kNoClause];

class StateCounter final : public StepObserver {
 public:
  void OnStep(const Step& step) override {
    if (step.teardown) return;
    Count(&state_counters[StateFeature(TheLockstep().situation(), step)]);
    if (step.clause != kNoClause) Count(&clause_counters[step.clause]);
  }

 private:
  // As many as a byte can say.
  static void Count(uint8_t* counter) { *counter = static_cast<uint8_t>(*counter + (*counter != 0xff ? 1 : 0)); }
};

HPFUZZ_UNCOVERED void PrintStatistics() { std::fputs(TheLockstep().statistics().Print().c_str(), stderr); }

// Not counted: when it prints depends on how many traces there were before.
HPFUZZ_UNCOVERED void PrintNowAndThen() {
  if (TheLockstep().statistics().traces % kTracesBetweenStatistics == 0) PrintStatistics();
}

}  // namespace

void StartRunning() {
  if (const absl::Status choice = CheckPairChoice(); !choice.ok()) {
    std::fprintf(stderr, "%s\n", std::string(choice.message()).c_str());
    std::exit(2);
  }
  TheLockstep();
  std::atexit(PrintStatistics);
}

void RunAndReport(const Trace& trace, std::string_view option) {
  static StateCounter counter;
  if (const Finding finding = TheLockstep().Run(trace, &counter)) {
    PrintStatistics();
    ReportTrace(trace, finding, TheLockstep(), option);
  }
  PrintNowAndThen();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
