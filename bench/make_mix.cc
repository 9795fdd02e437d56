// SPDX-License-Identifier: Apache-2.0
// make_mix: writes bench/mix.hex to standard output. Run it only when the byte form changes: figures of different mixes
// do not compare.
#include <cstdio>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "registry/registry.h"
#include "trace/bytes.h"
#include "trace/generate.h"

int main() {
  constexpr unsigned kInputs = 512;
  hpfuzz::GenerateOptions options;
  // 32 operations on average, three of four with a lasting effect, on the machines that ship with the byte form.
  options.min_ops = 22;
  options.max_ops = 42;
  options.own_map_percent = 0;
  options.query_percent = 25;
  options.odd_percent = 3;
  options.failure_percent = 1;
  hpfuzz::Lockstep lockstep = hpfuzz::MakeDefaultLockstep();
  std::puts("# Inputs of the speed measurements: one trace in byte form a line. Made by make_mix.");
  unsigned made = 0;
  for (uint64_t seed = 1; made < kInputs; ++seed) {
    const hpfuzz::Trace trace = hpfuzz::GenerateTrace(seed, options);
    if (lockstep.Run(trace)) continue;
    const std::vector<uint8_t> bytes = hpfuzz::EncodeTrace(trace);
    const absl::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::puts(absl::BytesToHexString(text).c_str());
    ++made;
  }
  return 0;
}
