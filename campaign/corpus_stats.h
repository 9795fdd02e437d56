// SPDX-License-Identifier: Apache-2.0
// What a corpus consists of: sizes, operations, clauses that its traces hit, inputs that are the same trace. Traces are
// run on the pair that fuzz targets run. Not covered: coverage of the code (./hpfuzz coverage), files that cannot be
// read.
#ifndef HPFUZZ_CAMPAIGN_CORPUS_STATS_H_
#define HPFUZZ_CAMPAIGN_CORPUS_STATS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "campaign/corpus.h"

namespace hpfuzz {

// How a fuzz target reads its inputs.
enum class InputForm : uint8_t {
  kBytes,        // differential
  kNvdimmBytes,  // namespace
  kInfoBlock,
  kText,   // trace_text
  kOther,  // no traces: recorded_text
};
// kOther of a name that is no target.
InputForm FormOf(std::string_view target);
// The target whose name stands last in the path of a corpus: corpus/namespace, build/fuzz/namespace/corpus. Else
// differential.
std::string TargetOf(std::string_view folder);

// Least, median and most; of an even number of values the median is the lower middle one.
struct Spread {
  size_t least = 0;
  size_t median = 0;
  size_t most = 0;
};

struct CorpusStats {
  InputForm form = InputForm::kOther;
  CorpusSize size;
  Spread bytes;

  // Of traces; nothing of it is meant when the form is kOther.
  size_t traces = 0;
  size_t refused = 0;  // files that the target takes for none: text with an error, bytes of another family
  Spread operations_per_trace;
  uint64_t operations = 0;
  uint64_t applied_both = 0;                              // answered by both machines
  std::vector<std::pair<std::string, uint64_t>> kinds;    // operations of every kind, in the order of trace/op.h
  std::vector<std::pair<std::string, uint64_t>> clauses;  // how often each governed, in the order of the contract
  // Paths of files that decode to the same trace: groups of at least two, in the order of `files`.
  std::vector<std::vector<std::string>> equal;
  std::vector<std::pair<std::string, std::string>> findings;  // path and key
};

CorpusStats StatsOf(const std::vector<CorpusFile>& files, InputForm form);

// A few lines for people, below the heading `name`, and one object for programs. `unreadable`: why files are not among
// them.
std::string PrintCorpusStats(const CorpusStats& stats, absl::string_view name, absl::string_view target,
                             const std::vector<std::string>& unreadable);
std::string CorpusStatsJson(const CorpusStats& stats, absl::string_view name, absl::string_view target,
                            const std::vector<std::string>& unreadable);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_CORPUS_STATS_H_
