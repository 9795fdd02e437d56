// SPDX-License-Identifier: Apache-2.0
// Traces that are given.
#include "fuzzers/contender/given.h"

#include <chrono>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "files/input_files.h"
#include "fuzzers/run_trace.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "trace/bytes.h"
#include "trace/read_trace.h"
#include "trace/reduce.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Clock = std::chrono::steady_clock;

absl::StatusOr<Trace> TraceIn(const std::string& file) {
  const absl::StatusOr<std::string> content = ReadBytes(file);
  if (!content.ok()) return content.status();
  std::string left_out;
  return ReadTrace(*content, file, &left_out);
}

}  // namespace

absl::Status RunGiven(const std::vector<std::string>& files, LastInput& last) {
  for (const std::string& file : files) {
    const absl::StatusOr<Trace> trace = TraceIn(file);
    if (!trace.ok()) return trace.status();
    last.Take(EncodeTrace(*trace));
    RunAndReport(*trace);
  }
  return absl::OkStatus();
}

absl::Status ReduceGiven(const std::string& file, double seconds) {
  const absl::StatusOr<Trace> trace = TraceIn(file);
  if (!trace.ok()) return trace.status();
  Lockstep lockstep = MakeDefaultLockstep();
  const std::string key = FindingKey(lockstep.Run(*trace));
  if (key.empty()) return absl::NotFoundError(absl::StrCat(file, ": nothing is found in it"));
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  const Reduction reduction = Reduce(
      *trace, ReduceScope::kEverything,
      [&](const Trace& candidate) { return FindingKey(lockstep.Run(candidate)) == key; },
      [&] { return Clock::now() >= end; });
  std::printf("%shpfuzz-stats: reduced_operations=%zu\n", PrintTrace(reduction.trace).c_str(),
              reduction.trace.ops.size());
  return absl::OkStatus();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
