// SPDX-License-Identifier: Apache-2.0
// Random traces, step by step.
#include "fuzzers/contender/random_walk.h"

#include <vector>

#include "absl/types/span.h"
#include "fuzzers/run_trace.h"
#include "trace/bytes.h"
#include "trace/mutate_bytes.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// A step puts in two operations on average and takes some out: walks reach the length of inputs that libFuzzer keeps.
constexpr uint64_t kMostSteps = 64;

}  // namespace

void WalkAtRandom(bool nvdimm, uint64_t seed, size_t longest_input, LastInput& last) {
  Rng rng(seed);
  BytesMutator mutator(nvdimm);
  Trace trace;
  std::vector<uint8_t> input(longest_input);
  for (;;) {
    input[0] = static_cast<uint8_t>(rng.Next());
    size_t size = 1;
    mutator.KeepFamily(absl::MakeSpan(input.data(), size));
    for (uint64_t steps = 1 + rng.Below(kMostSteps); steps != 0; --steps) {
      size = mutator.Mutate(input.data(), size, longest_input, rng.Next());
      const absl::Span<const uint8_t> bytes(input.data(), size);
      last.Take(bytes);
      DecodeTrace(bytes, &trace);
      RunAndReport(trace);
    }
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
