// SPDX-License-Identifier: Apache-2.0
// Random bytes that speak of NVDIMMs, decoded and run, for the tests of every geometry.
#ifndef HPFUZZ_TESTS_ORACLE_NVDIMM_BYTES_H_
#define HPFUZZ_TESTS_ORACLE_NVDIMM_BYTES_H_

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/bytes.h"
#include "trace/rng.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline void ExpectNoFinding(const ImplementationPair& pair, unsigned traces, uint64_t seed) {
  constexpr unsigned kMostBytes = 60;
  Lockstep lockstep = MakeLockstep(pair);
  Rng rng(seed);
  Trace trace;
  std::vector<uint8_t> bytes;
  for (unsigned i = 0; i < traces; ++i) {
    bytes.resize(1 + rng.Below(kMostBytes));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    bytes[0] = NvdimmFirstByte(bytes[0]);
    DecodeTrace(bytes, &trace);
    const Finding finding = lockstep.Run(trace);
    ASSERT_FALSE(finding) << "trace " << i << ": " << FindingKey(finding) << "\n"
                          << ExplainFinding(finding, lockstep) << "\n"
                          << PrintTrace(trace);
  }
  EXPECT_GT(lockstep.statistics().changed, traces);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_NVDIMM_BYTES_H_
