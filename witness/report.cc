// SPDX-License-Identifier: Apache-2.0
// Report: hearings as text.
#include "witness/report.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "trace/text.h"
#include "witness/doctor.h"
#include "witness/transcript.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string View(std::string_view text) { return std::string(text); }

// The answers, each behind its name; one line when all are the same.
std::string AnswersText(const WitnessStep& step, const std::string& kernel, const HandleNames& names,
                        std::string_view implementation) {
  std::string text;
  const std::string heard = PrintAnswer(step.kernel, names);
  const std::string said[kModels] = {PrintAnswer(step.model[0], names), PrintAnswer(step.model[1], names)};
  absl::StrAppendFormat(&text, "        %-14s %s\n", kernel, heard);
  absl::StrAppendFormat(&text, "        %-14s %s\n", View(implementation), said[0]);
  if (said[1] != said[0]) absl::StrAppendFormat(&text, "        %-14s %s\n", "reference", said[1]);
  return text;
}

std::string StatisticsText(const SessionStatistics& s) {
  const double asked = s.kernel_seconds > 0 ? static_cast<double>(s.operations) / s.kernel_seconds : 0;
  return absl::StrFormat(
      "  operations    %d (%.0f a second of the kernel's time), %d requests in all\n"
      "  boots         %d, of which %d because a reset did not bring back the state of boot, %d because the page "
      "allocator had been "
      "given pages of a device\n"
      "  lost          %d machines, which did not die again when they were asked line by line\n"
      "  cut short     %d traces, by what is the guest's own\n"
      "  time          %.1f s kernel, %.1f s models, %.1f s booting\n",
      s.operations, asked, s.requests, s.boots, s.failed_resets, s.given_up, s.lost, s.environment, s.kernel_seconds,
      s.model_seconds, s.boot_seconds);
}

}  // namespace

std::string SummaryText(const SessionStatistics& statistics, size_t agree, size_t differences, size_t not_placed) {
  return absl::StrFormat("%d traces: %d agree, %d differ, %d cannot be asked\n", agree + differences + not_placed,
                         agree, differences, not_placed) +
         StatisticsText(statistics);
}

std::string CampaignText(const CampaignResult& result, const SessionStatistics& statistics) {
  return absl::StrFormat(
             "witness\n"
             "  compared      %d operations on pages, %d on mappings and blocks, %d traces of the corpus (%d cannot be "
             "asked)\n",
             result.pages_operations, result.memory_operations, result.corpus_traces, result.not_placed) +
         StatisticsText(statistics) + absl::StrFormat("  differences   %d\n", result.differences.size());
}

std::string DeviationText(const Hearing& hearing, std::string_view implementation) {
  std::string text;
  for (unsigned i = 0; i < kModels; ++i) {
    const Deviation& deviation = hearing.deviation[i];
    if (!deviation.found()) continue;
    const uint32_t op = hearing.deviation_op[i];
    const bool at_end = op >= hearing.placement.origin.size();
    absl::StrAppend(&text,
                    hearing.at_boot ? std::string("when it had booted")
                    : at_end        ? std::string("at the end")
                                    : absl::StrCat("operation ", hearing.placement.origin[op] + 1),
                    ", ", deviation.what, "\n  kernel ", hearing.release, ": ", deviation.kernel, "\n  ",
                    i == 0 ? View(implementation) : "reference of " + View(implementation), ": ", deviation.layer,
                    "\n");
  }
  return text;
}

absl::StatusOr<TranscriptReport> CheckTranscript(absl::string_view content, absl::string_view file) {
  absl::StatusOr<std::vector<TranscriptCase>> cases = ParseTranscript(content, file);
  if (!cases.ok()) return cases.status();
  TranscriptReport report;
  for (TranscriptCase& c : *cases) {
    const std::string_view name = ImplementationForRelease(c.hearing.release);
    const Implementation* implementation = FindImplementation(name);
    for (uint32_t i = 0; i < c.hearing.placement.trace.ops.size(); ++i) c.hearing.placement.origin.push_back(i);
    Compare(&c.hearing, implementation->make_layer().get(), implementation->make_reference().get());
    ++report.cases;
    if (c.hearing.agrees()) continue;
    ++report.differences;
    absl::StrAppend(&report.text, file, ":", c.line, ": ", c.name, ": ", KeyOf(c.hearing), "\n",
                    DeviationText(c.hearing, name));
  }
  return report;
}

std::string HearingText(const Trace& trace, const Hearing& hearing, std::string_view implementation) {
  std::map<uint32_t, size_t> asked;
  for (size_t i = 0; i < hearing.steps.size(); ++i) asked[hearing.placement.origin[i]] = i;
  std::map<uint32_t, std::string> left_out;
  for (const LeftOut& left : hearing.placement.left_out) left_out[left.op] = left.why;
  const HandleNames names = NamesOf(trace);
  const std::string kernel = "kernel " + hearing.release.substr(0, hearing.release.find_first_of("-+"));
  std::string text;
  for (uint32_t i = 0; i < trace.ops.size(); ++i) {
    absl::StrAppendFormat(&text, "%4d  %s\n", i + 1, PrintOp(trace.ops[i], names));
    if (const auto step = asked.find(i); step != asked.end()) {
      // Handles are counted anew where operations were left out; names are those of the trace as long as none was.
      text += AnswersText(hearing.steps[step->second], kernel,
                          hearing.placement.left_out.empty() ? names : HandleNames{}, implementation);
    } else if (const auto why = left_out.find(i); why != left_out.end()) {
      absl::StrAppend(&text, "        not asked: ", why->second, "\n");
    } else {
      absl::StrAppend(&text, "        not asked\n");
    }
  }
  if (!hearing.note.empty()) absl::StrAppend(&text, "note     ", hearing.note, "\n");
  if (hearing.agrees()) {
    absl::StrAppend(&text, "verdict  ", kernel, ", ", View(implementation), " and its reference: agree\n");
  } else {
    absl::StrAppend(&text, "verdict  DIFFERENCE ", KeyOf(hearing), "\n", DeviationText(hearing, implementation));
  }
  return text;
}

std::string ReproText(const Hearing& hearing, std::string_view implementation) {
  Trace trace = hearing.placement.trace;
  trace.expectations.resize(trace.ops.size());
  for (size_t i = 0; i < hearing.steps.size() && i < trace.ops.size(); ++i) {
    const WitnessStep& step = hearing.steps[i];
    trace.expectations[i].push_back({View(implementation), step.kernel, false});
  }
  std::string text = absl::StrCat("# ", KeyOf(hearing), ": kernel ", hearing.release, " against ", View(implementation),
                                  ". Expected answers are the kernel's.\n");
  const std::string deviation = DeviationText(hearing, implementation);
  for (size_t at = 0; at < deviation.size();) {
    const size_t end = deviation.find('\n', at);
    absl::StrAppend(&text, "# ", deviation.substr(at, end - at), "\n");
    at = end + 1;
  }
  return text + PrintTrace(trace);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
