// SPDX-License-Identifier: Apache-2.0
// differential: any bytes are a trace; it is run in lockstep on legacy and mainline-6.1 and judged. Not covered: traces in
// text (trace_text), other pairs of implementations.
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
  return 0;
}
