// SPDX-License-Identifier: Apache-2.0
// Judge: keys of runs.
#include "registry/judge.h"

#include "registry/pair_choice.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::vector<Disappointment> UnmetBefore(const Finding& finding, const Trace& trace, const StepLog& log,
                                        const Lockstep& lockstep) {
  std::vector<Disappointment> all;
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    for (const Disappointment& unmet : UnmetExpectations(trace, log, side, lockstep.party(side))) {
      if (!finding || unmet.step <= finding.step) all.push_back(unmet);
    }
  }
  return all;
}

std::vector<size_t> FailingSteps(const Finding& finding, const std::vector<Disappointment>& unmet, const StepLog& log) {
  std::vector<size_t> failing;
  const auto is_operation = [&log](size_t i) { return i < log.size() && !log.step(i).teardown; };
  if (finding && finding.at_end) {
    failing.push_back(log.size());
  } else if (finding) {
    // Tear-down counts no steps of its own; the one that it was seen after is the last.
    failing.push_back(is_operation(finding.step) ? finding.step : log.size() - 1);
  }
  for (const Disappointment& one : unmet) failing.push_back(is_operation(one.step) ? one.step : log.size());
  return failing;
}

std::string KeyOfRun(const Finding& finding, const std::vector<Disappointment>& unmet, const Trace& trace) {
  if (finding || unmet.empty()) return FindingKey(finding);
  Finding expectation;
  expectation.kind = Finding::Kind::kExpectation;
  expectation.side = unmet.front().side;
  expectation.generation = Of(unmet.front().generation);
  expectation.op = trace.ops[unmet.front().step].kind;
  return FindingKey(expectation);
}

Judge::Judge() {
  for (const ImplementationPair& pair : ChosenPairs()) pairs_.push_back(MakeChosenLockstep(pair));
}

std::string Judge::KeyOf(Lockstep& pair, const Trace& trace) {
  if (trace.expectations.empty()) return FindingKey(pair.Run(trace));
  StepLog log;
  const Finding finding = pair.Run(trace, &log);
  return KeyOfRun(finding, UnmetBefore(finding, trace, log, pair), trace);
}

Judge::Verdict Judge::Of(const Trace& trace) {
  for (size_t i = 0; i < pairs_.size(); ++i) {
    if (std::string key = KeyOf(pairs_[i], trace); !key.empty()) return {std::move(key), i};
  }
  return {};
}

bool Judge::Is(const Verdict& verdict, const Trace& trace) {
  for (size_t i = 0; i < verdict.pair; ++i) {
    if (!KeyOf(pairs_[i], trace).empty()) return false;
  }
  return KeyOf(pairs_[verdict.pair], trace) == verdict.key;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
