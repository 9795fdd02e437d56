// SPDX-License-Identifier: Apache-2.0
// differential: any bytes are a trace; it is run in lockstep on legacy and mainline-6.1 and judged. Not covered: traces
// in text (trace_text), other pairs of implementations.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzzers/report_trace.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "trace/bytes.h"

namespace {

hpfuzz::Lockstep& TheLockstep() {
  static hpfuzz::Lockstep lockstep = hpfuzz::MakeDefaultLockstep();
  return lockstep;
}

void PrintStatistics() { std::fputs(TheLockstep().statistics().Print().c_str(), stderr); }

// An engine that is interrupted runs no exit handlers: what is printed now and then is what its user gets.
constexpr uint64_t kTracesBetweenStatistics = uint64_t{1} << 17;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  TheLockstep();
  std::atexit(PrintStatistics);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static hpfuzz::Trace trace;
  hpfuzz::DecodeTrace({data, size}, &trace);
  if (const hpfuzz::Finding finding = TheLockstep().Run(trace)) {
    PrintStatistics();
    hpfuzz::ReportTrace(trace, finding, TheLockstep());
  }
  if (TheLockstep().statistics().traces % kTracesBetweenStatistics == 0) PrintStatistics();
  return 0;
}
