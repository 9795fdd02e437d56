// SPDX-License-Identifier: Apache-2.0
// Report: a hearing as text: each operation as the trace has it, and the three answers.
#ifndef HPFUZZ_WITNESS_REPORT_H_
#define HPFUZZ_WITNESS_REPORT_H_

#include <string>

#include "trace/trace.h"
#include "witness/campaign.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// `trace` is the one that was given, `implementation` the name of the layer. All operations, what was left out, and the
// verdict.
std::string HearingText(const Trace& trace, const Hearing& hearing, std::string_view implementation);
// Only where kernel and models differ: "" if they agree.
std::string DeviationText(const Hearing& hearing, std::string_view implementation);
// The trace as it was asked, with the answers of the kernel as expectations: a repro.
std::string ReproText(const Hearing& hearing, std::string_view implementation);
// How much was asked and where the time went.
std::string SummaryText(const SessionStatistics& statistics, size_t agree, size_t differences, size_t not_placed);
struct TranscriptReport {
  size_t cases = 0;
  size_t differences = 0;
  std::string text;  // of those that differ
};
// Plays a transcript to the models of its kernel.
absl::StatusOr<TranscriptReport> CheckTranscript(absl::string_view content, absl::string_view file);

std::string CampaignText(const CampaignResult& result, const SessionStatistics& statistics);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_REPORT_H_
