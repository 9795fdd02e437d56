// SPDX-License-Identifier: Apache-2.0
// Campaign: random traces and those of a corpus, heard one after the other until the time is up; a difference is
// confirmed on a fresh guest and reduced.
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
  // Traces of each kind are enough; 0: no bound but the time. Tests of a fixed size are made with these.
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
  size_t not_placed = 0;  // traces of the corpus that no guest can stand for
};

// Called with a line when something was found that takes a while to reduce.
using Progress = absl::FunctionRef<void(const std::string& line)>;

// Errors: there is no guest to ask.
absl::StatusOr<CampaignResult> RunCampaign(Session& session, const CampaignOptions& options, Progress progress);

// The shortest part of the trace, operation by operation, that still shows `key`; what was reached when the time is up.
absl::StatusOr<Hearing> Reduce(Session& session, const Trace& trace, const std::string& key,
                               std::chrono::seconds limit);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_CAMPAIGN_H_
