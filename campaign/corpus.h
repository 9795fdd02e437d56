// SPDX-License-Identifier: Apache-2.0
// Corpora made smaller: of all inputs those are kept that reach everything together, each feature by the smallest. What
// an input reaches the fuzz target itself says (libFuzzer's -merge=1). Not covered: AFL++'s way (afl-cmin), figures of
// a corpus (corpus_stats.h).
#ifndef HPFUZZ_CAMPAIGN_CORPUS_H_
#define HPFUZZ_CAMPAIGN_CORPUS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hpfuzz {

struct CorpusFile {
  std::string path;
  std::string bytes;
};

struct CorpusSize {
  size_t files = 0;
  size_t bytes = 0;
};

struct MergeRequest {
  std::string program;  // a fuzz target with libFuzzer
  // What becomes the corpus; may be missing. What it holds now is replaced as a whole: all of it that shall be kept
  // must be among `files`, or be hidden or named *.md: these stay.
  std::string into;
  std::vector<CorpusFile> files;  // the first of those with equal bytes gives its name
};

struct MergeResult {
  CorpusSize before;  // of the files, each content once
  CorpusSize after;
  size_t features = 0;
  size_t edges = 0;
  std::vector<std::string> stopped;  // paths of inputs that stopped the target: not in the corpus
  std::string kept_in;               // a folder beside `into` that holds those that were in it; empty: none was
};

// Runs the target until all is done. Unavailable: it cannot be run, or the disk is full, or `into` cannot be written;
// InvalidArgument: there is nothing to merge. `into` is as it was then, and when this program is ended before it
// returns.
absl::StatusOr<MergeResult> MergeCorpus(const MergeRequest& request);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_CORPUS_H_
