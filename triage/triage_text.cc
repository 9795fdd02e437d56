// SPDX-License-Identifier: Apache-2.0
// A triage run as text.
#include "triage/triage_text.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kCells = 30;

std::string Share(const Replays& replays) { return absl::StrCat(replays.same, " of ", replays.all); }

std::string Notes(const Bucket& bucket) {
  std::string notes = bucket.replays.flaky() ? absl::StrCat(", FLAKY: ", Share(bucket.replays)) : "";
  size_t flaky = 0;
  for (const BucketInput& input : bucket.inputs) flaky += input.replays.flaky() ? 1 : 0;
  if (flaky != 0) absl::StrAppend(&notes, ", ", flaky, " flaky inputs");
  if (!bucket.minimal) absl::StrAppend(&notes, ", not minimal");
  return notes;
}

}  // namespace

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO) == 1), next_(Clock::now()) {}

void ProgressBar::Show(absl::string_view what, size_t done, size_t of, size_t buckets) {
  if (Clock::now() < next_ && done != of) return;
  next_ = Clock::now() + (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000));
  const size_t cells = kCells * done / of;
  const std::string bar = std::string(cells, '#') + std::string(kCells - cells, '.');
  const std::string line =
      absl::StrCat("[", bar, "] ", done, " of ", of, " ", what, "; ", buckets, buckets == 1 ? " bucket" : " buckets");
  std::cerr << (terminal_ ? "\r\033[K" + line : line + "\n") << (terminal_ && done == of ? "\n" : "") << std::flush;
}

std::string PrintTriage(const TriageSummary& summary, const std::string& folder) {
  std::string text = absl::StrCat(summary.inputs, " files, ", summary.different, " different: ");
  absl::StrAppend(&text, summary.no_finding, " without a finding, ", summary.known, " known before");
  if (summary.own != 0) absl::StrAppend(&text, ", ", summary.own, " files of the output folder left out");
  absl::StrAppend(&text, summary.interrupted ? "; interrupted\n" : "\n", summary.buckets.size(), " buckets in ", folder,
                  "\n");
  std::vector<const Bucket*> buckets;
  for (const Bucket& bucket : summary.buckets) buckets.push_back(&bucket);
  std::sort(buckets.begin(), buckets.end(), [](const Bucket* a, const Bucket* b) {
    return a->inputs.size() != b->inputs.size() ? a->inputs.size() > b->inputs.size() : a->name() < b->name();
  });
  for (const Bucket* bucket : buckets) {
    absl::StrAppendFormat(&text, "  %6d inputs, %2d operations  %s%s\n", bucket->inputs.size(), bucket->operations,
                          bucket->name(), Notes(*bucket));
  }
  return text;
}

}  // namespace hpfuzz
