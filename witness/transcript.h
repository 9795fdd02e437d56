// SPDX-License-Identifier: Apache-2.0
// Transcript: what passed between us and a kernel, as text, so that models can be compared with its answers where there
// is no guest.
//
//   kernel RELEASE
//   case NAME
//   <the trace as it was asked, with the guest's map>
//   asked
//   op REQUEST = ANSWER        the next operation of the trace
//   look REQUEST = ANSWER      at the state after it
//   end                        the looks that follow are at the end of the trace
//   look ...
//
// '#' begins a comment outside of traces.
#ifndef HPFUZZ_WITNESS_TRANSCRIPT_H_
#define HPFUZZ_WITNESS_TRANSCRIPT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct TranscriptCase {
  std::string name;
  int line = 0;     // of "case"
  Hearing hearing;  // without steps and deviations: Compare() fills them in
};

// One case, without the line of the kernel.
std::string TranscriptText(const std::string& name, const Hearing& hearing);

// Errors: InvalidArgument, "file:line:1: read ..., expected ...".
absl::StatusOr<std::vector<TranscriptCase>> ParseTranscript(absl::string_view text, absl::string_view file);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_TRANSCRIPT_H_
