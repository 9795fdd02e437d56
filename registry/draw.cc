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
  FailingSteps failing;
  if (picture.finding) failing.push_back(picture.finding.step);
  for (const Disappointment& unmet : UnmetBefore(picture.finding, trace, picture.log, lockstep)) {
    failing.push_back(unmet.step);
  }
  return DrawPicture(trace, picture, lockstep, failing);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
