// SPDX-License-Identifier: Apache-2.0
// Settling: each pair is run, each new answer written down.
#include "registry/settle.h"

#include <algorithm>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// As `who` unless somebody of this side was first and answered the same, or `name` is there already.
void Write(std::string_view side, std::string_view name, const Answer& answer, std::vector<Expectation>* expectations) {
  const auto said_by = [&](std::string_view who) {
    return std::find_if(expectations->begin(), expectations->end(),
                        [who](const Expectation& one) { return one.who == who; });
  };
  const auto first = said_by(side);
  if (first == expectations->end()) {
    expectations->push_back({std::string(side), answer, /*payload=*/false});
  } else if (first->answer != answer && said_by(name) == expectations->end()) {
    expectations->push_back({std::string(name), answer, /*payload=*/false});
  }
}

}  // namespace

Trace Settle(Trace trace) {
  trace.expectations.clear();
  std::vector<std::vector<Expectation>> expectations(trace.ops.size());
  for (const ImplementationPair& pair : DefaultPairs()) {
    Lockstep lockstep = MakeLockstep(pair);
    StepLog log;
    lockstep.Run(trace, &log);
    for (size_t i = 0; i < log.size() && i < trace.ops.size() && !log.step(i).teardown; ++i) {
      for (const Side side : {Side::kLegacy, Side::kSubsection}) {
        const unsigned which = static_cast<unsigned>(side);
        if (!log.step(i).applied[which]) continue;
        Write(SideName(side), lockstep.party(side).name, log.step(i).answer[which], &expectations[i]);
      }
    }
  }
  trace.expectations = std::move(expectations);
  return trace;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
