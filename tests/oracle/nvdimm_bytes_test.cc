// SPDX-License-Identifier: Apache-2.0
// Random bytes of the family that speaks of NVDIMMs, run with every sub-section variant: no finding.
#include "tests/oracle/nvdimm_bytes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(NvdimmBytes, AgainstMainline61) { ExpectNoFinding(DefaultPairs()[0], 3000, 11); }
TEST(NvdimmBytes, AgainstMainline612) { ExpectNoFinding(DefaultPairs()[1], 6000, 12); }

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
