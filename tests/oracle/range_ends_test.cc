// SPDX-License-Identifier: Apache-2.0
// Every operation over every odd end of a range: around pages, sub-sections and sections, around the end of the section
// table and of the address space, far behind both, and wrapping; with the release where there is something to release.
// Rounding is where the models' arithmetic differs, and what walks a range must not walk one behind the table.
#include <gtest/gtest.h>

#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/kind_traits.h"
#include "trace/op_limits.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Around each border: one byte, one page and one byte more or less of it.
std::vector<uint64_t> Around(const std::vector<uint64_t>& borders) {
  std::vector<uint64_t> around;
  for (const uint64_t border : borders) {
    for (const uint64_t distance : {uint64_t{0}, uint64_t{1}, kPageSize - 1, kPageSize, kPageSize + 1}) {
      around.push_back(border + distance);
      around.push_back(border - distance);
    }
  }
  return around;
}

class RangeEndsTest : public testing::TestWithParam<unsigned> {};

TEST_P(RangeEndsTest, HaveNoFinding) {
  const auto kind = static_cast<OpKind>(GetParam());
  if (!HasArg(kind, Arg::kRange)) GTEST_SKIP() << "an operation without a range";
  Trace trace;
  trace.map.ranges[0] = {FirmwareKind::kRam, 0, {kPageSize, 3 * kSectionSize - kPageSize}};
  trace.map.count = 1;
  const uint64_t table_end = trace.map.physmem_end();
  // Some memory with a block and some without, for those that take away.
  const PhysRange block{5 * kSectionSize, kSectionSize};
  const PhysRange bare{7 * kSectionSize, kSectionSize};
  constexpr uint64_t kFar = uint64_t{3} << 61;
  std::vector<uint64_t> starts = Around({kSectionSize, 3 * kSectionSize, block.start, bare.start, table_end, 0});
  std::vector<uint64_t> ends = Around({0, kSubsectionSize, kSectionSize, block.end(), bare.end(), table_end});
  starts.push_back(kFar);
  ends.push_back(kFar - kSectionSize);
  ends.push_back(2 * kFar);
  Lockstep lockstep = MakeDefaultLockstep();
  for (const uint64_t start : starts) {
    for (const uint64_t end : ends) {
      Op op{.kind = kind, .range = {start, end - start}};
      if (TraitsOf(kind).defines != Counter::kNone) op.handle = 0;
      if (ExceedsRangeLimit(op.kind, op.range)) continue;
      trace.ops = {{.kind = OpKind::kAddMemory, .range = block}, {.kind = OpKind::kAddPages, .range = bare}, op};
      if (kind == OpKind::kMemremapPages) trace.ops.push_back({.kind = OpKind::kMemunmapPages, .handle = 0});
      if (kind == OpKind::kInsertResource) trace.ops.push_back({.kind = OpKind::kRemoveResource, .handle = 0});
      const Finding finding = lockstep.Run(trace);
      EXPECT_FALSE(finding) << FindingKey(finding) << "\n"
                            << ExplainFinding(finding, lockstep) << "\n"
                            << PrintTrace(trace);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operations, RangeEndsTest, testing::Range(0U, kOpKinds));

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
