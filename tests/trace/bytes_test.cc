// SPDX-License-Identifier: Apache-2.0
// The byte form: every byte string is a trace, every trace has bytes, and random bytes make sensible traces.
#include "trace/bytes.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/trace/round_trip.h"
#include "trace/generate.h"
#include "trace/kind_traits.h"
#include "trace/map_builder.h"
#include "trace/op_limits.h"
#include "trace/presets.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(TraceBytes, EveryStringOfUpToTwoBytes) {
  Trace buffer;
  CheckBytes({}, &buffer);
  for (unsigned a = 0; a < 256; ++a) {
    CheckBytes({static_cast<uint8_t>(a)}, &buffer);
    for (unsigned b = 0; b < 256; ++b) CheckBytes({static_cast<uint8_t>(a), static_cast<uint8_t>(b)}, &buffer);
    ASSERT_FALSE(HasFatalFailure()) << a;
  }
}

TEST(TraceBytes, RandomStrings) {
  Rng rng(2);
  Trace buffer;
  for (unsigned i = 0; i < 5000; ++i) {
    std::vector<uint8_t> bytes(rng.Below(100));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    CheckBytes(bytes, &buffer);
    ASSERT_FALSE(HasFatalFailure()) << i;
  }
}

// Half of them plausible, half of them with every argument anything.
TEST(TraceBytes, TwoHundredThousandTraces) {
  Trace buffer;
  for (uint64_t seed = 0; seed < 200000; ++seed) {
    const bool wild = seed % 2 != 0;
    const GenerateOptions options{.min_ops = 1, .max_ops = 9, .odd_percent = wild ? 60U : 5U, .stops = wild};
    CheckTrace(GenerateTrace(seed, options), &buffer);
    ASSERT_FALSE(HasFatalFailure()) << seed;
  }
}

TEST(TraceBytes, PresetsAreMapsAndOneByte) {
  for (unsigned i = 0; i < kPresets; ++i) {
    FirmwareMap rebuilt;
    for (const FirmwareRange& range : Preset(i)) EXPECT_EQ(InsertRange(range, &rebuilt), MapError::kNone) << i;
    rebuilt.phys_bits = Preset(i).phys_bits;
    rebuilt.five_level = Preset(i).five_level;
    rebuilt.movable_start = Preset(i).movable_start;
    EXPECT_TRUE(rebuilt == Preset(i)) << i;
    Trace trace;
    trace.map = Preset(i);
    EXPECT_EQ(EncodeTrace(trace), std::vector<uint8_t>{static_cast<uint8_t>(i)});
  }
}

TEST(TraceBytes, OperationsBeyondTheMaximumAreIgnored) {
  Trace trace;
  const std::vector<uint8_t> zeros(4 * kMaxOps, 0);
  const size_t used = DecodeTrace(zeros, &trace);
  EXPECT_EQ(trace.ops.size(), kMaxOps);
  EXPECT_LT(used, zeros.size());
  // What is left out does not matter, and without it nothing is.
  Trace again;
  EXPECT_EQ(DecodeTrace(absl::MakeConstSpan(zeros).first(used), &again), used);
  EXPECT_TRUE(again.SameProgram(trace));
}

