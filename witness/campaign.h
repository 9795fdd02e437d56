// SPDX-License-Identifier: Apache-2.0
// Campaign: random traces and those of a corpus, heard one after the other until the time is up; a difference is
// reduced.
#ifndef HPFUZZ_WITNESS_CAMPAIGN_H_
#define HPFUZZ_WITNESS_CAMPAIGN_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "trace/trace.h"
#include "witness/random_trace.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct CampaignOptions {
  uint64_t seed = 1;
  double seconds = 60;
  // So many operations of each kind are enough; both 0: no bound but the time. Tests of a fixed size are made with
  // these.
  size_t pages_operations = 0;
  size_t memory_operations = 0;
  std::vector<Trace> corpus;
  size_t most_differences = 5;
};

struct Contradiction {
  std::string key;
  Hearing hearing;  // of the reduced trace
};

struct CampaignResult {
  std::vector<Contradiction> differences;  // each key once
  size_t pages_operations = 0;             // compared, by the kind of trace
  size_t memory_operations = 0;
  size_t corpus_traces = 0;
  size_t not_placed = 0;  // traces that no guest can stand for
  absl::Status error;     // why the campaign ended before its time: there is no guest to ask any more
};

// Called with a line when something was found that takes a while to reduce.
using Progress = absl::FunctionRef<void(const std::string& line)>;

CampaignResult RunCampaign(Session& session, const CampaignOptions& options, Progress progress);

// The hearing of the shortest part of the trace, operation by operation, that still shows what `heard` shows; what was
// reached when the time is up. `heard` itself if it is not seen again: its note says so then.
Hearing ReduceHearing(Session& session, const Trace& trace, Hearing heard, std::chrono::seconds limit);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_CAMPAIGN_H_
