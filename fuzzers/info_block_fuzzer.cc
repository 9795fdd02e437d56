// SPDX-License-Identifier: Apache-2.0
// info_block: any bytes are an info block on media, which both generations probe, create over and use; run in lockstep
// and judged. The mutator seals the checksum in most inputs, without which nothing behind it would ever be read. Not
// covered: life cycles of several namespaces (namespace). `hpfuzz show --info-block FILE` prints an input as a trace.
#include <cstddef>
#include <cstdint>

#include "fuzzers/run_trace.h"
#include "trace/info_block_scene.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {
constexpr unsigned kOneInUnsealed = 8;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (size == 0) return size;
  data[0] = static_cast<uint8_t>(data[0] & ~hpfuzz::kSceneSealed);
  if (seed % kOneInUnsealed != 0) data[0] |= hpfuzz::kSceneSealed;
  return size;
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  hpfuzz::StartRunning();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static hpfuzz::Trace trace;
  hpfuzz::MakeInfoBlockTrace({data, size}, &trace);
  hpfuzz::RunAndReport(trace, "--info-block");
  return 0;
}