// A trace ends before the operation that would exceed what one may walk, be it by its own range or by that of the
// mapping it releases.
TEST(TraceBytes, SectionsBeyondTheMaximumAreIgnored) {
  constexpr size_t kFull = kMaxTraceSections / kMaxRangeSections;
  for (const OpKind last : {OpKind::kMemremapPages, OpKind::kMemunmapPages, OpKind::kUnpinPage, OpKind::kPfnValid}) {
    Trace trace;
    for (size_t i = 0; i < kFull; ++i) {
      trace.ops.push_back({.kind = OpKind::kMemremapPages,
                           .handle = static_cast<Handle>(i),
                           .range = {0, kMaxRangeSections * kSectionSize}});
    }
    const size_t full = EncodeTrace(trace).size();
    Op op;
    op.kind = last;
    if (last == OpKind::kMemunmapPages) op.handle = 0;
    if (last == OpKind::kMemremapPages) {
      op.handle = kFull;
      op.range = {0, kSectionSize};
    }
    trace.ops.push_back(op);
    const std::vector<uint8_t> bytes = EncodeTrace(trace);
    Trace decoded;
    const bool walks = last != OpKind::kPfnValid;
    EXPECT_EQ(DecodeTrace(bytes, &decoded), walks ? full : bytes.size()) << SpecOf(last).name;
    EXPECT_EQ(decoded.ops.size(), walks ? kFull : kFull + 1) << SpecOf(last).name;
  }
}

TEST(TraceBytes, LongRangesAreCut) {
  Trace trace;
  Op op;
  op.kind = OpKind::kAddMemory;
  op.range = {kSectionSize - kPageSize, (kMaxRangeSections + 7) * kSectionSize};
  trace.ops.push_back(op);
  DecodeTrace(EncodeTrace(trace), &trace);
  ASSERT_EQ(trace.ops.size(), 1U);
  EXPECT_EQ(trace.ops[0].range.start, op.range.start);
  EXPECT_EQ(trace.ops[0].range.end(), kMaxRangeSections * kSectionSize);
}

struct Distribution {
  std::array<unsigned, kOpKinds> of_kind = {};
  unsigned ops = 0;
  unsigned queries = 0;
  unsigned whole_sections = 0;  // of operations that change sections
  unsigned whole_subsections = 0;
  unsigned ranges = 0;
  unsigned stops = 0;  // removals of parts of sections, memory beyond the section table
  size_t bytes = 0;
};

void Count(const Op& op, const FirmwareMap& map, Distribution* d) {
  ++d->ops;
  ++d->of_kind[static_cast<unsigned>(op.kind)];
  if (SpecOf(op.kind).effects == kNothing && op.kind >= OpKind::kRegionIntersects && op.kind <= OpKind::kStructPage) {
    ++d->queries;
  }
  const bool changes = (SpecOf(op.kind).effects & kSections) != 0;
  if (!HasArg(op.kind, Arg::kRange) || !changes) return;
  ++d->ranges;
  d->whole_sections += op.range.aligned_to(kSectionSize) ? 1 : 0;
  d->whole_subsections += op.range.aligned_to(kSubsectionSize) ? 1 : 0;
  const bool removes =
      op.kind == OpKind::kRemovePages || op.kind == OpKind::kArchRemoveMemory || op.kind == OpKind::kRemoveMemory;
  const bool beyond = op.range.start >= map.physmem_end() || op.range.size > map.physmem_end() - op.range.start;
  d->stops += (removes && !op.range.aligned_to(kSectionSize)) || beyond ? 1 : 0;
}

TEST(TraceBytes, RandomBytesMakeSensibleTraces) {
  Rng rng(1);
  Trace trace;
  Distribution d;
  for (unsigned i = 0; i < 5000; ++i) {
    std::vector<uint8_t> bytes(rng.Below(120));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next());
    DecodeTrace(bytes, &trace);
    for (const Op& op : trace.ops) Count(op, trace.map, &d);
    d.bytes += EncodeTrace(trace).size();
  }
  for (unsigned kind = 0; kind < kOpKinds; ++kind) EXPECT_GT(d.of_kind[kind], d.ops / 500) << kOpSpecs[kind].name;
  EXPECT_NEAR(100.0 * d.queries / d.ops, 23, 4);
  EXPECT_GT(100.0 * d.whole_sections / d.ranges, 60);
  EXPECT_GT(100.0 * d.whole_subsections / d.ranges, 90);
  EXPECT_LT(100.0 * d.stops / d.ops, 2);
  EXPECT_LT(static_cast<double>(d.bytes) / d.ops, 4);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
