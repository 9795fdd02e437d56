// SPDX-License-Identifier: Apache-2.0
// Drawing a trace: which pair, and which of its steps are wrong.
#include "registry/draw.h"

#include "oracle/draw_picture.h"
#include "oracle/picture.h"
#include "registry/judge.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string DrawTrace(const Trace& trace) {
  Judge judge;
  Lockstep& lockstep = judge.pair(judge.Of(trace).pair);
  const Picture picture = TakePicture(trace, lockstep);
  const std::vector<Disappointment> unmet = UnmetBefore(picture.finding, trace, picture.log, lockstep);
  return DrawPicture(trace, picture, lockstep, FailingSteps(picture.finding, unmet, picture.log));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
