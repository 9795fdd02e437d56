// SPDX-License-Identifier: Apache-2.0
// Recorded check: the oracle that needs no contract. A layer is given what a real kernel was given; where its answer or
// its state afterwards is not the recorded one, that is a difference.
//
// Compared: answers with warnings and payload as far as printed; flags, bitmaps, memmaps and direct maps of all shown
// sections; zone and node spans with present pages; usage map balance; resources; lookups. Not compared: what the files
// ask not to assert (trace/recorded.h leaves it out), resources below boot RAM (the kernel's own image), and struct
// pages that a reference calls unspecified.
#ifndef HPFUZZ_ORACLE_RECORDED_CHECK_H_
#define HPFUZZ_ORACLE_RECORDED_CHECK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "hotplug/layer.h"
#include "trace/recorded.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct RecordedDifference {
  std::string case_name;
  int line = 0;      // in the recorded file
  std::string op;    // as it stands there
  std::string what;  // "answer", "warnings", "section 8", "zone Normal", ...
  std::string recorded;
  std::string ours;
};

// Differences that are told of one case.
inline constexpr size_t kMaxDifferences = 100;

// Boots `layer` and replays the case. The differences in order, up to kMaxDifferences; later ones often follow from the
// first. Ends early when the layer stops.
std::vector<RecordedDifference> CheckRecorded(const RecordedCase& recorded, HotplugLayer& layer);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_RECORDED_CHECK_H_
