// SPDX-License-Identifier: Apache-2.0
// A fuzz target that does nothing: what an engine and a sanitizer cost by themselves (scripts/engine_bench.sh).
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* /*data*/, size_t /*size*/) { return 0; }
