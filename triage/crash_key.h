// SPDX-License-Identifier: Apache-2.0
// The key of what a program printed when it ended: that of a finding which it reports by itself, or one made of a
// sanitizer's report: `crash.<kind>.<function>.<function>.<function>`, the innermost functions of ours. Characters
// [a-z_.-] only, so that neither addresses nor line numbers nor the order of memory matter.
//
// Not covered: reports whose stack has no names (without a symbolizer): their key is `crash.<kind>`.
#ifndef HPFUZZ_TRIAGE_CRASH_KEY_H_
#define HPFUZZ_TRIAGE_CRASH_KEY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "process/child.h"

namespace hpfuzz {

// "" when the program neither reports a finding nor crashed. Signals that somebody sends from outside, such as that of
// Ctrl-C, are no crash.
std::string KeyOfProgram(absl::string_view output, const ChildEnd& end);
// Whether the key is that of a crash, not of a finding.
bool IsCrashKey(absl::string_view key);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_CRASH_KEY_H_
