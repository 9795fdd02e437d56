// SPDX-License-Identifier: Apache-2.0
// differential: any bytes are a trace; it is run in lockstep on legacy and mainline-6.1 and judged. Not covered: traces
// that speak of NVDIMMs (namespace), traces in text (trace_text), other pairs of implementations.
#include <cstddef>
#include <cstdint>

#include "fuzzers/mutate_trace.h"
#include "fuzzers/run_trace.h"
#include "trace/bytes.h"

namespace {
hpfuzz::BytesMutator mutator(/*nvdimm=*/false);
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  return hpfuzz::MutateTraceInput(mutator, data, size, max_size, seed);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* first, size_t first_size, const uint8_t* second,
                                            size_t second_size, uint8_t* out, size_t max_out_size, unsigned seed) {
  return hpfuzz::CrossOverTraceInputs(mutator, first, first_size, second, second_size, out, max_out_size, seed);
}

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
