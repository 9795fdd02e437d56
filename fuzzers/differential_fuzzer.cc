// SPDX-License-Identifier: Apache-2.0
// differential: any bytes are a trace; it is run in lockstep on legacy and mainline-6.1 and judged. Not covered: traces
// that speak of NVDIMMs (namespace), traces in text (trace_text), other pairs of implementations.
#include <cstddef>
#include <cstdint>

#include "fuzzers/run_trace.h"
#include "trace/bytes.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hpfuzz::StartRunning();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (hpfuzz::SpeaksOfNvdimms({data, size})) return -1;
  static hpfuzz::Trace trace;
  hpfuzz::DecodeTrace({data, size}, &trace);
  hpfuzz::RunAndReport(trace);
  return 0;
}
