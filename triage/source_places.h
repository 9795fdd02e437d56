// SPDX-License-Identifier: Apache-2.0
// Where in this tree a finding is, as far as that is known: of a finding of the oracle the functions that its operation
// runs, as a table; of a crash the frames of the report. Files only, no lines, where a table would have to keep up with
// them.
#ifndef HPFUZZ_TRIAGE_SOURCE_PLACES_H_
#define HPFUZZ_TRIAGE_SOURCE_PLACES_H_

#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "oracle/side.h"
#include "trace/op.h"
#include "triage/sarif.h"

namespace hpfuzz {

// Where an operation is implemented, and by which function: a test looks whether it is still there.
struct OpPlace {
  OpKind op;
  struct Place {
    std::string_view file;
    std::string_view function;
  } of[kSides];
};
// By OpKind.
absl::Span<const OpPlace> OpPlaces();

// Of the generation that the key of a finding names, else of both. None for "end." and for what is no finding of the
// oracle.
std::vector<SarifLocation> PlacesOfKey(std::string_view key);

// The places in impl_legacy/, impl_subsection/ and machine/ that a sanitizer's report names first: where
// UndefinedBehaviorSanitizer saw it, then the first stack from inside out. The report is a stranger's text: what comes
// out is a file right in one of these folders, and a line.
std::vector<SarifLocation> PlacesInReport(std::string_view report);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SOURCE_PLACES_H_
