// SPDX-License-Identifier: Apache-2.0
// A triage run for people: how far it is, and the table of its buckets.
#ifndef HPFUZZ_TRIAGE_TRIAGE_TEXT_H_
#define HPFUZZ_TRIAGE_TRIAGE_TEXT_H_

#include <chrono>
#include <string>

#include "absl/strings/string_view.h"
#include "triage/triage_run.h"

namespace hpfuzz {

// On standard error: in place on a terminal, a line now and then elsewhere.
class ProgressBar {
 public:
  ProgressBar();
  void Show(absl::string_view what, size_t done, size_t of, size_t buckets);

 private:
  bool terminal_;
  std::chrono::steady_clock::time_point next_;
};

// A row a bucket, those with most inputs first, and what became of the other inputs. `folder`: where the buckets lie.
std::string PrintTriage(const TriageSummary& summary, const std::string& folder);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_TRIAGE_TEXT_H_
