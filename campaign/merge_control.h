// SPDX-License-Identifier: Apache-2.0
// The control file of libFuzzer's merge (-merge_control_file): which inputs there are, and, as the engine runs them,
// what each reaches. It is written before the merge with the inputs in our order, so that the choice between inputs of
// one size does not depend on the order of a directory; read after it, it tells which inputs stopped the target.
//
// Its lines: the number of inputs; how many of them are kept anyhow; their paths, one a line; then for each input
// "STARTED N SIZE", "FT N FEATURE...", "COV N EDGE...". An input that stopped the target has the first of these only.
#ifndef HPFUZZ_CAMPAIGN_MERGE_CONTROL_H_
#define HPFUZZ_CAMPAIGN_MERGE_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

// Paths have no line ends.
std::string PrintMergeControl(const std::vector<std::string>& paths);

struct MergeOutcome {
  std::vector<size_t> stopped;  // places in `paths` of inputs that stopped the target, ascending
  size_t edges = 0;             // that the others reach together
  // By place: what each reaches, or of that only what none before it did.
  std::vector<std::vector<uint64_t>> features;
};

// How many features the inputs at those places reach together.
size_t FeaturesTogether(const MergeOutcome& outcome, const std::vector<size_t>& places);

// What the engine added to PrintMergeControl(paths). Internal: it is not of that merge, or the merge did not come to
// its end.
absl::StatusOr<MergeOutcome> ParseMergeControl(absl::string_view text, const std::vector<std::string>& paths);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_MERGE_CONTROL_H_
