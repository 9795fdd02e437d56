// SPDX-License-Identifier: Apache-2.0
// What the summary line of a sanitizer, or of libFuzzer, says: one key for everybody who names a crash by it.
//
// Not covered: the stack above it, from which `hpfuzz minimize` makes a finer key.
#ifndef HPFUZZ_PROCESS_SANITIZER_SUMMARY_H_
#define HPFUZZ_PROCESS_SANITIZER_SUMMARY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace hpfuzz {

// The key of a line "SUMMARY: TOOL: ..." without that beginning: what happened and in which function, or else in which
// file; without addresses, lines and directories, which change from build to build. No blanks.
std::string KeyOfSummary(absl::string_view summary);

}  // namespace hpfuzz

#endif  // HPFUZZ_PROCESS_SANITIZER_SUMMARY_H_
