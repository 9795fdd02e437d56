// SPDX-License-Identifier: Apache-2.0
// Recorded check: the replay.
#include "oracle/recorded_check.h"

#include <utility>

#include "oracle/recorded_compare.h"
#include "trace/apply.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Replay {
 public:
  Replay(const RecordedCase& recorded, HotplugLayer& layer) : case_(recorded), layer_(layer), state_(recorded) {}

  std::vector<RecordedDifference> Run() {
    layer_.Boot(case_.map);
    for (const RecordedLine& line : case_.lines) {
      if (line.ends_case) break;
      for (const RecordedStep& step : line.steps) TakeStep(step);
      if (!stopped_ && line.state.has_value()) state_.Compare(*line.state, layer_, mismatches_);
      Report(line);
      if (stopped_ || differences_.size() >= kMaxDifferences) break;
    }
    layer_.ArmFailure({});
    return std::move(differences_);
  }

 private:
  void TakeStep(const RecordedStep& step) {
    if (stopped_) return;
    if (step.op.kind == OpKind::kFailAlloc) {
      layer_.ArmFailure(step.op.fail);
      return;
    }
    const Answer answer = Apply(step.op, layer_);
    layer_.ArmFailure({});
    stopped_ = answer.stops();
    const bool unspecified = answer.kind == Answer::Kind::kPage && layer_.Facts(step.op.pfn).unspecified;
    if (!unspecified) CompareRecordedAnswer(case_, step, answer, mismatches_);
  }

  void Report(const RecordedLine& line) {
    for (Mismatch& mismatch : mismatches_) {
      if (differences_.size() == kMaxDifferences) break;
      differences_.push_back({case_.name, line.number, line.text, std::move(mismatch.what),
                              std::move(mismatch.recorded), std::move(mismatch.ours)});
    }
    mismatches_.clear();
  }

  const RecordedCase& case_;
  HotplugLayer& layer_;
  RecordedStateCheck state_;
  bool stopped_ = false;
  std::vector<Mismatch> mismatches_;
  std::vector<RecordedDifference> differences_;
};

}  // namespace

std::vector<RecordedDifference> CheckRecorded(const RecordedCase& recorded, HotplugLayer& layer) {
  return Replay(recorded, layer).Run();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
