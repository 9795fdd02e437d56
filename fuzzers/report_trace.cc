// SPDX-License-Identifier: Apache-2.0
// What a fuzz target prints of a finding.
#include "fuzzers/report_trace.h"

#include <string>

#include "oracle/explain.h"
#include "oracle/report.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// " --pair A,B" where it is not the one that replay runs anyway.
std::string PairOption(const Lockstep& lockstep) {
  if (lockstep.pair() == PairKind::kLegacyMainline) return {};
  return " --pair " + std::string(lockstep.party(Side::kLegacy).name) + "," +
         std::string(lockstep.party(Side::kSubsection).name);
}

}  // namespace

void ReportTrace(const Trace& trace, const Finding& finding, Lockstep& lockstep, std::string_view option) {
  StepLog log;
  lockstep.Run(trace, &log);
  std::string text = "\n" + PrintTrace(trace) + "\n";
  for (size_t i = 0; i < log.size(); ++i) text += ExplainStep(trace, log, i, lockstep);
  text += "finding  " + FindingKey(finding) + ": " + ExplainFinding(finding, lockstep) + "\n";
  const std::string pair = PairOption(lockstep);
  text += "replay   ./hpfuzz replay" + pair + " FILE, with the trace above";
  text += option.empty() ? " or" : "; ./hpfuzz replay" + pair + " " + std::string(option) + " FILE, with";
  text += " the file that the engine writes for this input\n";
  ReportFinding(finding, text);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
