// SPDX-License-Identifier: Apache-2.0
// One Lockstep for the whole run of a target.
#include "fuzzers/run_trace.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzzers/report_trace.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// An engine that is interrupted runs no exit handlers: what is printed now and then is what its user gets.
constexpr uint64_t kTracesBetweenStatistics = uint64_t{1} << 17;

Lockstep& TheLockstep() {
  static Lockstep lockstep = MakeDefaultLockstep();
  return lockstep;
}

void PrintStatistics() { std::fputs(TheLockstep().statistics().Print().c_str(), stderr); }

}  // namespace

void StartRunning() {
  TheLockstep();
  std::atexit(PrintStatistics);
}

void RunAndReport(const Trace& trace, std::string_view option) {
  if (const Finding finding = TheLockstep().Run(trace)) {
    PrintStatistics();
    ReportTrace(trace, finding, TheLockstep(), option);
  }
  if (TheLockstep().statistics().traces % kTracesBetweenStatistics == 0) PrintStatistics();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
