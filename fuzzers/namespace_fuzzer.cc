// SPDX-License-Identifier: Apache-2.0
// namespace: any bytes of the family that speaks of NVDIMMs are a trace of regions, namespaces and reboots among
// everything else; it is run in lockstep on legacy and mainline-6.1 and judged. Not covered: other traces
// (differential), info blocks as raw bytes (info_block).
#include <cstddef>
#include <cstdint>

#include "fuzzers/run_trace.h"
#include "trace/bytes.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Bytes of the other family become bytes of this one: the first byte alone decides.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (size != 0) data[0] = hpfuzz::NvdimmFirstByte(data[0]);
  return size;
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hpfuzz::StartRunning();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (!hpfuzz::SpeaksOfNvdimms({data, size})) return -1;
  static hpfuzz::Trace trace;
  hpfuzz::DecodeTrace({data, size}, &trace);
  hpfuzz::RunAndReport(trace);
  return 0;
}
