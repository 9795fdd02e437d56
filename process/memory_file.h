// SPDX-License-Identifier: Apache-2.0
// A file that lies in memory and has no name: for what a child reads or leaves.
#ifndef HPFUZZ_PROCESS_MEMORY_FILE_H_
#define HPFUZZ_PROCESS_MEMORY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "process/child.h"

namespace hpfuzz {

// Unavailable: there is no memory for it.
absl::StatusOr<OwnedFd> MemoryFileOf(absl::string_view content);
// Adds to its end. False: not all of it fits.
bool AppendTo(int fd, absl::string_view content);
// All that is in it.
std::string ContentOf(int fd);

// The path under which a child that inherits it opens it, as often as it likes, from the start.
std::string PathOf(const OwnedFd& file);

}  // namespace hpfuzz

#endif  // HPFUZZ_PROCESS_MEMORY_FILE_H_
