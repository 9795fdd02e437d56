// SPDX-License-Identifier: Apache-2.0
// The life of a finding in the source tree: out of its bucket to repro/open/, where it is known and not mended, and
// when it is gone, to repro/, with the answers that are right now.
//
// A trace of repro/open/ begins with the line "# open: KEY". A test replays each (StillOpen) and fails when its finding
// is gone, so that it is moved.
#ifndef HPFUZZ_TRIAGE_OPEN_FINDINGS_H_
#define HPFUZZ_TRIAGE_OPEN_FINDINGS_H_

#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/workbench.h"

namespace hpfuzz {

struct FindingPlaces {
  std::filesystem::path buckets;  // of `hpfuzz triage`
  std::filesystem::path repro;
};

using WorkbenchOf = std::function<absl::StatusOr<const Workbench*>(absl::string_view content, absl::string_view file)>;

// Moves the finding on by one step and returns the file where it is now. `key` is that of a finding or the name of its
// bucket. NotFound: there is none, or several buckets have the key. FailedPrecondition: it is open and still there.
// AlreadyExists: a file is where it would go. Others: a file cannot be read or written.
absl::StatusOr<std::filesystem::path> Promote(const std::string& key, const FindingPlaces& places,
                                              const WorkbenchOf& workbench_of);

// Whether the trace, a file of repro/open/, shows what its first line says; else what it shows, in words.
absl::Status StillOpen(absl::string_view content, absl::string_view file, const Workbench& workbench);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_OPEN_FINDINGS_H_
