// SPDX-License-Identifier: Apache-2.0
// A triage run: inputs, each looked at in a process of its own, into buckets on disk.
//
// An input is minimised, on to the root of what it shows (MinimizeRequest::to_root), and belongs to the bucket of that
// root. Of a crash every candidate is a process; so only the first input with a crash key is minimised, the others
// belong to its bucket by their key. The smallest inputs come first: the run depends on their contents alone, not on
// names, nor on how many are looked at at a time.
//
// Whatever runs an input or a trace does so in copies of this process, with the limits of the setting; this process
// reads, writes, and counts.
//
// Not covered: what a bucket's files say (bucket_files.h, furnish.h).
#ifndef HPFUZZ_TRIAGE_TRIAGE_RUN_H_
#define HPFUZZ_TRIAGE_TRIAGE_RUN_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/workbench.h"
#include "triage/bucket.h"
#include "triage/furnish.h"

namespace hpfuzz {

struct TriageSetting {
  std::filesystem::path out;
  int jobs = 1;
  double seconds = 60;  // for one input, to be minimised
  // Beside that: for running it at first, and a candidate that is under way when the time is up.
  std::chrono::milliseconds grace{60'000};
  size_t memory = size_t{2} << 30;  // bytes that one input may take
  std::vector<std::string> replay;  // as MinimizeOptions::replay
  MakeRecipe recipe;                // may be empty
  bool info_block = false;          // inputs are those of the fuzz target info_block
  std::string pair;                 // Bucket::pair; who runs traces is told in another way (registry/pair_choice.h)
  std::function<absl::StatusOr<std::string>(const std::string& file)> read;
  std::function<absl::StatusOr<const Workbench*>(absl::string_view content, absl::string_view file)> workbench;
  std::function<bool()> interrupted = [] { return false; };
  // Called as things are done: `what` they are, how many.
  std::function<void(absl::string_view what, size_t done, size_t of, size_t buckets)> show =
      [](absl::string_view, size_t, size_t, size_t) {};
};

struct TriageSummary {
  size_t inputs = 0;      // files that could be read
  size_t different = 0;   // contents
  size_t known = 0;       // of these, in a bucket since an earlier run
  size_t no_finding = 0;  // of these, that agree
  size_t own = 0;         // files of the output folder, which are no inputs
  bool interrupted = false;
  std::vector<std::string> errors;  // files that could not be read or understood, folders that could not be written
  std::vector<Bucket> buckets;      // all that are there now, by name
};

// Errors: the output folder cannot be used, or a process not be started.
absl::StatusOr<TriageSummary> RunTriage(const std::vector<std::string>& files, const TriageSetting& setting);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_TRIAGE_RUN_H_
