// SPDX-License-Identifier: Apache-2.0
// A run is a function of its trace alone: run again on the same machines, or on new ones, it gives the same verdict and
// compares the same things.
#include <gtest/gtest.h>

#include <string>

#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "tests/files.h"
#include "trace/bytes.h"
#include "trace/generate.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

Statistics Difference(const Statistics& after, const Statistics& before) {
  Statistics delta = after;
  delta.traces -= before.traces;
  delta.operations -= before.operations;
  delta.applied_both -= before.applied_both;
  delta.changed -= before.changed;
  delta.compared -= before.compared;
  delta.suspended -= before.suspended;
  for (size_t i = 0; i < delta.clause.size(); ++i) delta.clause[i] -= before.clause[i];
  return delta;
}

// Everything that a run tells.
std::string Outcome(const Trace& trace, Lockstep* lockstep) {
  const Statistics before = lockstep->statistics();
  const Finding finding = lockstep->Run(trace);
  std::string text =
      FindingKey(finding) + " at " + std::to_string(finding.step) + ", " + std::to_string(finding.pfn.value());
  return text + "\n" + Difference(lockstep->statistics(), before).Print();
}

// `used` has run anything before.
void ExpectDeterminism(const Trace& trace, Lockstep* used) {
  const std::string first = Outcome(trace, used);
  ASSERT_EQ(Outcome(trace, used), first) << PrintTrace(trace);
  Lockstep fresh = MakeDefaultLockstep();
  ASSERT_EQ(Outcome(trace, &fresh), first) << PrintTrace(trace);
}

Trace TraceOf(const std::string& path) {
  const std::string content = ContentOf(path);
  if (path.ends_with(".trace")) {
    absl::StatusOr<Trace> trace = ParseTrace(content, path);
    EXPECT_TRUE(trace.ok()) << trace.status();
    return trace.ok() ? *std::move(trace) : Trace();
  }
  Trace trace;
  DecodeTrace({reinterpret_cast<const uint8_t*>(content.data()), content.size()}, &trace);
  return trace;
}

TEST(Determinism, KeptTraces) {
  Lockstep used = MakeDefaultLockstep();
  for (const char* folder : {"repro", "corpus"}) {
    for (const std::string& path : FilesBelow(folder)) {
      ExpectDeterminism(TraceOf(path), &used);
      ASSERT_FALSE(HasFatalFailure()) << path;
    }
  }
}

TEST(Determinism, GeneratedTraces) {
  Lockstep used = MakeDefaultLockstep();
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const bool wild = seed % 2 != 0;
    const GenerateOptions options{
        .max_ops = 30, .odd_percent = wild ? 30U : 5U, .failure_percent = wild ? 10U : 2U, .stops = wild};
    ExpectDeterminism(GenerateTrace(seed, options), &used);
    ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
