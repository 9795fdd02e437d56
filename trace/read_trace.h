// SPDX-License-Identifier: Apache-2.0
// ReadTrace: a file that holds a trace, in text or in bytes, told by content.
#ifndef HPFUZZ_TRACE_READ_TRACE_H_
#define HPFUZZ_TRACE_READ_TRACE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Text or bytes, told by content: what does not begin as text is bytes when it holds a control character, or when its
// first line begins with nothing that a line of text can begin with.
bool LooksLikeText(absl::string_view content);

// Errors as ParseTrace; an empty file is one. `left_out` says what of the bytes was not read and why, if anything.
absl::StatusOr<Trace> ReadTrace(absl::string_view content, absl::string_view file, std::string* left_out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_READ_TRACE_H_
